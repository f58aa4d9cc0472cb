import { unresolvedPorts } from '../../engines/network/index.ts';
import { isRecord } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, POLICY_KINDS, type PolicyObject, networkOf } from './network.ts';

const policy = (spec: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: ${spec}`;
const WEB = withContainer('ports: [{name: http, containerPort: 8080}]');
const DNS = withContainer('ports: [{name: dns, containerPort: 53, protocol: UDP}]');

export const rule = defineRule({
  id: 'named-port-unresolved',
  title: 'Named port that no pod has',
  severity: 'medium',
  area: 'network',
  rationale:
    'A port that a policy names is looked up on each destination by name and protocol. Where a pod has none of that name the rule says nothing: what should be let in is cut off, and what an admin policy should deny passes.',
  remedy:
    'Name the port in the containers of the destination as the policy does, with the same protocol, or write its number in the policy.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: POLICY_KINDS,
  reads: NETWORK_TABLES,
  check(object, tables) {
    const network = networkOf(tables);
    const policy = network.policyOf(object);
    if (policy === undefined) return undefined;
    return unresolvedPorts(network.relation, policy).flatMap(({ direction, rule, port, without, everywhere }): Hit[] => {
      // Pods of which some have the port are mostly many of all sorts.
      if (!everywhere && !tables.completeness.complete) return [];
      const pod = network.world.pods[without[0] ?? -1];
      const named = `${direction} rule ${rule.number} names the port "${port.name}"${port.protocol === undefined ? '' : ` of ${port.protocol}`}`;
      const more = without.length > 1 ? ` and ${without.length - 1} more` : '';
      const found =
        pod === undefined
          ? 'its peers are ranges of addresses, which have no names for ports'
          : everywhere
            ? `no container of ${pod.workload}${more} has it`
            : `${pod.workload}${more} have none of that name`;
      const target = pod === undefined ? undefined : network.objects[pod.object];
      return [
        {
          key: `${direction} ${port.name}`,
          ...(!everywhere && { severity: 'info' as const }),
          message: `${named}, but ${found}`,
          path: pathOf(object, { direction, rule: rule.number, name: port.name }),
          ...(target !== undefined && { also: [{ object: target, path: 'metadata.name' }] }),
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(WEB, policy('{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: http}]}]}')),
      documents(DNS, policy('{podSelector: {}, egress: [{to: [{podSelector: {}}], ports: [{port: dns, protocol: UDP}]}]}')),
      // A number needs no name.
      documents(WEB, policy('{podSelector: {}, ingress: [{ports: [{port: 9090}]}]}')),
      // A sidecar has ports too.
      documents(
        withContainer(
          '',
          'initContainers: [{name: proxy, image: registry.example.com/proxy:1, restartPolicy: Always, ports: [{name: mesh, containerPort: 15001}]}]',
        ),
        policy('{podSelector: {}, ingress: [{ports: [{port: mesh}]}]}'),
      ),
      // Told by policy-selects-no-pod and peer-matches-no-pod.
      documents(WEB, policy('{podSelector: {matchLabels: {app: api}}, ingress: [{ports: [{port: grpc}]}]}')),
    ],
    bad: [
      {
        yaml: documents(WEB, policy('{podSelector: {}, ingress: [{ports: [{port: 80}, {port: web}]}]}')),
        path: 'spec.ingress[0].ports[1]',
        severity: 'medium',
      },
      // The name is there, of another protocol.
      { yaml: documents(DNS, policy('{podSelector: {}, ingress: [{ports: [{port: dns}]}]}')), path: 'spec.ingress[0].ports[0]' },
      {
        yaml: documents(WEB, policy('{podSelector: {}, egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: http}]}]}')),
        path: 'spec.egress[0].ports[0]',
      },
      {
        yaml: documents(
          WEB,
          'apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\nmetadata: {name: deny}\nspec: {tier: Admin, priority: 1, subject: {namespaces: {}}, ingress: [{action: Deny, from: [{namespaces: {}}], protocols: [{destinationNamedPort: metrics}]}]}',
        ),
        path: 'spec.ingress[0].protocols[0]',
      },
    ],
  }),
});

/** The entry that names the port; each kind writes it in another way. */
function pathOf(object: PolicyObject, at: { direction: 'ingress' | 'egress'; rule: number; name: string }): string {
  const field = object.known === 'ClusterNetworkPolicy' ? 'protocols' : 'ports';
  const path = `spec.${at.direction}[${at.rule - 1}].${field}`;
  const spec: unknown = object.body.spec;
  const rules = isRecord(spec) ? spec[at.direction] : undefined;
  const rule: unknown = Array.isArray(rules) ? rules[at.rule - 1] : undefined;
  const ports = isRecord(rule) ? rule[field] : undefined;
  const index = Array.isArray(ports) ? ports.findIndex((port: unknown) => nameIn(port) === at.name) : -1;
  return index < 0 ? path : `${path}[${index}]`;
}

function nameIn(port: unknown): unknown {
  return isRecord(port) ? (port.port ?? port.namedPort ?? port.destinationNamedPort) : undefined;
}
