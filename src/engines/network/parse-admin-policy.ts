/**
 * policy.networking.k8s.io: AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and ClusterNetworkPolicy
 * (v1alpha2), with the checks of their definitions. They differ in the words for actions and ports, and in the tier.
 */
import type { Field } from './field.ts';
import { type Intervals, union } from './intervals.ts';
import { cidrOf, merge, namedPort, portNumber, protocolOf } from './parse-network-policy.ts';
import { parseSelector } from './parse-selector.ts';
import type { Action, Direction, Peer, PodPeer, Policy, PortMatch, Rule, Tier } from './policy.ts';
import { type Protocol, PROTOCOLS, portRange, wholeProtocol } from './ports.ts';
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
const MOST_NETWORKS = 25;
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
    subject: subjectOf(spec.get('subject')),
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

function subjectOf(subject: Field): PodPeer {
  const [first, second] = subject.given('namespaces', 'pods');
  subject.only(['namespaces', 'pods']);
  if (second !== undefined) subject.refuse('subject-two-fields', 'a subject is either namespaces or pods');
  if (first !== undefined) return podPeer(first);
  subject.refuse('subject-empty', 'a subject is namespaces or pods');
  return { kind: 'pods', namespaces: EVERYTHING, pods: EVERYTHING };
}

/** `namespaces`, or `pods` with a selector for each. */
function podPeer(field: Field): PodPeer {
  if (field.path.endsWith('.namespaces')) return { kind: 'pods', namespaces: parseSelector(field), pods: EVERYTHING };
  field.only(['namespaceSelector', 'podSelector']);
  const [namespaces, pods] = [field.get('namespaceSelector'), field.get('podSelector')];
  // Some versions of the definition demand both; what is meant is plain, and such policies are about.
  for (const part of [namespaces, pods])
    if (part.absent) part.question('selector-missing', `${part.path} is missing, which is taken for all`);
  return { kind: 'pods', namespaces: parseSelector(namespaces), pods: parseSelector(pods) };
}

function parseRule(rule: Field, direction: Direction, kind: AdminKind): Omit<Rule, 'number'> {
  const [ends, otherEnds] = direction === 'ingress' ? ['from', 'to'] : ['to', 'from'];
  const [portWord, otherWord] = kind === 'ClusterNetworkPolicy' ? ['protocols', 'ports'] : ['ports', 'protocols'];
  rule.only(['name', 'action', ends, portWord], { [otherEnds]: ends, [otherWord]: portWord });
  const [field, portField] = [rule.get(ends), rule.get(portWord)];
  const peers = itemsOf(field, MOST_ITEMS[kind]);
  if (field.value === undefined) rule.refuse(`${direction}-peers-missing`, `a rule needs ${ends}`);
  else if (peers.length === 0) field.refuse(`${direction}-peers-empty`, 'a rule needs at least one peer');
  const action = actionOf(rule.get('action'), kind);
  const parsed = peers.map((peer) => parsePeer(peer, direction, action));
  const ports = itemsOf(portField, MOST_ITEMS[kind]).map(kind === 'ClusterNetworkPolicy' ? parseProtocol : parsePort);
  const places = parsed.some((peer) => peer?.kind === 'addresses' || peer?.kind === 'nodes');
  if (places && ports.some(({ names }) => names.length > 0))
    portField.refuse('named-port-on-ipblock', 'networks and nodes have no named ports');
  return { action, peers: parsed.filter((peer) => peer !== undefined), ports: ports.length === 0 ? undefined : merge(ports) };
}

function actionOf(field: Field, kind: AdminKind): Action {
  const text = field.text();
  if (text === undefined) field.refuse('action-missing', 'a rule needs an action');
  else if (Object.hasOwn(ACTIONS[kind], text)) return ACTIONS[kind][text] ?? 'Deny';
  else field.refuse('action-unknown', `${JSON.stringify(text)} is none of ${Object.keys(ACTIONS[kind]).join(', ')}`);
  return 'Deny';
}

const PEERS = { ingress: ['namespaces', 'pods'], egress: ['namespaces', 'pods', 'nodes', 'networks', 'domainNames'] } as const;

