import type { AnswerFact } from '../../snapshot/index.ts';
import type { Severity } from '../finding.ts';
import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { givenBy, portRule, requestOf } from './port-rule.ts';

/** What everybody may have, by the role system:public-info-viewer or because the path is never guarded. */
const HARMLESS = /^\/(?:healthz|livez|readyz|health|version)?$/;
/** Pods bring the values of their variables along, lists of objects are what a cluster is. */
const TELLING: readonly (readonly [RegExp, Severity])[] = [
  [/^\/(?:pods|logs\/|api\/v1\/)/, 'high'],
  [/^\/(?:debug\/pprof\/|configz|stats\/summary|metrics)/, 'medium'],
];

export const rule = portRule({
  id: 'port-anonymous',
  title: 'Port answers to somebody without credentials',
  severity: 'medium',
  rationale:
    'Whoever reaches the port may read it: which pods run with which variables, how the component is set up, what it does, or the objects themselves.',
  remedy:
    'Take the binding of system:anonymous or system:unauthenticated away that allows it; on kubelets set authentication.anonymous.enabled: false and authorization.mode: Webhook. What asked without a token then needs one.',
  controls: [...nsa('anonymous-requests', 'control-plane-hardening'), ...mitre('T1190', 'T1613')],
  // Of the others other rules tell.
  applies: ({ fact }) => fact.use === 'secure' && fact.tls !== undefined,
  check(view) {
    const given = givenBy(view).filter(({ path, scheme }) => scheme === 'https' && !HARMLESS.test(path));
    const [first, ...others] = given.toSorted((a, b) => rank(a) - rank(b));
    if (first === undefined) return undefined;
    return {
      message: `without credentials it answers ${given.map(({ path }) => path).join(', ')}`,
      path: requestOf(first),
      value: first.status,
      severity: severityOf(first),
      ...(others.length > 0 && { also: others.map((each) => ({ path: requestOf(each), value: each.status })) }),
    };
  },
  examples: () => ({
    good: [probed({ answers: { 'https /healthz': 200, 'https /version': 200, 'https /metrics': 403, 'https /api': 401 } })],
    bad: [
      {
        yaml: probed({ component: 'kubelet', answers: { 'https /metrics': 200, 'https /pods': 200 } }),
        path: 'GET https:/pods',
        severity: 'high',
      },
      { yaml: probed({ answers: { 'https /metrics': 200 } }), path: 'GET https:/metrics', severity: 'medium' },
      { yaml: probed({ answers: { 'https /openapi/v2': 200 } }), path: 'GET https:/openapi/v2', severity: 'low' },
    ],
  }),
});

function severityOf({ path }: AnswerFact): Severity {
  return TELLING.find(([form]) => form.test(path))?.[1] ?? 'low';
}

function rank(answer: AnswerFact): number {
  return ['high', 'medium', 'low'].indexOf(severityOf(answer));
}
