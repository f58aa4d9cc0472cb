import { mitre, nsa } from '../rule.ts';
import { probed } from './port-examples.ts';
import { givenBy, portRule, requestOf } from './port-rule.ts';

export const rule = portRule({
  id: 'port-read-only',
  title: 'Read-only port of the kubelet is open',
  severity: 'medium',
  rationale:
    'It tells anyone on the network, without a credential and in the clear, which pods run on the node with their whole specifications, environment included.',
  remedy: 'Set readOnlyPort: 0 in the KubeletConfiguration and restart the kubelet; monitoring must then use port 10250 with a token.',
  controls: [...nsa('anonymous-requests', 'worker-segmentation', 'control-plane-hardening'), ...mitre('T1613', 'T1046')],
  applies: ({ fact }) => fact.component === 'kubelet' && fact.use === 'read-only',
  check(view) {
    const given = givenBy(view);
    const [first] = given;
    if (first === undefined) return undefined;
    const shown = given.find(({ path }) => path === '/pods') ?? first;
    return { message: `it answers ${given.map(({ path }) => path).join(', ')}`, path: requestOf(shown), value: shown.status };
  },
  examples: () => ({
    good: [probed({ component: 'kubelet', answers: { 'https /healthz': 401 } })],
    bad: [
      {
        yaml: probed({ component: 'kubelet', use: 'read-only', http: true, answers: { 'http /healthz': 200, 'http /pods': 200 } }),
        path: 'GET http:/pods',
      },
    ],
  }),
});