function parsePeer(peer: Field, direction: Direction, action: Action): Peer | undefined {
  const [first, second] = peer.given(...PEERS[direction]);
  peer.only(PEERS[direction]);
  if (second !== undefined) peer.refuse('peer-two-fields', 'a peer has one field');
  if (first === undefined) {
    peer.refuse('peer-empty', `a peer is one of ${PEERS[direction].join(', ')}`);
    return undefined;
  }
  if (first.path.endsWith('.nodes')) return { kind: 'nodes', nodes: parseSelector(first) };
  if (first.path.endsWith('.networks')) {
    if (first.items().length === 0) first.refuse('peer-empty', 'networks has no range');
    return { kind: 'addresses', set: itemsOf(first, MOST_NETWORKS).reduce<Intervals<bigint>>((all, cidr) => union(all, cidrOf(cidr)), []) };
  }
  if (first.path.endsWith('.domainNames')) {
    if (action !== 'Accept') first.refuse('names-not-accepted', 'names can be accepted only');
    return { kind: 'names' };
  }
  return podPeer(first);
}

/** One of portNumber, portRange and namedPort. */
function parsePort(port: Field): PortMatch {
  const [first, second] = port.given('portNumber', 'portRange', 'namedPort');
  port.only(['portNumber', 'portRange', 'namedPort']);
  if (second !== undefined) port.refuse('port-two-fields', 'a port has one field');
  if (first === undefined) port.refuse('port-empty', 'a port is one of portNumber, portRange, namedPort');
  else if (first.path.endsWith('.namedPort')) return { numbers: [], names: namedPort(first, undefined) };
  else if (first.path.endsWith('.portRange')) {
    first.only(['protocol', 'start', 'end']);
    return range(first, protocolOf(first.get('protocol')));
  }
  first?.only(['protocol', 'port']);
  const number = first === undefined ? undefined : portNumber(first.get('port'));
  if (first === undefined || number === undefined) return { numbers: [], names: [] };
  return { numbers: portRange(protocolOf(first.get('protocol')), number, number), names: [] };
}

/** One of tcp, udp, sctp, each with or without a destinationPort, and destinationNamedPort. */
function parseProtocol(entry: Field): PortMatch {
  const [first, second] = entry.given('tcp', 'udp', 'sctp', 'destinationNamedPort');
  entry.only(['tcp', 'udp', 'sctp', 'destinationNamedPort']);
  if (second !== undefined) entry.refuse('port-two-fields', 'a protocol has one field');
  if (first === undefined) {
    entry.refuse('port-empty', 'a protocol is one of tcp, udp, sctp, destinationNamedPort');
    return { numbers: [], names: [] };
  }
  if (first.path.endsWith('.destinationNamedPort')) return { numbers: [], names: namedPort(first, undefined) };
  const protocol = PROTOCOLS.find((one) => first.path.endsWith(`.${one.toLowerCase()}`)) ?? 'TCP';
  first.only(['destinationPort']);
  const port = first.get('destinationPort');
  if (port.absent) return { numbers: wholeProtocol(protocol), names: [] };
  const [form, other] = port.given('number', 'range');
  port.only(['number', 'range']);
  if (other !== undefined) port.refuse('port-two-fields', 'a port is a number or a range');
  if (form === undefined) port.refuse('port-empty', 'a port is a number or a range');
  else if (form.path.endsWith('.range')) {
    form.only(['start', 'end']);
    return range(form, protocol);
  }
  const number = form === undefined ? undefined : portNumber(form);
  return { numbers: number === undefined ? [] : portRange(protocol, number, number), names: [] };
}

function range(field: Field, protocol: Protocol): PortMatch {
  const [start, end] = [portNumber(field.get('start')), portNumber(field.get('end'))];
  if (start === undefined || end === undefined) return { numbers: [], names: [] };
  if (end < start) field.refuse('port-range-reversed', `the range ends at ${end}, before its start ${start}`);
  return { numbers: end < start ? [] : portRange(protocol, start, end), names: [] };
}
