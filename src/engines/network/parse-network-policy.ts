/** networking.k8s.io/v1 NetworkPolicy, checked as pkg/apis/networking/validation of Kubernetes does. */
import { cidrsOf, hasHostBits, looseCidr, parseCidr } from './addresses.ts';
import type { Field } from './field.ts';
import { type Intervals, difference, isSubset, union } from './intervals.ts';
import { parseSelector } from './parse-selector.ts';
import type { Direction, NamedPort, Peer, Policy, PortMatch, Rule } from './policy.ts';
import { type Protocol, isProtocol, portRange, wholeProtocol } from './ports.ts';

export function parseNetworkPolicy(object: Field, identity: { namespace: string; name: string }): Policy {
  const { namespace } = identity;
  const spec = object.get('spec');
  const version = object.get('apiVersion');
  if (version.value !== SERVED) version.refuse('version-unknown', `NetworkPolicy is served as ${SERVED} only`);
  spec.only(['podSelector', 'policyTypes', 'ingress', 'egress']);
  const types = directionsOf(spec);
  const rules = (direction: Direction): Rule[] =>
    spec
      .get(direction)
      .items()
      .map((rule, index) => parseRule(rule, { direction, namespace, number: index + 1 }));
  const [ingress, egress] = [rules('ingress'), rules('egress')];
  return {
    kind: 'NetworkPolicy',
    ...identity,
    tier: 'network',
    priority: 0,
    subject: { kind: 'pods', namespaces: namespace, pods: parseSelector(spec.get('podSelector')) },
    ingress: types.includes('ingress') ? ingress : undefined,
    egress: types.includes('egress') ? egress : undefined,
  };
}

/** Of other versions the kind never was, or is no more: extensions/v1beta1 ended with 1.16. */
const SERVED = 'networking.k8s.io/v1';

/** Without types: ingress always, egress only where there is a rule for it. */
function directionsOf(spec: Field): Direction[] {
  const types = spec.get('policyTypes').items();
  if (types.length > 2) spec.get('policyTypes').refuse('too-many-items', 'there are two policy types, and no more can be named');
  if (types.length === 0) return spec.get('egress').items().length > 0 ? ['ingress', 'egress'] : ['ingress'];
  return types.flatMap((type): Direction[] => {
    if (type.value === 'Ingress') return ['ingress'];
    if (type.value === 'Egress') return ['egress'];
    type.refuse('policy-type-unknown', 'a policy type is Ingress or Egress');
    return [];
  });
}

interface RulePlace {
  direction: Direction;
  namespace: string;
  number: number;
}

function parseRule(rule: Field, { direction, namespace, number }: RulePlace): Rule {
  rule.given();
  const [ends, others] = direction === 'ingress' ? ['from', 'to'] : ['to', 'from'];
  rule.only([ends, 'ports'], { [others]: ends });
  const peers = rule.get(ends).items();
  const ports = rule.get('ports').items();
  return {
    number,
    action: 'Accept',
    peers: peers.length === 0 ? undefined : peers.flatMap((peer) => parsePeer(peer, namespace)),
    ports: ports.length === 0 ? undefined : merge(ports.map(parsePort)),
  };
}

function parsePeer(peer: Field, namespace: string): Peer[] {
  const selectors = peer.given('podSelector', 'namespaceSelector');
  const [block] = peer.given('ipBlock');
  peer.only(['podSelector', 'namespaceSelector', 'ipBlock']);
  if (block !== undefined) {
    if (selectors.length > 0) peer.refuse('peer-combines-ipblock-and-selector', 'a peer has either an ipBlock or selectors');
    return [{ kind: 'addresses', set: parseBlock(block) }];
  }
  if (selectors.length === 0) {
    peer.refuse('peer-empty', 'a peer has a podSelector, a namespaceSelector or an ipBlock');
    return [];
  }
  const namespaces = peer.get('namespaceSelector');
  const pods = parseSelector(peer.get('podSelector'));
  return [{ kind: 'pods', namespaces: namespaces.absent ? namespace : parseSelector(namespaces), pods }];
}

