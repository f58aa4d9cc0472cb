/**
 * policy.networking.k8s.io: AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy
 * (v1alpha2), with the checks of their definitions in the last releases that have them (v0.1.7 and v0.2.0, experimental
 * channel). They differ in the words for actions and ports, and in the tier. A definition checks less than the server
 * does of its own kinds: what it takes though it means nothing is a question, and matches nothing.
 */
import { looseCidr } from './addresses.ts';
import type { Field } from './field.ts';
import { type Intervals, union } from './intervals.ts';
import { cidrOf, isPortName, merge, portNumber } from './parse-network-policy.ts';
import { parseCustomSelector } from './parse-selector.ts';
import type { Action, Direction, Peer, PodPeer, Policy, PortMatch, Rule, Tier } from './policy.ts';
import { type Protocol, PROTOCOLS, isProtocol, portRange, wholeProtocol } from './ports.ts';
import { EVERYTHING } from './selector.ts';

export const ADMIN_KINDS = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'] as const;
export type AdminKind = (typeof ADMIN_KINDS)[number];

const ACTIONS: Readonly<Record<AdminKind, Readonly<Record<string, Action>>>> = {
  AdminNetworkPolicy: { Allow: 'Accept', Deny: 'Deny', Pass: 'Pass' },
  BaselineAdminNetworkPolicy: { Allow: 'Accept', Deny: 'Deny' },
  ClusterNetworkPolicy: { Accept: 'Accept', Deny: 'Deny', Pass: 'Pass' },
};
/** The one version of each kind that was ever served. */
const VERSIONS: Readonly<Record<AdminKind, string>> = {
  AdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  BaselineAdminNetworkPolicy: 'policy.networking.k8s.io/v1alpha1',
  ClusterNetworkPolicy: 'policy.networking.k8s.io/v1alpha2',
};
/** Of rules, of the peers of a rule and of its ports. */
const MOST_ITEMS: Readonly<Record<AdminKind, number>> = {
  AdminNetworkPolicy: 100,
  BaselineAdminNetworkPolicy: 100,
  ClusterNetworkPolicy: 25,
};
const MOST_PLACES = 25;
const LONGEST_RULE_NAME = 100;
const LONGEST_CIDR = 43;
/** `*.` may stand before a name of two words or more. */
const DOMAIN_NAME = /^(?:\*\.)?(?:[a-z0-9](?:[-a-z0-9_]*[a-z0-9])?\.)+[a-z0-9](?:[-a-z0-9_]*[a-z0-9])?\.?$/i;
const SPEC: Readonly<Record<AdminKind, readonly string[]>> = {
  AdminNetworkPolicy: ['priority', 'subject', 'ingress', 'egress'],
  BaselineAdminNetworkPolicy: ['subject', 'ingress', 'egress'],
  ClusterNetworkPolicy: ['tier', 'priority', 'subject', 'ingress', 'egress'],
};
const MOST_PRIORITY = 1000;

export function parseAdminPolicy(object: Field, kind: AdminKind, name: string): Policy {
  const spec = object.get('spec');
  const version = object.get('apiVersion');
  // Of a version that nobody serves the fields are not known.
  if (version.value === VERSIONS[kind]) spec.only(SPEC[kind]);
  else version.refuse('version-unknown', `${kind} is served as ${VERSIONS[kind]} only`);
  if (kind === 'BaselineAdminNetworkPolicy' && name !== 'default')
    object.get('metadata').get('name').refuse('banp-name-not-default', 'the one BaselineAdminNetworkPolicy is named default');
  const rules = (direction: Direction): Rule[] =>
    itemsOf(spec.get(direction), MOST_ITEMS[kind]).map((rule, index) => ({ number: index + 1, ...parseRule(rule, direction, kind) }));
  return {
    kind,
    namespace: '',
    name,
    tier: tierOf(spec, kind),
    priority: kind === 'BaselineAdminNetworkPolicy' ? 0 : priorityOf(spec.get('priority')),
    subject: subjectOf(spec.get('subject'), kind),
    ingress: rules('ingress'),
    egress: rules('egress'),
  };
}

