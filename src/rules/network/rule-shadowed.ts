import { rulesText } from '../../engines/network/index.ts';
import { documents } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, networkOf, ruleKey } from './network.ts';
import { shadowedIn } from './superfluous.ts';

const admin = (name: string, priority: number, ingress: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: {name: ${name}}
spec: {priority: ${priority}, subject: {namespaces: {}}, ingress: ${ingress}}`;
const DENY_ALL = '{action: Deny, from: [{namespaces: {}}]}';
const ALLOW_OPS = '{action: Allow, from: [{namespaces: {matchLabels: {team: ops}}}]}';
const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}`;

export const rule = defineRule({
  id: 'rule-shadowed',
  title: 'Rule that never decides',
  severity: 'medium',
  area: 'network',
  rationale:
    'Admin policies are asked in the order of their priorities and rules, and the first that matches decides: all that this rule is about is decided before it. What it was meant to deny may be open, what it was meant to allow shut.',
  remedy: 'Move the rule before those that decide, give its policy a lower priority number, or delete it.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    return (shadowedIn(network).get(object) ?? []).map(({ direction, rule, by }) => {
      const agrees = by.every((one) => one.rule.action === rule.action);
      return {
        key: ruleKey(object, direction, rule.number),
        // It says what happens anyway.
        ...(agrees && { severity: 'low' as const }),
        message: `${direction} rule ${rule.number} never decides: ${rulesText(by)} ${by.length === 1 ? 'decides' : 'decide'} all of it before${agrees ? ', in the same way' : ''}`,
        path: `spec.${direction}[${rule.number - 1}]`,
        also: by.flatMap((one) => {
          const other = network.objectOf(one.policy);
          return other === undefined ? [] : [{ object: other, path: `spec.${direction}[${one.rule.number - 1}]` }];
        }),
      };
    });
  },
  examples: () => ({
    good: [
      admin('a', 10, `[${ALLOW_OPS}, ${DENY_ALL}]`),
      // Of policies of one priority nobody knows which is first; duplicate-priority tells that.
      documents(admin('a', 10, `[${DENY_ALL}]`), admin('b', 10, `[${ALLOW_OPS}]`)),
      documents(admin('a', 10, '[{action: Pass, from: [{namespaces: {}}]}]'), POLICY),
      documents(admin('a', 10, `[${ALLOW_OPS}, ${DENY_ALL}]`), POLICY),
    ],
    bad: [
      { yaml: admin('a', 10, `[${DENY_ALL}, ${ALLOW_OPS}]`), path: 'spec.ingress[1]', severity: 'medium' },
      { yaml: documents(admin('a', 10, `[${DENY_ALL}]`), admin('b', 20, `[${ALLOW_OPS}]`)), path: 'spec.ingress[0]', severity: 'medium' },
      {
        yaml: documents(admin('a', 10, `[${DENY_ALL}]`), admin('b', 20, `[${DENY_ALL.replace('{}', '{matchLabels: {env: dev}}')}]`)),
        path: 'spec.ingress[0]',
        severity: 'low',
      },
      { yaml: documents(admin('a', 10, `[${DENY_ALL}]`), POLICY), path: 'spec.ingress[0]', severity: 'medium' },
    ],
  }),
});
