/** Where the addresses of pods lie, as far as the ranges of policies tell them apart: most pods of a cluster are at one site. */
import type { Entities } from './entities.ts';
import { type Intervals, contains, intersection, isSubset } from './intervals.ts';
import type { Pod } from './pods.ts';
import type { NumberedRange } from './zones.ts';

export interface Site {
  /** Numbers of the ranges that it lies in. */
  readonly ranges: readonly number[];
  /** A stretch of each family that holds all addresses of pods here, and others. */
  readonly around: Intervals<bigint>;
}

/** Of pods whose addresses nobody knows. It lies in no range. */
export const NOWHERE: Site = { ranges: [], around: [] };

interface Before {
  readonly pods: readonly Pod[];
  readonly entities: Entities;
  readonly sites: readonly Site[];
}

/** The sites when there is one more range, and the pods that it takes to another. */
export function gainsOf(
  { pods, entities, sites }: Before,
  [number, range]: NumberedRange,
): { sites: readonly Site[]; moved: readonly number[] } {
  const split = new Map<number, { inside: number[]; others: boolean }>();
  const whole = new Set<number>();
  for (const [index, { around }] of sites.entries()) {
    if (intersection(around, range).length === 0) continue;
    if (isSubset(around, range)) whole.add(index);
    else split.set(index, { inside: [], others: false });
  }
  if (split.size > 0) {
    for (const [index, { addresses }] of pods.entries()) {
      for (const id of entities.classesOf[index] ?? []) {
        const site = split.get(entities.classes[id]?.site ?? 0);
        if (site === undefined) continue;
        if (addresses.some((address) => contains(range, address))) site.inside.push(index);
        if (!addresses.every((address) => contains(range, address))) site.others = true;
      }
    }
  }
  for (const [index, { inside, others }] of split) if (inside.length > 0 && !others) whole.add(index);
  return {
    sites: sites.map((site, index) => (whole.has(index) ? { ...site, ranges: [...site.ranges, number] } : site)),
    moved: [...split].flatMap(([index, { inside }]) => (whole.has(index) ? [] : inside)),
  };
}