function itemsOf(list: Field, most: number): Field[] {
  const items = list.items();
  if (items.length > most) list.refuse('too-many-items', `${list.path} has ${items.length} items, and ${most} are the most`);
  return items;
}

function tierOf(spec: Field, kind: AdminKind): Tier {
  if (kind !== 'ClusterNetworkPolicy') return kind === 'AdminNetworkPolicy' ? 'admin' : 'baseline';
  const tier = spec.get('tier');
  if (tier.value !== 'Admin' && tier.value !== 'Baseline') tier.refuse('tier-unknown', 'a tier is Admin or Baseline');
  return tier.value === 'Baseline' ? 'baseline' : 'admin';
}

function priorityOf(field: Field): number {
  const priority = field.integer();
  if (field.absent) field.refuse('priority-missing', 'a priority from 0 to 1000 is needed');
  else if (priority !== undefined && (priority < 0 || priority > MOST_PRIORITY))
    field.refuse('priority-out-of-range', `the priority ${priority} is not from 0 to ${MOST_PRIORITY}`);
  return priority ?? MOST_PRIORITY;
}

function subjectOf(subject: Field, kind: AdminKind): PodPeer {
  const [first, second] = subject.given('namespaces', 'pods');
  subject.only(['namespaces', 'pods']);
  if (second !== undefined) subject.refuse('subject-two-fields', 'a subject is either namespaces or pods');
  if (first !== undefined) return podPeer(first, kind);
  subject.refuse('subject-empty', 'a subject is namespaces or pods');
  return { kind: 'pods', namespaces: EVERYTHING, pods: EVERYTHING };
}

/** `namespaces`, or `pods` with a selector for each. */
function podPeer(field: Field, kind: AdminKind): PodPeer {
  if (field.path.endsWith('.namespaces')) return { kind: 'pods', namespaces: parseCustomSelector(field), pods: EVERYTHING };
  field.given();
  field.only(['namespaceSelector', 'podSelector']);
  const [namespaces, pods] = [field.get('namespaceSelector'), field.get('podSelector')];
  // What is meant is plain, and such policies are about: they count, and it is told.
  for (const part of [namespaces, pods])
    if (part.absent)
      part.question(
        'selector-missing',
        kind === 'ClusterNetworkPolicy' && part === namespaces
          ? `${part.path} is missing, which definitions before v0.2.0 refuse; it is taken for all`
          : `${part.path} is missing, which the definition refuses; it is judged here as if {} stood there`,
      );
  return { kind: 'pods', namespaces: parseCustomSelector(namespaces), pods: parseCustomSelector(pods) };
}

function parseRule(rule: Field, direction: Direction, kind: AdminKind): Omit<Rule, 'number'> {
  const [ends, otherEnds] = direction === 'ingress' ? ['from', 'to'] : ['to', 'from'];
  const [portWord, otherWord] = kind === 'ClusterNetworkPolicy' ? ['protocols', 'ports'] : ['ports', 'protocols'];
  rule.only(['name', 'action', ends, portWord], { [otherEnds]: ends, [otherWord]: portWord });
  const [field, portField] = [rule.get(ends), rule.get(portWord)];
  // The server counts characters, and not the halves of those that take two.
  const length = [...(rule.get('name').text() ?? '')].length;
  if (length > LONGEST_RULE_NAME)
    rule.get('name').refuse('rule-name-too-long', `the name has ${length} characters, and ${LONGEST_RULE_NAME} are the most`);
  const peers = itemsOf(field, MOST_ITEMS[kind]);
  if (field.value === undefined) rule.refuse(`${direction}-peers-missing`, `a rule needs ${ends}`);
  else if (peers.length === 0) field.refuse(`${direction}-peers-empty`, 'a rule needs at least one peer');
  const action = actionOf(rule.get('action'), kind);
  const parsed = peers.map((peer) => parsePeer(peer, { direction, action, kind }));
  const portItems = itemsOf(portField, MOST_ITEMS[kind]);
  if (!portField.absent && portItems.length === 0)
    portField.refuse('port-empty', `${portWord} has no entry; without the field the rule is for all`);
  const ports = portItems.map(kind === 'ClusterNetworkPolicy' ? parseProtocol : parsePort);
  const places = parsed.some((peer) => peer !== undefined && peer.kind !== 'pods');
  if (places && portItems.some((one) => one.given('namedPort', 'destinationNamedPort').length > 0))
    portField.refuse('named-port-on-ipblock', 'networks, nodes and domain names have no named ports');
  return { action, peers: parsed.filter((peer) => peer !== undefined), ports: ports.length === 0 ? undefined : merge(ports) };
}

