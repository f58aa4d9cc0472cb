/**
 * What no few removals can close more than: whoever closes an entry takes something away from each of its ways. Of one way
 * each, told beforehand, the few that stand on the ways of most entries are on the ways of no more than they sum up to.
 */

export interface EntryWays {
  /** What it is worth to close the entry. */
  readonly weight: number;
  /** Ways, each as the removals that take something of it away. None where no way is known that can be told so. */
  readonly ways: readonly (readonly number[])[];
}

/** How often each entry chooses among its ways anew, the others having chosen. */
const ROUNDS = 3;

export function boundOf(entries: readonly EntryWays[], removals: number, top: number): number {
  const load = new Float64Array(removals);
  const chosen = new Map<EntryWays, readonly number[]>();
  const put = (way: readonly number[], weight: number): void => {
    for (const removal of way) load[removal] = (load[removal] ?? 0) + weight;
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const entry of entries) {
      const before = chosen.get(entry);
      if (before !== undefined) put(before, -entry.weight);
      const way = lightest(entry.ways, load);
      if (way === undefined) continue;
      chosen.set(entry, way);
      put(way, entry.weight);
    }
  }
  const any = entries.reduce((sum, entry) => sum + (chosen.has(entry) ? 0 : entry.weight), 0);
  return load
    .toSorted((a, b) => b - a)
    .subarray(0, top)
    .reduce((sum, one) => sum + one, any);
}

/** The way whose removals stand on the fewest others; any choice is right, and this one spreads them. */
function lightest(ways: EntryWays['ways'], load: Float64Array): readonly number[] | undefined {
  let [best, least] = [ways[0], Infinity];
  for (const way of ways) {
    const most = way.reduce((sum, removal) => Math.max(sum, load[removal] ?? 0), 0);
    if (most < least) [best, least] = [way, most];
  }
  return best;
}
