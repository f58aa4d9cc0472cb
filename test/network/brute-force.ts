/**
 * Network policies straight from the words of the API: one connection at a time, every policy and rule looked at each
 * time. Slow and plain on purpose; it shares nothing with the engine, which has to agree with it.
 */
import { BlockList, isIPv6 } from 'node:net';

type Labels = Record<string, string>;
type Selector = { matchLabels?: Labels; matchExpressions?: { key: string; operator: string; values?: string[] }[] };
// oxlint-disable-next-line typescript/no-explicit-any -- objects as they are written
type Raw = any;

export interface Probe {
  /** `ns/pod`, or an address. */
  from: string;
  to: string;
  protocol: string;
  port: number;
}

interface End {
  pod?: Raw;
  /** Of the family that is tried. */
  address?: string;
}

/** Whether each direction lets it pass; of pods with addresses of both families, by any of them. */
export function bruteForce(objects: Raw[], probe: Probe): { ingress: boolean; egress: boolean; allowed: boolean } {
  let last = { ingress: true, egress: true, allowed: false };
  for (const [from, to] of ways(endsOf(objects, probe.from), endsOf(objects, probe.to))) {
    const egress = side(objects, 'egress', { self: from, other: to, target: to, probe });
    const ingress = side(objects, 'ingress', { self: to, other: from, target: to, probe });
    last = { ingress, egress, allowed: ingress && egress };
    if (last.allowed) break;
  }
  return last;
}

function endsOf(objects: Raw[], name: string): End[] {
  if (!name.includes('/')) return [{ address: name }];
  const pod = objects.find(({ kind, metadata }) => kind === 'Pod' && `${metadata.namespace}/${metadata.name}` === name);
  const addresses: Raw[] = pod.status?.podIPs ?? [];
  return addresses.length === 0 ? [{ pod }] : addresses.map(({ ip }) => ({ pod, address: ip }));
}

function ways(froms: End[], tos: End[]): [End, End][] {
  const all = froms.flatMap((from) => tos.map((to): [End, End] => [from, to]));
  return all.filter(([a, b]) => a.address === undefined || b.address === undefined || isIPv6(a.address) === isIPv6(b.address));
}

interface Side {
  self: End;
  other: End;
  target: End;
  probe: Probe;
}

function side(objects: Raw[], direction: 'ingress' | 'egress', at: Side): boolean {
  const { self } = at;
  if (self.pod === undefined || self.pod.spec.hostNetwork === true) return true;
  const ordered = (tier: string): Raw[] =>
    objects
      .filter((object) => tierOf(object) === tier && isSubject(objects, object.spec.subject, self.pod))
      .sort((a, b) => (a.spec.priority ?? 0) - (b.spec.priority ?? 0))
      .flatMap((policy) => policy.spec[direction] ?? []);
  const first = (rules: Raw[]): string | undefined => rules.find((rule) => adminRuleMatches(objects, rule, at))?.action;
  const admin = first(ordered('Admin'));
  if (admin === 'Deny') return false;
  if (admin === 'Allow' || admin === 'Accept') return true;
  const applying = objects.filter((object) => isolates(object, direction, self.pod));
  if (applying.length > 0)
    return applying.some((policy) =>
      (policy.spec[direction] ?? []).some((rule: Raw) => ruleMatches(objects, rule, { policy, direction, at })),
    );
  return first(ordered('Baseline')) !== 'Deny';
}

function tierOf({ kind, spec }: Raw): string | undefined {
  if (kind === 'AdminNetworkPolicy') return 'Admin';
  if (kind === 'BaselineAdminNetworkPolicy') return 'Baseline';
  return kind === 'ClusterNetworkPolicy' ? spec.tier : undefined;
}

function isolates({ kind, metadata, spec }: Raw, direction: string, pod: Raw): boolean {
  if (kind !== 'NetworkPolicy' || metadata.namespace !== pod.metadata.namespace) return false;
  if (!selects(spec.podSelector, pod.metadata.labels)) return false;
  const types: string[] = spec.policyTypes?.length > 0 ? spec.policyTypes : ['Ingress', ...(spec.egress?.length > 0 ? ['Egress'] : [])];
  return types.map((type) => type.toLowerCase()).includes(direction);
}

