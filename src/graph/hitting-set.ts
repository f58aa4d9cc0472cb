/** The cheapest set of things that has one of each of several lists: branch and bound, exact up to a number of branches. */

export interface HittingSet {
  readonly items: readonly number[];
  readonly cost: number;
  /** Whether nothing cheaper exists. */
  readonly proved: boolean;
}

/** Enough for some dozens of lists; what takes more is told as not proved. */
const MOST_BRANCHES = 20_000;

/** Every list has something in it. */
export function cheapestHittingSet(lists: readonly (readonly number[])[], costOf: (item: number) => number): HittingSet {
  return new Solver(withoutWider(lists), costOf).solve();
}

/** What holds a shorter list within itself is hit wherever that one is. */
function withoutWider(lists: readonly (readonly number[])[]): Set<number>[] {
  const sets = lists.map((list) => new Set(list)).toSorted((a, b) => a.size - b.size);
  const kept: Set<number>[] = [];
  for (const set of sets) if (!kept.some((smaller) => [...smaller].every((item) => set.has(item)))) kept.push(set);
  return kept;
}

class Solver {
  readonly #lists: readonly ReadonlySet<number>[];
  readonly #costOf: (item: number) => number;
  #best: number[];
  #bestCost: number;
  #branches = 0;

  constructor(lists: readonly ReadonlySet<number>[], costOf: (item: number) => number) {
    this.#lists = lists;
    this.#costOf = costOf;
    this.#best = greedy(lists, costOf);
    this.#bestCost = this.#best.reduce((sum, item) => sum + costOf(item), 0);
  }

  solve(): HittingSet {
    this.#branch([], 0, this.#lists);
    return { items: this.#best, cost: this.#bestCost, proved: this.#branches < MOST_BRANCHES };
  }

  #branch(chosen: number[], cost: number, open: readonly ReadonlySet<number>[]): void {
    if (this.#branches >= MOST_BRANCHES) return;
    this.#branches += 1;
    const [first] = open;
    if (first === undefined) {
      if (cost < this.#bestCost) [this.#best, this.#bestCost] = [[...chosen], cost];
      return;
    }
    if (cost + leastCost(open, this.#costOf) >= this.#bestCost - 1e-9) return;
    const frequency = frequencies(open);
    const items = [...first].toSorted(
      (a, b) => (frequency.get(b) ?? 0) / this.#costOf(b) - (frequency.get(a) ?? 0) / this.#costOf(a) || a - b,
    );
    let rest = open;
    for (const item of items) {
      this.#branch(
        [...chosen, item],
        cost + this.#costOf(item),
        rest.filter((list) => !list.has(item)),
      );
      // What was tried here is not needed in the other branches.
      rest = rest.map((list) => (list.has(item) ? new Set([...list].filter((other) => other !== item)) : list));
      if (rest.some((list) => list.size === 0)) return;
      rest = rest.toSorted((a, b) => a.size - b.size);
    }
  }
}

/** No set is cheaper than lists with nothing in common cost together. */
function leastCost(lists: readonly ReadonlySet<number>[], costOf: (item: number) => number): number {
  const used = new Set<number>();
  let sum = 0;
  for (const list of lists) {
    if ([...list].some((item) => used.has(item))) continue;
    for (const item of list) used.add(item);
    sum += Math.min(...[...list].map(costOf));
  }
  return sum;
}

function greedy(lists: readonly ReadonlySet<number>[], costOf: (item: number) => number): number[] {
  const chosen: number[] = [];
  for (let open = lists; open.length > 0;) {
    let [best, most] = [-1, -1];
    for (const [item, count] of frequencies(open)) if (count / costOf(item) > most) [best, most] = [item, count / costOf(item)];
    chosen.push(best);
    open = open.filter((list) => !list.has(best));
  }
  return chosen;
}

function frequencies(lists: readonly ReadonlySet<number>[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const list of lists) for (const item of list) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
