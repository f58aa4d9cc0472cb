import { type Problem, UNKNOWN_FIELD } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, POLICY_KINDS, networkOf } from './network.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;

export const rule = defineRule({
  id: 'policy-refused',
  title: 'Policy that the API server refuses',
  severity: 'medium',
  area: 'network',
  rationale:
    'The API server does not take the policy as it stands, so it is not in force: the pods that it should protect stay open, or an older version of it goes on. A field that the server does not know is refused too, or left out without a word, and a rule without its peers or ports lets in everybody.',
  remedy: 'Write the field as the message says; kubectl apply --dry-run=server tells the same before anything changes.',
  controls: nsa('network-policies'),
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    return (refusalsIn(networkOf(tables)).get(object) ?? []).map(({ category, path, message }): Hit => ({
      key: category,
      message: category === UNKNOWN_FIELD ? `says less than it seems to: ${message}` : `is refused by the API server: ${message}`,
      path,
    }));
  },
  examples: () => ({
    good: [
      policy(
        '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}], ports: [{port: 80, endPort: 90}]}]}',
      ),
      'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: default}\nspec: {subject: {namespaces: {}}}',
    ],
    bad: [
      {
        yaml: policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}]}'),
        path: 'spec.ingress[0].from[0].ipBlock.cidr',
      },
      // The except is the whole range.
      {
        yaml: policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}}]}]}'),
        path: 'spec.egress[0].to[0].ipBlock.except[0]',
      },
      { yaml: policy('{podSelector: {}, ingress: [{form: [{podSelector: {}}]}]}'), path: 'spec.ingress[0].form' },
      { yaml: policy('{podSelector: {}, ingress: [{from: [{}]}]}'), path: 'spec.ingress[0].from[0]' },
      { yaml: policy('{podSelector: {}, ingress: [{ports: [{port: 90, endPort: 80}]}]}'), path: 'spec.ingress[0].ports[0].endPort' },
      {
        yaml: 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: BaselineAdminNetworkPolicy\nmetadata: {name: base}\nspec: {subject: {namespaces: {}}}',
        path: 'metadata.name',
      },
    ],
  }),
});

/** What is refused for its types alone is told by schema-invalid. */
const refusalsIn = memo(({ world, objects }: Network): ReadonlyMap<unknown, readonly Problem[]> => {
  const refusals = new Map<unknown, Problem[]>();
  for (const problem of world.problems) {
    if (!problem.refused && problem.category !== UNKNOWN_FIELD) continue;
    const object = objects[problem.object];
    const others = refusals.get(object);
    if (others === undefined) refusals.set(object, [problem]);
    else others.push(problem);
  }
  return refusals;
});