function ruleMatches(objects: Raw[], rule: Raw, { policy, direction, at }: { policy: Raw; direction: string; at: Side }): boolean {
  const peers: Raw[] = (direction === 'ingress' ? rule.from : rule.to) ?? [];
  const isPeer = (peer: Raw): boolean => {
    if (peer.ipBlock)
      return (
        inRange(at.other.address, peer.ipBlock.cidr) && !(peer.ipBlock.except ?? []).some((cidr: string) => inRange(at.other.address, cidr))
      );
    const pod = at.other.pod;
    if (pod === undefined || pod.spec.hostNetwork === true) return false;
    const near = peer.namespaceSelector
      ? selects(peer.namespaceSelector, namespaceLabels(objects, pod))
      : pod.metadata.namespace === policy.metadata.namespace;
    return near && (!peer.podSelector || selects(peer.podSelector, pod.metadata.labels));
  };
  if (peers.length > 0 && !peers.some(isPeer)) return false;
  const ports: Raw[] = rule.ports ?? [];
  return ports.length === 0 || ports.some((port) => portMatches(port, at));
}

function portMatches({ protocol = 'TCP', port, endPort }: Raw, { target, probe }: Side): boolean {
  if (protocol !== probe.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return probe.port >= port && probe.port <= (endPort ?? port);
  return declared(target).some((one) => one.name === port && (one.protocol ?? 'TCP') === protocol && one.containerPort === probe.port);
}

function declared({ pod }: End): Raw[] {
  if (pod === undefined || pod.spec.hostNetwork === true) return [];
  const sidecars = (pod.spec.initContainers ?? []).filter((container: Raw) => container.restartPolicy === 'Always');
  return [...pod.spec.containers, ...sidecars].flatMap((container) => container.ports ?? []);
}

function isSubject(objects: Raw[], subject: Raw, pod: Raw): boolean {
  return pairSelects(objects, subject, pod);
}

function pairSelects(objects: Raw[], pair: Raw, pod: Raw): boolean {
  if (pod === undefined || pod.spec.hostNetwork === true) return false;
  const labels = namespaceLabels(objects, pod);
  if (pair.namespaces) return selects(pair.namespaces, labels);
  return pair.pods !== undefined && selects(pair.pods.namespaceSelector, labels) && selects(pair.pods.podSelector, pod.metadata.labels);
}

function adminRuleMatches(objects: Raw[], rule: Raw, { other, target, probe }: Side): boolean {
  const isPeer = (peer: Raw): boolean => {
    if (peer.networks) return peer.networks.some((cidr: string) => inRange(other.address, cidr));
    if (peer.nodes) {
      const nodes = objects.filter(({ kind, metadata }) => kind === 'Node' && selects(peer.nodes, metadata.labels));
      return nodes.some(({ status }) => status.addresses.some(({ address }: Raw) => address === other.address));
    }
    return pairSelects(objects, peer, other.pod);
  };
  if (!(rule.from ?? rule.to).some(isPeer)) return false;
  const ports: Raw[] = rule.ports ?? rule.protocols ?? [];
  const isPort = (port: Raw): boolean => {
    const name = port.namedPort ?? port.destinationNamedPort;
    if (name)
      return declared(target).some(
        (one) => one.name === name && (one.protocol ?? 'TCP') === probe.protocol && one.containerPort === probe.port,
      );
    const { portNumber, portRange } = port;
    if (portNumber) return (portNumber.protocol ?? 'TCP') === probe.protocol && portNumber.port === probe.port;
    if (portRange) return (portRange.protocol ?? 'TCP') === probe.protocol && probe.port >= portRange.start && probe.port <= portRange.end;
    const form = port[probe.protocol.toLowerCase()];
    if (!form) return false;
    const { number, range } = form.destinationPort;
    return number === undefined ? probe.port >= range.start && probe.port <= range.end : number === probe.port;
  };
  return ports.length === 0 || ports.some(isPort);
}

function namespaceLabels(objects: Raw[], pod: Raw): Labels {
  const name = pod.metadata.namespace;
  const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
  return { ...object?.metadata.labels, 'kubernetes.io/metadata.name': name };
}

function selects(selector: Selector = {}, labels: Labels = {}): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const has = key in labels;
    const listed = has && values.includes(labels[key] ?? '');
    const good = operator === 'In' ? listed : operator === 'NotIn' ? !listed : operator === 'Exists' ? has : !has;
    if (!good) return false;
  }
  return true;
}

function inRange(address: string | undefined, cidr: string): boolean {
  if (address === undefined) return false;
  const [net = '', bits = ''] = cidr.split('/');
  if (isIPv6(net) !== isIPv6(address)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(bits), isIPv6(net) ? 'ipv6' : 'ipv4');
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
