import { documents } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { policyTypesOf } from './policies.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;

export const rule = defineRule({
  id: 'rules-ignored-by-policyTypes',
  title: 'Rules of a direction that the policy is not about',
  severity: 'medium',
  area: 'network',
  rationale:
    'Where policyTypes leaves a direction out, the rules that are written for it count for nothing and the direction is not isolated: traffic that the author meant to restrict stays open.',
  remedy:
    'Add the direction to policyTypes, and see first that the rules let through what the pods need, as the rest stops; or delete the rules.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  check(object) {
    const spec = object.body.spec ?? {};
    const types = policyTypesOf(spec);
    return (['Ingress', 'Egress'] as const).flatMap((type): Hit[] => {
      const direction = type === 'Ingress' ? 'ingress' : 'egress';
      if (types.includes(type) || (spec[direction] ?? []).length === 0) return [];
      return [
        {
          key: direction,
          message: `has rules for ${direction}, but policyTypes names ${types.join(' and ') || 'neither direction'} only: they count for nothing, and ${direction} is not restricted by this policy`,
          path: `spec.${direction}`,
          also: [{ path: 'spec.policyTypes' }],
        },
      ];
    });
  },
  examples: () => ({
    good: [
      policy('{podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{}], egress: [{}]}'),
      policy('{podSelector: {}, policyTypes: [Ingress], egress: []}'),
      // Without types the rules say what it is about.
      policy('{podSelector: {}, egress: [{ports: [{port: 53}]}]}'),
      policy('{podSelector: {}, policyTypes: [], egress: [{ports: [{port: 53}]}]}'),
    ],
    bad: [
      { yaml: policy('{podSelector: {}, policyTypes: [Ingress], egress: [{ports: [{port: 53}]}]}'), path: 'spec.egress' },
      { yaml: documents(policy('{podSelector: {}, policyTypes: [Egress], ingress: [{}], egress: [{}]}')), path: 'spec.ingress' },
    ],
  }),
});
