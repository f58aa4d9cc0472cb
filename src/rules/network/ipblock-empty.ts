import { rangePeersIn } from '../../engines/network/index.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, networkOf, rangePath, ruleKey } from './network.ts';

const policy = (block: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: ${block}}]}]}`;

export const rule = defineRule({
  id: 'ipblock-empty',
  title: 'Range of addresses of which nothing is left',
  severity: 'low',
  area: 'network',
  rationale: 'All that cidr names is taken out again by except, so the peer matches nobody and whoever should be let in is cut off.',
  remedy: 'Take out only the part that is not meant, or delete the peer.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables) {
    const policy = networkOf(tables).policyOf(object);
    if (policy === undefined) return undefined;
    return rangePeersIn(policy).flatMap((place): Hit[] => {
      const { direction, rule, peer, set } = place;
      if (set.length > 0) return [];
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${peer}`,
          message: `peer ${peer} of ${direction} rule ${rule.number} is nobody: except takes out all of the range`,
          path: rangePath(object, place),
        },
      ];
    });
  },
  examples: () => ({
    good: [policy('{cidr: 10.0.0.0/8, except: [10.0.0.0/9]}'), policy('{cidr: 10.0.0.0/32}')],
    bad: [{ yaml: policy('{cidr: 10.0.0.0/8, except: [10.0.0.0/9, 10.128.0.0/9]}'), path: 'spec.ingress[0].from[0].ipBlock' }],
  }),
});