function parseBlock(block: Field): Intervals<bigint> {
  block.only(['cidr', 'except']);
  const whole = blockOf(block.get('cidr'));
  let set = whole;
  for (const except of block.get('except').items()) {
    const out = blockOf(except);
    if (whole.length > 0 && out.length > 0 && (!isSubset(out, whole) || isSubset(whole, out)))
      except.refuse('except-not-inside', `${except.text() ?? ''} is no part of ${block.get('cidr').text() ?? ''}`);
    set = difference(set, out);
  }
  return set;
}

/** Since 1.36 the server takes of new policies only ranges in the one form that nobody reads otherwise. */
function blockOf(field: Field): Intervals<bigint> {
  const set = cidrOf(field);
  const text = field.text() ?? '';
  const loose = set.length === 0 ? undefined : (looseCidr(text) ?? (hasHostBits(text) ? 'has bits behind its prefix' : undefined));
  if (loose !== undefined)
    field.question(
      'cidr-not-canonical',
      `${text} ${loose}: Kubernetes 1.36 takes no new policy with it, older releases do and read it as ${cidrsOf(set).join(', ')}, which is how it is judged here`,
    );
  return set;
}

export function cidrOf(field: Field): Intervals<bigint> {
  const text = field.text();
  const set = text === undefined ? undefined : parseCidr(text);
  if (set === undefined) field.refuse('cidr-invalid', `${JSON.stringify(field.value ?? null)} is no range of addresses such as 10.0.0.0/8`);
  return set ?? [];
}

function parsePort(port: Field): PortMatch {
  port.only(['protocol', 'port', 'endPort']);
  const protocol = protocolOf(port.get('protocol'));
  const [number, end] = [port.get('port'), port.get('endPort')];
  if (number.absent) {
    if (!end.absent) end.refuse('endport-without-port', 'an endPort needs a port');
    return { numbers: wholeProtocol(protocol), names: [] };
  }
  if (typeof number.value === 'string') {
    if (!end.absent) end.refuse('endport-with-named-port', 'an endPort needs a port by its number');
    return { numbers: [], names: namedPort(number, protocol) };
  }
  const first = portNumber(number);
  const last = end.absent ? first : portNumber(end);
  if (first === undefined || last === undefined) return { numbers: [], names: [] };
  if (last < first) end.refuse('port-range-reversed', `endPort ${last} is less than port ${first}`);
  return { numbers: last < first ? [] : portRange(protocol, first, last), names: [] };
}

function protocolOf(field: Field): Protocol {
  const text = field.text() ?? 'TCP';
  if (isProtocol(text)) return text;
  field.refuse('protocol-unknown', `${JSON.stringify(text)} is none of TCP, UDP and SCTP`);
  return 'TCP';
}

/** From 1 to 65535. */
export function portNumber(field: Field): number | undefined {
  const port = field.integer();
  if (port === undefined) {
    if (field.absent) field.refuse('port-invalid', `${field.path} is missing`);
    return undefined;
  }
  if (port >= 1 && port <= 65535) return port;
  field.refuse('port-invalid', `${port} is no port`);
  return undefined;
}

/** As validation.IsValidPortName: what looks like a number is no name. */
export function isPortName(name: string): boolean {
  return name.length <= 15 && /^[a-z0-9](?:-?[a-z0-9])*$/.test(name) && /[a-z]/.test(name);
}

function namedPort(field: Field, protocol: Protocol | undefined): NamedPort[] {
  const name = field.text() ?? '';
  const good = isPortName(name);
  if (!good) field.refuse('port-invalid', `${JSON.stringify(name)} is neither a port nor the name of one`);
  return good ? [{ name, protocol }] : [];
}

export function merge(matches: readonly PortMatch[]): PortMatch {
  return {
    numbers: matches.reduce<Intervals<number>>((all, { numbers }) => union(all, numbers), []),
    names: matches.flatMap(({ names }) => names),
  };
}
