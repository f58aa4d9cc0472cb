import { differingPorts } from '../../engines/network/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, networkOf } from './network.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const WEB = withContainer('ports: [{name: http, containerPort: 8080}]');
const API = withContainer('ports: [{name: http, containerPort: 9090}]')
  .replace('name: web', 'name: api')
  .replace('labels: {app: web}', 'labels: {app: api}');

export const rule = defineRule({
  id: 'named-port-differs',
  title: 'Named port with several numbers',
  severity: 'info',
  area: 'network',
  rationale:
    'One name in a policy opens another port on each kind of pod. That may be what it is for; it may also open the wrong one, where a container uses the name for something else.',
  remedy: 'See that the name means the same service on all pods, or write one rule with a number for each.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return differingPorts(network.relation, policy).map(({ direction, rule, port, numbers }): Hit => {
      const [first, second] = numbers;
      const nameOf = (pod = -1): string => network.world.pods[pod]?.workload ?? '';
      return {
        key: `${direction} ${port.name}`,
        message: `${direction} rule ${rule.number} names the port "${port.name}", which is ${first?.number} on ${nameOf(first?.pod)} and ${second?.number} on ${nameOf(second?.pod)}`,
        path: `spec.${direction}[${rule.number - 1}].${object.known === 'ClusterNetworkPolicy' ? 'protocols' : 'ports'}`,
      };
    });
  },
  examples: () => ({
    good: [
      documents(WEB, API.replace('9090', '8080'), policy('{podSelector: {}, ingress: [{ports: [{port: http}]}]}')),
      documents(WEB, API, policy('{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}')),
      documents(WEB, API, policy('{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}')),
    ],
    bad: [
      { yaml: documents(WEB, API, policy('{podSelector: {}, ingress: [{ports: [{port: http}]}]}')), path: 'spec.ingress[0].ports' },
      {
        yaml: documents(WEB, API, policy('{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: http}]}]}')),
        path: 'spec.egress[0].ports',
      },
    ],
  }),
});
