import { type Policy, contains, placeOf, podsByClass, sizeOf } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import type { ApiObject } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, allows, networkOf } from './network.ts';
import { allowing, meetsAddress } from './reach.ts';

const policy = (egress: string, name = 'web'): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: ${egress}}`;
const TO_DB = '{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 5432}]}';
const DNS = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: coredns, namespace: kube-system}
spec:
  selector: {matchLabels: {k8s-app: kube-dns}}
  template:
    metadata: {labels: {k8s-app: kube-dns}}
    spec: {containers: [{name: coredns, image: registry.k8s.io/coredns/coredns:v1.12.0, ports: [{name: dns, containerPort: 53, protocol: UDP}]}]}`;
const inSystem = (labels: string, port: number): string =>
  `{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: ${labels}}}], ports: [{port: ${port}, protocol: UDP}]}`;

export const rule = defineRule({
  id: 'egress-without-dns',
  title: 'Outgoing traffic restricted without DNS',
  severity: 'medium',
  area: 'network',
  rationale:
    'The policies let the pods connect to somewhere, but not to a name server: names are not resolved, connections to Services fail after timeouts, and the usual repair is to open everything.',
  remedy:
    'Allow UDP and TCP of the port on which the name servers listen (53, on OpenShift 5353) to their pods, and to the address of the node-local cache where there is one.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['NetworkPolicy'],
  reads: NETWORK_TABLES,
  check(object, tables): Hit | undefined {
    const network = networkOf(tables);
    const found = deaf(network).get(object);
    if (found === undefined) return undefined;
    const target = network.objects[found.pod];
    const named = found.known ? 'to none of the name servers' : 'to no name server';
    const protocols = found.onTcp ? 'UDP, by which resolvers ask; TCP alone is for long answers' : 'UDP or TCP';
    return {
      ...(!tables.completeness.complete && !found.known && { severity: 'low' as const }),
      message: `with all policies of ${found.workload} taken together it may connect out, but ${named} on ${protocols}`,
      path: 'spec.egress',
      ...(target !== undefined && { also: [{ object: target, path: 'metadata.name' }] }),
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), policy(`[${TO_DB}, {ports: [{port: 53, protocol: UDP}]}]`)),
      documents(withPod(''), policy(`[${TO_DB}, ${inSystem('{k8s-app: kube-dns}', 53)}]`)),
      documents(withPod(''), DNS, policy(`[${TO_DB}, ${inSystem('{k8s-app: kube-dns}', 53)}]`)),
      // Another policy for the same pods does it.
      documents(withPod(''), policy(`[${TO_DB}]`), policy('[{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}]', 'dns')),
      // Cut off on purpose.
      documents(withPod(''), policy('[]')),
      // Single addresses need no names.
      documents(withPod(''), policy('[{to: [{ipBlock: {cidr: 192.0.2.7/32}}], ports: [{port: 443}]}]')),
      // The cache on the node.
      documents(withPod(''), DNS, policy(`[${TO_DB}, {to: [{ipBlock: {cidr: 169.254.20.10/32}}], ports: [{port: 53, protocol: UDP}]}]`)),
      documents(withPod(''), policy('[{}]')),
    ],
    bad: [
      { yaml: documents(withPod(''), policy(`[${TO_DB}]`)), path: 'spec.egress', severity: 'low' },
      { yaml: documents(withPod(''), DNS, policy(`[${TO_DB}]`)), path: 'spec.egress', severity: 'medium' },
      // Only long answers come by TCP.
      { yaml: documents(withPod(''), policy('[{ports: [{port: 53}]}]')), path: 'spec.egress', severity: 'low' },
      // A label that the pods of the name servers do not have.
      { yaml: documents(withPod(''), DNS, policy(`[${TO_DB}, ${inSystem('{app: coredns}', 53)}]`)), path: 'spec.egress' },
      { yaml: documents(withPod(''), policy('[{ports: [{port: 443}]}]')), path: 'spec.egress' },
      // The port of the Service, where the pods listen on another.
      {
        yaml: documents(
          withPod(''),
          DNS.replace('containerPort: 53', 'containerPort: 5353'),
          policy(`[${TO_DB}, ${inSystem('{k8s-app: kube-dns}', 53)}]`),
        ),
        path: 'spec.egress',
      },
    ],
  }),
});

interface Deaf {
  workload: string;
  /** Index of its object. */
  pod: number;
  /** The name servers are in the input, so that there is no doubt. */
  known: boolean;
  /** On TCP it may. */
  onTcp: boolean;
}

