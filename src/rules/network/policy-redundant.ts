import { policyRef } from '../../engines/network/index.ts';
import { documents } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, networkOf } from './network.ts';
import { superfluousIn } from './superfluous.ts';

const policy = (name: string, spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: ${spec}`;
const WEB = '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {app: cart}}}], ports: [{port: 80}]}]}';

export const rule = defineRule({
  id: 'policy-redundant',
  title: 'Policy that others make needless',
  severity: 'info',
  area: 'network',
  rationale:
    'Other policies isolate the same pods and allow all that this one allows. Whoever deletes or tightens it later in the belief that something closes is wrong, as the others still allow it.',
  remedy: 'Delete the policy, or tighten the others where it was meant to be the one that allows.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const found = superfluousIn(network).policies.get(object);
    if (found === undefined) return undefined;
    const names = found.by.map(policyRef);
    const by = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(' and ');
    const also = found.by.flatMap((other) => network.objectOf(other) ?? []).map((other) => ({ object: other, path: 'spec' }));
    return {
      message: `nothing changes without it: ${by} ${names.length === 1 ? 'says' : 'say'} the same for its pods`,
      path: 'spec',
      also,
    };
  },
  examples: () => ({
    good: [
      documents(policy('a', WEB), policy('b', WEB.replace('port: 80', 'port: 81'))),
      // A default deny says that it is meant.
      documents(
        policy('deny', '{podSelector: {}, policyTypes: [Ingress]}'),
        policy('all', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'),
      ),
      // For fewer pods.
      documents(policy('a', WEB), policy('b', WEB.replace('{matchLabels: {app: web}}', '{}')).replace('cart', 'checkout')),
      // Each isolates a direction that the other leaves open.
      documents(
        policy('a', WEB),
        policy(
          'b',
          '{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}',
        ),
      ),
    ],
    bad: [
      { yaml: documents(policy('a', WEB), policy('b', WEB)), path: 'spec' },
      { yaml: documents(policy('a', '{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}'), policy('b', WEB)), path: 'spec' },
    ],
  }),
});
