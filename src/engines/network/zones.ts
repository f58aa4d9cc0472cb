/** Addresses in as few groups as the ranges of policies can tell apart. */
import { EVERY_ADDRESS, type Family, WHOLE, familyOf } from './addresses.ts';
import { type Intervals, boundariesUpTo, intersection, spans } from './intervals.ts';

/** Addresses of one family that lie in the same ranges. */
export interface Zone {
  readonly family: Family;
  readonly set: Intervals<bigint>;
  /** Equal exactly for zones that lie in the same ranges; '' for those in none. */
  readonly within: string;
  /** Of the ranges that were given. */
  readonly ranges: readonly number[];
}

export class Zones {
  readonly all: readonly Zone[];
  readonly #starts: readonly bigint[];
  readonly #zoneOf: readonly (number | undefined)[];

  constructor(ranges: readonly Intervals<bigint>[]) {
    const starts = [...new Set([EVERY_ADDRESS, ...ranges].flat())].toSorted((a, b) => (a < b ? -1 : 1));
    const at = new Map(starts.map((start, index) => [start, index]));
    const inside = starts.map((): number[] => []);
    for (const [id, range] of ranges.entries()) {
      for (const [start, end] of spans(range))
        for (let index = at.get(start) ?? 0; index < (at.get(end) ?? 0); index += 1) inside[index]?.push(id);
    }
    const zones = new Map<string, { id: number; family: Family; ranges: number[]; bounds: bigint[] }>();
    this.#starts = starts;
    this.#zoneOf = starts.map((start, index) => {
      const end = starts[index + 1];
      const family = familyOf(start);
      // What lies between the families is no address.
      if (end === undefined || intersection([start, end], WHOLE[family]).length === 0) return undefined;
      const key = `${family} ${inside[index]?.join() ?? ''}`;
      let zone = zones.get(key);
      if (zone === undefined) zones.set(key, (zone = { id: zones.size, family, ranges: inside[index] ?? [], bounds: [] }));
      if (zone.bounds.at(-1) === start) zone.bounds.pop();
      else zone.bounds.push(start);
      zone.bounds.push(end);
      return zone.id;
    });
    this.all = [...zones.values()].map(({ family, ranges, bounds }) => ({ family, ranges, within: ranges.join(), set: bounds }));
  }

  /** The zone of an address, as an index into `all`. */
  indexAt(address: bigint): number {
    return this.#zoneOf[boundariesUpTo(this.#starts, address) - 1] ?? 0;
  }
}
