/**
 * The same as ClusterNetworkPolicies (policy.networking.k8s.io/v1alpha2) of the tier Admin, which no NetworkPolicy
 * overrides. They cannot name addresses outside as sources, so that what comes from there stays as it is.
 */
import {
  ALL_PORTS,
  NAME_LABEL,
  type Intervals,
  PROTOCOLS,
  cidrsOf,
  difference,
  intersection,
  parseCidr,
  portAt,
  spans,
  wholeProtocol,
} from '../../engines/network/index.ts';
import { type Link, type LinkPeer, type RuleDraft, mergedRules } from './links.ts';
import { type Drafted, MARK, type MakeRules } from './policies.ts';
import { DEFAULT_DENY, type Unit, type Units } from './units.ts';

/** What is accepted is asked before what is denied; several that accept need no order. */
const ACCEPT = 500;
const DENY = 600;
/** Of rules in a policy, of peers and of protocols in a rule. */
const MOST = 25;

export function clusterPolicies(units: Units, links: readonly Link[], rules: MakeRules = mergedRules): Drafted[] {
  const namespaces = [...new Set(units.all.filter(({ policed }) => policed).map(({ namespace }) => namespace))].toSorted();
  return namespaces.flatMap((namespace) => {
    const own = units.all.filter((unit) => unit.policed && unit.namespace === namespace && unit.selector !== undefined);
    return [
      denyAll(namespace),
      ...own.flatMap((unit) =>
        policiesFor(
          unit,
          links.filter((link) => link.unit === unit),
          rules,
        ),
      ),
    ];
  });
}

function denyAll(namespace: string): Drafted {
  const name = `${namespace}.${DEFAULT_DENY}`;
  const everywhere = [{ namespaces: {} }, { networks: ['0.0.0.0/0', '::/0'] }];
  const spec = {
    tier: 'Admin',
    priority: DENY,
    subject: { namespaces: { matchLabels: { [NAME_LABEL]: namespace } } },
    ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
    egress: [{ action: 'Deny', to: everywhere }],
  };
  return { object: policyObject(name, spec), unit: undefined, namespace, name, evidence: { ingress: [], egress: [] } };
}

interface Accepted {
  direction: Link['direction'];
  object: Record<string, unknown>;
  evidence: RuleDraft['evidence'];
}

/** Several where one may not hold all rules. */
function policiesFor(unit: Unit, links: readonly Link[], rules: MakeRules): Drafted[] {
  const all = (['ingress', 'egress'] as const).flatMap((direction) => {
    const told = links.filter((link) => link.direction === direction);
    return rules(told).flatMap((rule) => acceptedOf(rule, direction));
  });
  const pieces = new Map<number, Accepted[]>();
  const count = { ingress: 0, egress: 0 };
  for (const one of all) {
    const piece = Math.floor(count[one.direction] / MOST);
    count[one.direction] += 1;
    pieces.set(piece, [...(pieces.get(piece) ?? []), one]);
  }
  return [...pieces.values()].map((piece, index) => {
    const name = `${unit.namespace}.${unit.name}${index === 0 ? '' : `.${index + 1}`}`;
    const of = (direction: Link['direction']): Accepted[] => piece.filter((one) => one.direction === direction);
    const listed = (direction: Link['direction']): Record<string, unknown> =>
      of(direction).length === 0 ? {} : { [direction]: of(direction).map(({ object }) => object) };
    const subject = {
      pods: { namespaceSelector: { matchLabels: { [NAME_LABEL]: unit.namespace } }, podSelector: unit.selector },
    };
    const spec = { tier: 'Admin', priority: ACCEPT, subject, ...listed('ingress'), ...listed('egress') };
    const evidence = { ingress: of('ingress').map((one) => one.evidence), egress: of('egress').map((one) => one.evidence) };
    return { object: policyObject(name, spec), unit, namespace: unit.namespace, name, evidence };
  });
}

function policyObject(name: string, spec: Record<string, unknown>): Drafted['object'] {
  return { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name, labels: MARK }, spec };
}

function acceptedOf({ peers, ports, evidence }: RuleDraft, direction: Link['direction']): Accepted[] {
  const field = direction === 'ingress' ? 'from' : 'to';
  const protocols = protocolsOf(ports);
  return chunks(peers.flatMap(peerObjects)).flatMap((some) =>
    (protocols === undefined ? [undefined] : chunks(protocols)).map((listed) => ({
      direction,
      object: { action: 'Accept', [field]: some, ...(listed !== undefined && { protocols: listed }) },
      evidence,
    })),
  );
}

function peerObjects(peer: LinkPeer): Record<string, unknown>[] {
  const inNamespace = (name: string): Record<string, unknown> => ({ matchLabels: { [NAME_LABEL]: name } });
  switch (peer.kind) {
    case 'addresses': {
      const set = (peer.except ?? []).reduce<Intervals<bigint>>(
        (left, one) => difference(left, parseCidr(one) ?? []),
        parseCidr(peer.cidr) ?? [],
      );
      return chunks(cidrsOf(set)).map((networks) => ({ networks }));
    }
    case 'anybody':
      return [{ namespaces: {} }];
    case 'pods':
      return Object.keys(peer.labels).length === 0
        ? [{ namespaces: inNamespace(peer.namespace) }]
        : [{ pods: { namespaceSelector: inNamespace(peer.namespace), podSelector: { matchLabels: peer.labels } } }];
    default:
      return [{ pods: { namespaceSelector: inNamespace(peer.unit.namespace), podSelector: peer.unit.selector } }];
  }
}

/** Undefined for all ports of all protocols. All of one protocol is a range, as the API takes no protocol without a port. */
function protocolsOf(ports: Intervals<number>): Record<string, unknown>[] | undefined {
  if (difference(ALL_PORTS, ports).length === 0) return undefined;
  return PROTOCOLS.flatMap((protocol) =>
    [...spans(intersection(ports, wholeProtocol(protocol)))].map(([start, end]) => {
      const [first, last] = [portAt(start).port, portAt(end - 1).port];
      return { [protocol.toLowerCase()]: { destinationPort: first === last ? { number: first } : { range: { start: first, end: last } } } };
    }),
  );
}

function chunks<T>(list: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(list.length / MOST) }, (_, index) => list.slice(index * MOST, (index + 1) * MOST));
}
