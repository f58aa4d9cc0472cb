/** Needs from the side of each unit that policies are for: with whom it has to talk, on which ports, and why. */
import { type Intervals, union } from '../../engines/network/index.ts';
import { type Evidence, uniqueEvidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { type Need, type NeedEnd, type Needs, endKey } from './needs.ts';
import type { Unit, Units } from './units.ts';

export type LinkPeer = { readonly kind: 'unit'; readonly unit: Unit } | Exclude<NeedEnd, { kind: 'app' }>;

export interface Link {
  readonly unit: Unit;
  readonly direction: 'ingress' | 'egress';
  readonly peer: LinkPeer;
  readonly ports: Intervals<number>;
  readonly evidence: readonly Evidence[];
}

export function linksOf(needs: Needs, units: Units, facts: Facts): Link[] {
  const links: Link[] = [];
  for (const need of needs.all()) {
    const [from, to] = [unitOf(need.from, units), unitOf(need.to, units)];
    // Pods without labels cannot be named by either side.
    const nameless = [from, to].find((unit) => unit !== undefined && unit.selector === undefined);
    if (nameless !== undefined) {
      unnamed(needs, need, nameless);
      continue;
    }
    if (from?.policed === true)
      for (const peer of peersOf(need.to, { units, facts, needs, need }))
        links.push({ unit: from, direction: 'egress', peer, ports: need.ports, evidence: need.evidence });
    if (to?.policed === true)
      for (const peer of peersOf(need.from, { units, facts, needs, need }))
        links.push({ unit: to, direction: 'ingress', peer, ports: need.ports, evidence: need.evidence });
  }
  return links;
}

function unitOf(end: NeedEnd, units: Units): Unit | undefined {
  return end.kind === 'app' ? units.of(end.app) : undefined;
}

function unnamed(needs: Needs, { evidence }: Need, unit: Unit): void {
  needs.gap({
    kind: 'closed',
    app: unit.apps[0]?.key ?? '',
    what: 'its pods have no label that a policy could name; give them one',
    evidence,
  });
}

interface Context {
  units: Units;
  facts: Facts;
  needs: Needs;
  need: Need;
}

function peersOf(end: NeedEnd, { units, facts, needs, need }: Context): LinkPeer[] {
  if (end.kind !== 'app') return [end];
  const unit = units.of(end.app);
  if (unit !== undefined) return [{ kind: 'unit', unit }];
  // On the network of its node no selector finds it, only the addresses of the nodes.
  if (facts.nodes.length > 0) return facts.nodes.map((cidr) => ({ kind: 'addresses', cidr }));
  const other = end === need.from ? need.to : need.from;
  const app = other.kind === 'app' ? other.app.key : '';
  const what = `${end === need.from ? 'from' : 'to'} ${end.app.key}, which is on the network of its node: the addresses of the nodes are not in the input; name them with --nodes`;
  needs.gap({ kind: 'closed', app, what, evidence: need.evidence });
  return [];
}

export function peerKey(peer: LinkPeer): string {
  return peer.kind === 'unit' ? `1 ${peer.unit.namespace}/${peer.unit.name}` : endKey(peer);
}

/** What a rule of a policy says. */
export interface RuleDraft {
  readonly peers: readonly LinkPeer[];
  readonly ports: Intervals<number>;
  readonly evidence: readonly Evidence[];
}

/** One rule for each peer, and then one for all peers with the same ports: neither opens anything more. */
export function mergedRules(links: readonly Link[]): RuleDraft[] {
  const byPeer = new Map<string, { peer: LinkPeer; ports: Intervals<number>; evidence: Evidence[] }>();
  for (const { peer, ports, evidence } of links) {
    const known = byPeer.get(peerKey(peer));
    byPeer.set(peerKey(peer), { peer, ports: union(known?.ports ?? [], ports), evidence: [...(known?.evidence ?? []), ...evidence] });
  }
  const byPorts = new Map<string, { peers: Map<string, LinkPeer>; ports: Intervals<number>; evidence: Evidence[] }>();
  for (const [key, { peer, ports, evidence }] of byPeer) {
    const rule = byPorts.get(ports.join()) ?? { peers: new Map<string, LinkPeer>(), ports, evidence: [] };
    byPorts.set(ports.join(), rule);
    rule.peers.set(key, peer);
    rule.evidence.push(...evidence);
  }
  return [...byPorts.values()]
    .map(({ peers, ports, evidence }) => ({
      peers: [...peers].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, peer]) => peer),
      ports,
      evidence: uniqueEvidence(evidence),
    }))
    .toSorted((a, b) => (ruleKey(a) < ruleKey(b) ? -1 : 1));
}

/** Each need by itself, as it was found. */
export function plainRules(links: readonly Link[]): RuleDraft[] {
  return links.map(({ peer, ports, evidence }) => ({ peers: [peer], ports, evidence }));
}

/** By the first peer and then by ports. */
function ruleKey({ peers, ports }: RuleDraft): string {
  return `${peers.map(peerKey).join()} ${ports.map((bound) => String(bound).padStart(7, '0')).join()}`;
}
