/** Addresses in as few groups as the ranges of policies can tell apart. */
import { EVERY_ADDRESS, type Family, WHOLE, familyOf } from './addresses.ts';
import { type Intervals, boundariesUpTo, difference, intersection, spans } from './intervals.ts';

/** Addresses of one family that lie in the same ranges. */
export interface Zone {
  readonly family: Family;
  readonly set: Intervals<bigint>;
  /** Equal exactly for zones that lie in the same ranges; '' for those in none. */
  readonly within: string;
  /** Their numbers. */
  readonly ranges: readonly number[];
}

/** A range of addresses under a number. */
export type NumberedRange = readonly [number: number, set: Intervals<bigint>];

export class Zones {
  readonly all: readonly Zone[];
  #index: { starts: readonly bigint[]; zoneOf: readonly number[] } | undefined;

  constructor(all: readonly Zone[]) {
    this.all = all;
  }

  static of(ranges: readonly NumberedRange[]): Zones {
    return new Zones(zonesOf(ranges));
  }

  /** The zone of an address, as an index into `all`. */
  indexAt(address: bigint): number {
    this.#index ??= indexOf(this.all);
    const { starts, zoneOf } = this.#index;
    return zoneOf[boundariesUpTo(starts, address) - 1] ?? 0;
  }

  /** With one more range, which cuts zones in two: what is outside of it keeps its index, what is inside comes behind all. */
  with([number, range]: NumberedRange): Zones {
    const all = [...this.all];
    for (const [index, zone] of this.all.entries()) {
      const inside = intersection(zone.set, range);
      if (inside.length === 0) continue;
      const outside = difference(zone.set, range);
      const ranges = [...zone.ranges, number];
      const cut = { ...zone, set: inside, ranges, within: ranges.join() };
      if (outside.length === 0) all[index] = cut;
      else {
        all[index] = { ...zone, set: outside };
        all.push(cut);
      }
    }
    return new Zones(all);
  }
}

function zonesOf(ranges: readonly NumberedRange[]): Zone[] {
  const starts = [...new Set([EVERY_ADDRESS, ...ranges.map(([, set]) => set)].flat())].toSorted((a, b) => (a < b ? -1 : 1));
  const at = new Map(starts.map((start, index) => [start, index]));
  const inside = starts.map((): number[] => []);
  for (const [number, set] of ranges) {
    for (const [start, end] of spans(set))
      for (let index = at.get(start) ?? 0; index < (at.get(end) ?? 0); index += 1) inside[index]?.push(number);
  }
  const zones = new Map<string, { family: Family; ranges: number[]; within: string; set: bigint[] }>();
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1];
    const family = familyOf(start);
    // What lies between the families is no address.
    if (end === undefined || intersection([start, end], WHOLE[family]).length === 0) continue;
    const within = inside[index]?.join() ?? '';
    const key = `${family} ${within}`;
    let zone = zones.get(key);
    if (zone === undefined) zones.set(key, (zone = { family, ranges: inside[index] ?? [], within, set: [] }));
    if (zone.set.at(-1) === start) zone.set.pop();
    else zone.set.push(start);
    zone.set.push(end);
  }
  return [...zones.values()];
}

function indexOf(zones: readonly Zone[]): { starts: bigint[]; zoneOf: number[] } {
  const pieces = zones.flatMap(({ set }, zone) => [...spans(set)].map(([start]) => ({ start, zone })));
  pieces.sort((a, b) => (a.start < b.start ? -1 : 1));
  return { starts: pieces.map(({ start }) => start), zoneOf: pieces.map(({ zone }) => zone) };
}
