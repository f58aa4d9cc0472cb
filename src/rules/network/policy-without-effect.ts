import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, networkOf } from './network.ts';

const admin = (spec: string): string => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: web}
spec: {tier: Admin, priority: 10, subject: {namespaces: {}}${spec}}`;

export const rule = defineRule({
  id: 'policy-without-effect',
  title: 'Policy without rules that says nothing',
  severity: 'medium',
  area: 'network',
  rationale:
    'A NetworkPolicy without rules denies all. An admin or baseline policy without rules does nothing: these kinds isolate nobody and decide only what a rule of theirs matches, so what was meant to be shut is open.',
  remedy: 'Write what is denied as a rule with the action Deny, or delete the policy.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const policy = networkOf(tables).policyOf(object);
    if (policy === undefined || (policy.ingress ?? []).length + (policy.egress ?? []).length > 0) return undefined;
    return { message: `has no rule and so no effect: a ${object.kind} isolates nobody by itself`, path: 'spec' };
  },
  examples: () => ({
    good: [
      admin(', ingress: [{action: Deny, from: [{namespaces: {}}]}]'),
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny, namespace: shop}\nspec: {podSelector: {}}',
    ],
    bad: [
      { yaml: admin(''), path: 'spec' },
      { yaml: admin(', ingress: [], egress: []'), path: 'spec' },
    ],
  }),
});