/** One policy for each set of pods with the same policies: the first that allows something. */
const deaf = memo((network: Network): ReadonlyMap<ApiObject, Deaf> => {
  const { world, relation } = network;
  const found = new Map<ApiObject, Deaf>();
  const servers = serversOf(network);
  for (const { policies, example } of relation.egress.all) {
    const isolating = policies.filter(({ tier }) => tier === 'network');
    const first = isolating.find(({ egress = [] }) => egress.length > 0);
    const object = first === undefined ? undefined : network.objectOf(first);
    const pod = world.pods[podsByClass(relation)[example]?.[0] ?? -1];
    if (object === undefined || pod === undefined || found.has(object)) continue;
    if (isServer(pod.labels) || !needsNames(network, example) || hears(network, example, servers)) continue;
    const onTcp = hearsOnTcp(network, example, servers);
    found.set(object, { workload: pod.workload, pod: pod.object, known: servers.length > 0, onTcp });
  }
  return found;
});

const LABELS: Readonly<Record<string, readonly string[]>> = {
  'k8s-app': ['kube-dns', 'coredns', 'node-local-dns', 'node-local-dns-cache'],
  'dns.operator.openshift.io/daemonset-dns': ['default'],
};

function isServer(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(LABELS).some((key) => LABELS[key]?.includes(labels[key] ?? '') === true);
}

interface Server {
  ids: readonly number[];
  places: readonly number[];
}

/** Name servers among the pods, with the ports on which they listen. */
function serversOf({ world, relation }: Network): Server[] {
  return world.pods.flatMap(({ host, labels, ports }, pod): Server[] => {
    if (host || !isServer(labels)) return [];
    const own = ports
      .filter(({ name, protocol }) => name.startsWith('dns') || protocol === 'UDP')
      .map(({ protocol, number }) => placeOf(protocol, number));
    return [{ ids: relation.entities.classesOf[pod] ?? [], places: own.length > 0 ? own : [placeOf('UDP', 53), placeOf('TCP', 53)] }];
  });
}

/** Where a cache on the node, or the resolver of a cloud, answers. */
const LOCAL = [(169n << 24n) + (254n << 16n) + (20n << 8n) + 10n, (169n << 24n) + (254n << 16n) + (169n << 8n) + 254n];

function hears(network: Network, id: number, servers: readonly Server[]): boolean {
  const { relation } = network;
  const reaches = ({ ids, places }: Server): boolean =>
    ids.some((server) => {
      const ports = relation.ports.set(relation.permitted('egress', id, server));
      return places.some((place) => contains(ports, place));
    });
  if (servers.some(reaches)) return true;
  for (const address of LOCAL) if (meetsAddress(network, { direction: 'egress', id, address }, { protocol: 'UDP', port: 53 })) return true;
  return allowing(network, 'egress', id).some((rule) => mayMeanServer(rule, network, servers.length > 0));
}

function hearsOnTcp(network: Network, id: number, servers: readonly Server[]): boolean {
  const { relation } = network;
  const isOpen = (server: number): boolean => contains(relation.ports.set(relation.permitted('egress', id, server)), placeOf('TCP', 53));
  if (servers.some(({ ids }) => ids.some(isOpen))) return true;
  return (
    servers.length === 0 &&
    LOCAL.some((address) => meetsAddress(network, { direction: 'egress', id, address }, { protocol: 'TCP', port: 53 }))
  );
}

/** A rule by addresses may be for a server outside; one for pods only where nobody knows the pods of the servers. */
function mayMeanServer(rule: Rule, { world }: Network, known: boolean): boolean {
  if (
    ![53, 5353].some((port) => allows(rule, 'UDP', port) || allows(rule, 'TCP', port)) &&
    rule.ports?.names.some(({ name }) => name.startsWith('dns')) !== true
  )
    return false;
  return (rule.peers ?? []).some((peer) => {
    if (peer.kind === 'addresses') return rule.ports !== undefined;
    if (peer.kind !== 'pods') return true;
    if (known) return false;
    // All ports of pods that are named for something else say nothing of names.
    return (
      rule.ports !== undefined || typeof peer.namespaces !== 'string' || peer.namespaces === 'kube-system' || world.namespaces.size === 0
    );
  });
}

type Rule = NonNullable<Policy['egress']>[number];

/** Whether the pods may connect to more than a few single addresses. */
function needsNames(network: Network, id: number): boolean {
  return allowing(network, 'egress', id).some(
    ({ peers }) =>
      peers === undefined || peers.some((peer) => peer.kind === 'pods' || (peer.kind === 'addresses' && sizeOf(peer.set) > FEW)),
  );
}

const FEW = 16n;