function actionOf(field: Field, kind: AdminKind): Action {
  const text = field.text();
  if (text === undefined) field.refuse('action-missing', 'a rule needs an action');
  else if (Object.hasOwn(ACTIONS[kind], text)) return ACTIONS[kind][text] ?? 'Deny';
  else field.refuse('action-unknown', `${JSON.stringify(text)} is none of ${Object.keys(ACTIONS[kind]).join(', ')}`);
  return 'Deny';
}

const PEERS = { ingress: ['namespaces', 'pods'], egress: ['namespaces', 'pods', 'nodes', 'networks'] } as const;

function parsePeer(peer: Field, { direction, action, kind }: { direction: Direction; action: Action; kind: AdminKind }): Peer | undefined {
  const hasNames = direction === 'egress' && kind !== 'BaselineAdminNetworkPolicy';
  const known = [...PEERS[direction], ...(hasNames ? ['domainNames'] : [])];
  const [first, second] = peer.given(...known);
  peer.only(known);
  if (second !== undefined) peer.refuse('peer-two-fields', 'a peer has one field');
  if (first === undefined) {
    peer.refuse('peer-empty', `a peer is one of ${known.join(', ')}`);
    return undefined;
  }
  if (first.path.endsWith('.nodes')) return { kind: 'nodes', nodes: parseCustomSelector(first) };
  if (first.path.endsWith('.networks'))
    return { kind: 'addresses', set: placesOf(first).reduce<Intervals<bigint>>((all, cidr) => union(all, networkOf(cidr)), []) };
  if (first.path.endsWith('.domainNames')) {
    for (const name of placesOf(first))
      if (!DOMAIN_NAME.test(name.text() ?? ''))
        name.refuse(
          'domain-name-invalid',
          `${JSON.stringify(name.value)} is neither a domain name such as example.com nor one with *. before it`,
        );
    if (action !== 'Accept')
      first.question(
        'names-not-accepted',
        'domain names are for Accept only: the API server takes the rule, but what it does is not defined, and here it matches nothing',
      );
    return { kind: 'names' };
  }
  return podPeer(first, kind);
}

/** Networks or names: at least one, and none twice. */
function placesOf(list: Field): Field[] {
  const items = itemsOf(list, MOST_PLACES);
  if (items.length === 0) list.refuse('peer-empty', 'the list has no entry');
  for (const [index, item] of items.entries())
    if (items.findIndex(({ value }) => value === item.value) < index)
      item.refuse('duplicate-item', `${JSON.stringify(item.value)} stands there twice`);
  return items;
}

/** As isCIDR of the server's expressions reads it, which is strict. */
function networkOf(field: Field): Intervals<bigint> {
  const set = cidrOf(field);
  const text = field.text() ?? '';
  if (set.length === 0) return set;
  const wrong = looseCidr(text) ?? (text.length > LONGEST_CIDR ? `is longer than ${LONGEST_CIDR} characters` : undefined);
  if (wrong !== undefined) field.refuse('cidr-invalid', `${text} ${wrong}`);
  return set;
}

/** The definition takes any text; what is none of the protocols matches nothing. */
function protocolIn(field: Field): Protocol | undefined {
  const text = field.text() ?? 'TCP';
  if (isProtocol(text)) return text;
  field.question(
    'protocol-unknown',
    `${JSON.stringify(text)} is none of TCP, UDP and SCTP: the API server takes it, and it matches nothing`,
  );
  return undefined;
}

/** The definition takes any text; no port of a pod has a name that is not one. */
function portNamed(field: Field): PortMatch {
  const name = field.text();
  if (name !== undefined && !isPortName(name))
    field.question('port-invalid', `${JSON.stringify(name)} is not the name of a port: the API server takes it, and it matches nothing`);
  return { numbers: [], names: name !== undefined && isPortName(name) ? [{ name, protocol: undefined }] : [] };
}

