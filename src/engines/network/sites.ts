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

/** The sites when there is one more range, and the pods that it takes to another: of those at one site the fewer. */
export function gainsOf(
  { pods, entities, sites }: Before,
  [number, range]: NumberedRange,
): { sites: readonly Site[]; moved: readonly number[] } {
  const inside = new Set<number>();
  const cut = new Map<number, { inside: number[]; outside: number[] }>();
  for (const [index, { around }] of sites.entries()) {
    if (intersection(around, range).length === 0) continue;
    if (isSubset(around, range)) inside.add(index);
    else cut.set(index, { inside: [], outside: [] });
  }
  if (cut.size > 0) {
    for (let index = 0; index < pods.length; index += 1) {
      let [within, without] = [false, false];
      for (const address of pods[index]?.addresses ?? []) {
        if (contains(range, address)) within = true;
        else without = true;
      }
      for (const id of entities.classesOf[index] ?? []) {
        const site = cut.get(entities.classes[id]?.site ?? 0);
        if (within) site?.inside.push(index);
        if (without) site?.outside.push(index);
      }
    }
  }
  for (const [index, site] of cut) if (site.inside.length > site.outside.length) inside.add(index);
  return {
    sites: sites.map((site, index) => (inside.has(index) ? { ...site, ranges: [...site.ranges, number] } : site)),
    moved: [...cut].flatMap(([index, site]) => (inside.has(index) ? site.outside : site.inside)),
  };
}
