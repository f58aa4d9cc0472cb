/** Two groups of ends, and what between them is not as an assertion demands. */
import {
  type Conns,
  type Intervals,
  type Part,
  type Relation,
  choicesOf,
  connsOf,
  contains,
  difference,
  intersection,
  openBetween,
  placeOf,
  portAt,
  union,
  why,
} from '../../engines/network/index.ts';
import type { Assertion } from './assertion.ts';
import type { Group, Variant } from './groups.ts';

export interface Pair {
  readonly source: Group;
  readonly destination: Group;
}

export interface PairVerdict {
  /** How many pairs of names it stands for; no name is a pair with itself. */
  readonly count: number;
  /** The first of them. */
  readonly src: string;
  readonly dst: string;
  /** What is open though denied, or closed though allowed, and is excepted by nobody. */
  readonly wrong: Intervals<number>;
  /** Of the rest what may be so, depending on where pods are whose addresses are not known. */
  readonly unsure: Intervals<number>;
  /** Indexes of the exceptions that took something away. */
  readonly exceptions: readonly number[];
  conns(): Conns;
  why(): Part | undefined;
}

interface Clash {
  readonly from: Variant;
  readonly to: Variant;
  readonly ports: Intervals<number>;
}

/** Undefined where there is nothing to judge: no two names, no port that is meant, or both ends outside. */
export function judgePair(relation: Relation, { verb, ports }: Pick<Assertion, 'verb' | 'ports'>, pair: Pair): PairVerdict | undefined {
  const [src, dst, count] = pairsOf(pair);
  const outside = isOutside(relation, pair.source);
  const destinations = pair.destination.variants.filter(({ asked, inside }) => asked.length > 0 && !(outside && inside === true));
  // Nothing is said of what flows from outside to outside.
  if (count === 0 || destinations.length === 0 || (outside && isOutside(relation, pair.destination))) return undefined;
  const clashes: Clash[] = [];
  let possible: Intervals<number> = [];
  for (const from of pair.source.variants) {
    for (const to of destinations) {
      const between = openBetween(relation, { from: from.choices, to: to.choices, families: familiesOf(from, to) });
      const [surely, possibly] = [between.surely, between.possibly].map((id) => intersection(relation.ports.set(id), to.asked));
      const closed = (open: Intervals<number> = []): Intervals<number> =>
        ports?.any === true && open.length > 0 ? [] : difference(to.asked, open);
      const bad = verb === 'deny' ? (surely ?? []) : closed(possibly);
      possible = union(possible, verb === 'deny' ? (possibly ?? []) : closed(surely));
      if (bad.length > 0) clashes.push({ from, to, ports: bad });
    }
  }
  const found = clashes.reduce<Intervals<number>>((all, one) => union(all, one.ports), []);
  const { wrong } = withoutExcepted(found, pair);
  const { wrong: perhaps, exceptions } = withoutExcepted(possible, pair);
  const unsure = difference(perhaps, wrong);
  return {
    count,
    src,
    dst,
    wrong,
    unsure,
    exceptions,
    conns: () => connsOf(wrong),
    why: () => reasonOf(relation, { verb, clashes, wrong }),
  };
}

/** The first two names that are a pair, and how many pairs there are. */
function pairsOf({ source, destination }: Pair): [src: string, dst: string, count: number] {
  let common = 0;
  for (const name of source.names) if (destination.names.has(name)) common += 1;
  const count = source.names.size * destination.names.size - common;
  for (const src of source.names) for (const dst of destination.names) if (src !== dst) return [src, dst, count];
  return ['', '', count];
}

function familiesOf(from: Variant, to: Variant): number {
  return (from.families ?? 3) & (to.families ?? 3);
}

function isOutside({ entities }: Relation, { variants }: Group): boolean {
  return variants.every(({ choices }) => choices.flat().every((id) => id >= entities.firstZone && id < entities.firstRepresentative));
}

function withoutExcepted(found: Intervals<number>, { source, destination }: Pair): Pick<PairVerdict, 'wrong' | 'exceptions'> {
  const exceptions: number[] = [];
  let wrong = found;
  for (const [index, mark] of destination.marks.entries()) {
    if (mark === undefined || source.marks[index] === undefined || intersection(wrong, mark).length === 0) continue;
    exceptions.push(index);
    wrong = difference(wrong, mark);
  }
  return { wrong, exceptions };
}

/** On a port that a container listens on, if one of these is wrong. */
function reasonOf(
  relation: Relation,
  { verb, clashes, wrong }: { verb: Assertion['verb']; clashes: readonly Clash[]; wrong: Intervals<number> },
): Part | undefined {
  const clash = clashes.find(({ ports }) => intersection(ports, wrong).length > 0);
  if (clash === undefined) return undefined;
  const { from, to } = clash;
  const bad = intersection(clash.ports, wrong);
  const pod = relation.world.pods.find((_, index) => choicesOf(relation, index).join(';') === to.choices.join(';'));
  const listening = pod?.ports.find(({ protocol, number }) => contains(bad, placeOf(protocol, number)));
  const port = listening === undefined ? portAt(bad[0] ?? 0) : { protocol: listening.protocol, port: listening.number };
  const { parts } = why(relation, { from: from.choices.flat(), to: to.choices.flat(), families: familiesOf(from, to) }, port);
  return parts.find(({ verdict }) => (verdict === 'allow') === (verb === 'deny'));
}
