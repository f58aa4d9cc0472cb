/** Why something may flow between two ends or not: every port, cut where another policy or rule has the say. */
import { type Intervals, intersection, union } from './intervals.ts';
import { askedOn } from './meant.ts';
import type { Peer } from './peers.ts';
import { ALL_PORTS, type Conns, type Protocol, connsOf, portRange } from './ports.ts';
import { isItself, pairsOf } from './query.ts';
import type { Relation } from './relation.ts';
import { type SideReason, slices } from './slices.ts';

export type { Shadowed, SideReason } from './slices.ts';

export interface Part {
  readonly conns: Conns;
  readonly verdict: 'allow' | 'deny';
  readonly egress: SideReason;
  readonly ingress: SideReason;
}

/** Parts that together are all ports, those that are allowed first. Both are ids of classes or zones. */
export function partsOf(relation: Relation, source: number, destination: number): PartWithPorts[] {
  return partsWithin(relation, { source, destination }, ALL_PORTS);
}

type PartWithPorts = Part & { readonly ports: Intervals<number> };

function partsWithin(
  relation: Relation,
  { source, destination }: { source: number; destination: number },
  wanted: Intervals<number>,
): PartWithPorts[] {
  const parts = new Map<string, PartWithPorts>();
  const into = slices(relation, 'ingress', { subject: destination, peer: source, destination, wanted });
  for (const { ports: out, ...egress } of slices(relation, 'egress', { subject: source, peer: destination, destination, wanted })) {
    for (const { ports: taken, ...ingress } of into) {
      const both = intersection(out, taken);
      if (both.length === 0) continue;
      const key = JSON.stringify([egress, ingress]);
      const ports = union(parts.get(key)?.ports ?? [], both);
      const verdict = egress.verdict === 'allow' && ingress.verdict === 'allow' ? 'allow' : 'deny';
      parts.set(key, { ports, conns: connsOf(ports), verdict, egress, ingress });
    }
  }
  return allowedFirst([...parts.values()]);
}

export interface Why {
  readonly allowed: Conns;
  readonly parts: readonly WhyPart[];
  /** Pairs between which no packet goes, whatever policies say. */
  readonly unasked?: readonly Unasked[];
}

/** By `families` those that have no addresses of one family, by `port` those without that port at the address of a Service. */
export interface Unasked {
  readonly reason: 'families' | 'port';
  readonly pairs: { readonly count: number; readonly src: string; readonly dst: string };
}

export interface WhyPart extends Part {
  /** Where addresses of both families could be used and it holds of one of them only. */
  readonly family?: 'IPv4' | 'IPv6';
  /** Where more than one pair was asked about: how many it holds of, and one of them. */
  readonly pairs?: { readonly count: number; readonly src: string; readonly dst: string };
}

/** Of ends that are several classes, as pods of a workload may be, what holds of any pair of them. */
export function why(
  relation: Relation,
  ends: { from: readonly number[]; to: readonly number[]; families?: number },
  only?: { protocol: Protocol; port: number },
): Why {
  const { allowed, parts } = whyOn(relation, ends, only === undefined ? ALL_PORTS : portRange(only.protocol, only.port, only.port));
  return { allowed: connsOf(allowed), parts };
}

function whyOn(
  relation: Relation,
  ends: { from: readonly number[]; to: readonly number[]; families?: number },
  only: Intervals<number>,
): { allowed: Intervals<number>; parts: readonly WhyPart[] } {
  const parts = new Map<string, { part: Part; families: number }>();
  let allowed: Intervals<number> = [];
  let asked = 0;
  for (const source of ends.from) {
    for (const destination of ends.to) {
      const families = relation.entities.familiesOf(source) & relation.entities.familiesOf(destination) & (ends.families ?? 3);
      asked |= families;
      if (families === 0) continue;
      for (const { ports, ...part } of partsWithin(relation, { source, destination }, only)) {
        if (part.verdict === 'allow') allowed = union(allowed, ports);
        const key = keyOf(part);
        const same = parts.get(key);
        parts.set(key, { part: shadowedToo(part, same?.part), families: families | (same?.families ?? 0) });
      }
    }
  }
  const told = [...parts.values()].map(({ part, families }): WhyPart =>
    families === asked ? part : { ...part, family: families === 1 ? 'IPv4' : 'IPv6' },
  );
  return { allowed, parts: allowedFirst(told) };
}

/** Whom nobody asks makes no part another one. */
function keyOf(part: WhyPart): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'shadowed' ? undefined : value));
}

function shadowedToo<P extends Part>(part: P, same: Part | undefined): P {
  if (same === undefined) return part;
  return { ...part, egress: withShadowed(part.egress, same.egress), ingress: withShadowed(part.ingress, same.ingress) };
}

function withShadowed(side: SideReason, { shadowed: more = [] }: SideReason): SideReason {
  const known = side.shadowed ?? [];
  const added = more.filter((one) => !known.some(({ rule }) => rule === one.rule));
  return added.length === 0 ? side : { ...side, shadowed: [...known, ...added] };
}

/** Nobody is asked about what a pod sends to itself: it does not leave the pod, and the API says so. */
const TO_ITSELF: SideReason = { verdict: 'allow', by: [], default: true };

/** The same of what two texts name: what holds of several pairs is told once. */
export function whyBetween(
  relation: Relation,
  ends: { from: readonly Peer[]; to: readonly Peer[] },
  only: Intervals<number> = ALL_PORTS,
): Why {
  const pairs = [...pairsOf(ends)];
  const parts = new Map<string, WhyPart>();
  let allowed: Intervals<number> = [];
  const unasked = new Map<Unasked['reason'], Unasked>();
  for (const [source, destination] of pairs) {
    const { name: dst, ids } = destination;
    const families = (source.families ?? 3) & (destination.families ?? 3);
    const asked = askedOn(destination, only);
    const found = isItself(relation, source, destination)
      ? { allowed: asked, parts: [{ conns: connsOf(asked), verdict: 'allow', egress: TO_ITSELF, ingress: TO_ITSELF } as const] }
      : whyOn(relation, { from: source.ids, to: ids, families }, asked);
    allowed = union(allowed, found.allowed);
    if (found.parts.length === 0) {
      const reason = asked.length === 0 ? 'port' : 'families';
      const { count = 0, ...first } = unasked.get(reason)?.pairs ?? { src: source.name, dst };
      unasked.set(reason, { reason, pairs: { count: count + 1, ...first } });
    }
    for (const part of found.parts) {
      const key = keyOf(part);
      const same = parts.get(key);
      const { count = 0, src = source.name, dst: other = dst } = same?.pairs ?? {};
      parts.set(key, { ...shadowedToo(part, same), ...(pairs.length > 1 && { pairs: { count: count + 1, src, dst: other } }) });
    }
  }
  return {
    allowed: connsOf(allowed),
    parts: allowedFirst([...parts.values()]),
    ...(unasked.size > 0 && { unasked: [...unasked.values()] }),
  };
}

function allowedFirst<T extends Part>(parts: readonly T[]): T[] {
  return [...parts.filter(({ verdict }) => verdict === 'allow'), ...parts.filter(({ verdict }) => verdict === 'deny')];
}
