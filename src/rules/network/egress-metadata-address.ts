import { holds, rangePeersIn, sizeOf } from '../../engines/network/index.ts';
import { documents } from '../examples.ts';
import { type Hit, defineRule, mitre, nsa } from '../rule.ts';
import { METADATA_ADDRESS, cloudOf } from './metadata-service.ts';
import { NETWORK_TABLES, POLICY_KINDS, allows, networkOf, rangePath, ruleKey } from './network.ts';

const policy = (egress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: ${egress}}`;
const node = (provider: string): string => `
apiVersion: v1
kind: Node
metadata: {name: node-1}
spec: {providerID: "${provider}"}`;
const EVERYWHERE = policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]');
/** Whoever names so few addresses means them. */
const NARROW = 256n;

export const rule = defineRule({
  id: 'egress-metadata-address',
  title: 'Range of addresses that holds the metadata service',
  severity: 'medium',
  area: 'network',
  rationale:
    'The range was meant for the internet, and holds 169.254.169.254 too, where clouds hand out the credentials of the node to whoever asks.',
  remedy: 'Write except: [169.254.169.254/32] beside the cidr. Pods that take their cloud rights from the node lose them.',
  controls: [...nsa('cloud-metadata'), ...mitre('T1552.005')],
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const nodes = tables.Node.all;
    const cloud = cloudOf(nodes);
    if (cloud === undefined && nodes.length > 0) return undefined;
    const policy = networkOf(tables).policyOf(object);
    if (policy === undefined) return undefined;
    return rangePeersIn(policy).flatMap((place): Hit[] => {
      const { direction, rule, set } = place;
      if (direction !== 'egress' || rule.action !== 'Accept' || sizeOf(set) <= NARROW) return [];
      if (!holds(set, METADATA_ADDRESS) || !allows(rule, 'TCP', 80)) return [];
      return [
        {
          key: `${ruleKey(object, direction, rule.number)} ${place.peer}`,
          // Whether there is a cloud is not in the input.
          ...(cloud === undefined && { severity: 'low' as const }),
          message: `egress rule ${rule.number} lets its pods reach ${METADATA_ADDRESS}, the metadata service of clouds`,
          path: rangePath(object, place),
        },
      ];
    });
  },
  examples: () => ({
    good: [
      policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.0.0/16]}}]}]'),
      policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]'),
      // Meant, and named.
      policy('[{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]'),
      // No cloud.
      documents(node('kind://docker/kind/kind-control-plane'), EVERYWHERE),
      EVERYWHERE.replace('Egress', 'Ingress').replace('egress:', 'ingress:').replace('to:', 'from:'),
    ],
    bad: [
      { yaml: EVERYWHERE, path: 'spec.egress[0].to[0].ipBlock', severity: 'low' },
      {
        yaml: documents(node('aws:///eu-west-1a/i-0123456789abcdef0'), EVERYWHERE),
        path: 'spec.egress[0].to[0].ipBlock',
        severity: 'medium',
      },
      {
        yaml: policy('[{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}], ports: [{port: 80}, {port: 443}]}]'),
        path: 'spec.egress[0].to[0].ipBlock',
      },
    ],
  }),
});