/** One of portNumber, portRange and namedPort. */
function parsePort(port: Field): PortMatch {
  const [first, second] = port.given('portNumber', 'portRange', 'namedPort');
  port.only(['portNumber', 'portRange', 'namedPort']);
  if (second !== undefined) port.refuse('port-two-fields', 'a port has one field');
  if (first === undefined) port.refuse('port-empty', 'a port is one of portNumber, portRange, namedPort');
  else if (first.path.endsWith('.namedPort')) return portNamed(first);
  else if (first.path.endsWith('.portRange')) {
    first.given();
    first.only(['protocol', 'start', 'end']);
    const protocol = protocolIn(first.get('protocol'));
    return numbersOf(protocol, oldRange(first));
  }
  first?.given();
  first?.only(['protocol', 'port']);
  if (first === undefined) return { numbers: [], names: [] };
  const number = portNumber(first.get('port'));
  return numbersOf(protocolIn(first.get('protocol')), number === undefined ? undefined : [number, number]);
}

/** One of tcp, udp, sctp, each with a destinationPort, and destinationNamedPort. */
function parseProtocol(entry: Field): PortMatch {
  const [first, second] = entry.given('tcp', 'udp', 'sctp', 'destinationNamedPort');
  entry.only(['tcp', 'udp', 'sctp', 'destinationNamedPort']);
  if (second !== undefined) entry.refuse('port-two-fields', 'a protocol has one field');
  if (first === undefined) {
    entry.refuse('port-empty', 'a protocol is one of tcp, udp, sctp, destinationNamedPort');
    return { numbers: [], names: [] };
  }
  if (first.path.endsWith('.destinationNamedPort')) return portNamed(first);
  const protocol = PROTOCOLS.find((one) => first.path.endsWith(`.${one.toLowerCase()}`)) ?? 'TCP';
  first.given();
  first.only(['destinationPort']);
  const port = first.get('destinationPort');
  if (port.absent) {
    // What is meant is plain, and grids of the specification have it: it counts, and it is told.
    first.question(
      'port-missing',
      `${protocol.toLowerCase()} has no destinationPort, which the definition refuses; it is judged here as if all ports stood there, {range: {start: 1, end: 65535}}`,
    );
    return { numbers: wholeProtocol(protocol), names: [] };
  }
  const [form, other] = port.given('number', 'range');
  port.only(['number', 'range']);
  if (other !== undefined) port.refuse('port-two-fields', 'a port is a number or a range');
  if (form === undefined) port.refuse('port-empty', 'a port is a number or a range');
  else if (form.path.endsWith('.range')) {
    form.given();
    form.only(['start', 'end']);
    const ends = endsOf(form);
    if (ends !== undefined && ends[1] <= ends[0])
      form.refuse('port-range-reversed', `the range ends at ${ends[1]}, which is not behind its start ${ends[0]}`);
    return numbersOf(protocol, ends);
  }
  const number = form === undefined ? undefined : portNumber(form);
  return numbersOf(protocol, number === undefined ? undefined : [number, number]);
}

type PortEnds = readonly [start: number, end: number];

/** The definition does not compare its ends. */
function oldRange(field: Field): PortEnds | undefined {
  const ends = endsOf(field);
  if (ends !== undefined && ends[1] < ends[0])
    field.question(
      'port-range-reversed',
      `the range ends at ${ends[1]}, before its start ${ends[0]}: the API server takes it, and it matches nothing`,
    );
  return ends;
}

function endsOf(field: Field): PortEnds | undefined {
  const [start, end] = [portNumber(field.get('start')), portNumber(field.get('end'))];
  return start === undefined || end === undefined ? undefined : [start, end];
}

function numbersOf(protocol: Protocol | undefined, ends: PortEnds | undefined): PortMatch {
  const numbers = protocol === undefined || ends === undefined || ends[1] < ends[0] ? [] : portRange(protocol, ends[0], ends[1]);
  return { numbers, names: [] };
}
