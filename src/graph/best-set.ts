/**
 * Which few of some removals close the most, taken together. Covering is not submodular where ways run in parallel: two
 * removals may close what neither does alone. So a search keeps several sets of each size, grows them by what closes most
 * and by the smallest set that closes one more entry (a hitting set over its derivations), and exchanges members of the
 * best. Where few sets exist all of them are tried, and the answer is the best there is.
 */
import { boundOf } from './best-bound.ts';
import { ALL_CLASSES, type Graph } from './graph.ts';
import { sharesOf } from './gains.ts';
import { cheapestHittingSet } from './hitting-set.ts';
import { entriesThatReach } from './reach.ts';
import type { Situation } from './situation.ts';
import { edgesOnwards, nextSteps } from './ways.ts';
import { cheapest } from './witness.ts';

/** Edges that go at once. */
export interface Removal {
  readonly edges: readonly number[];
  /** Decides between sets that close the same. Less than one entry is worth, for all that are chosen together. */
  readonly cost: number;
}

export interface BestSetQuestion {
  /** Edges are those of the whole graph. */
  readonly removals: readonly Removal[];
  /** What it is worth to close an entry, in the order of the situation's. */
  readonly weights: readonly number[];
  readonly top: number;
  /** How many edges may be looked at. */
  readonly effort?: number;
}

export interface BestSet {
  /** Indexes of removals in the order in which to make them. */
  readonly order: readonly number[];
  /** What all of them together close. */
  readonly closes: number;
  /** No set of that size closes more: what is sure of it. */
  readonly atMost: number;
  /** By itself, by removal. */
  readonly alone: readonly number[];
}

/** Of edges that are gone. */
const NO_CLASS = 31;
/** All classes and one that no edge has, but not that one: by `ALL_CLASSES` a search knows that it has to look at none. */
const ALL_THAT_STAY = ALL_CLASSES | (1 << (NO_CLASS - 1));
const EFFORT = 15_000_000;
/** Sets kept of each size. */
const WIDTH = 6;
/** Single removals that a set is grown by. */
const SINGLES = 5;
/** Entries of which a smallest set is sought, for each set that grows. */
const ENTRIES = 8;
/** Derivations of one entry. */
const DERIVATIONS = 40;
/** Of all entries together. */
const MOST_DERIVATIONS = 200;

export function bestSet(situation: Situation, question: BestSetQuestion): BestSet {
  return new Search(situation, question).run();
}

type Members = readonly number[];

class Search {
  readonly #graph: Graph;
  readonly #entries: readonly number[];
  readonly #target: number;
  readonly #weights: readonly number[];
  readonly #removals: readonly Removal[];
  /** Edges of the part by removal, and the removals by edge. */
  readonly #edges: readonly (readonly number[])[];
  readonly #removalsOf = new Map<number, number[]>();
  readonly #top: number;
  readonly #known = new Map<string, number>();
  readonly #all: number;
  /** Removals that touch the part at all. */
  readonly #useful: readonly number[];
  #searches: number;

  constructor({ part, entries, target }: Situation, { removals, weights, top, effort = EFFORT }: BestSetQuestion) {
    this.#graph = part.graph;
    this.#entries = entries;
    this.#target = target;
    this.#weights = weights;
    this.#removals = removals;
    this.#top = top;
    const idOf = new Map(Array.from(part.edgeOf, (edge, id) => [edge, id] as const));
    this.#edges = removals.map(({ edges }) => edges.flatMap((edge) => idOf.get(edge) ?? []));
    for (const [removal, edges] of this.#edges.entries()) {
      for (const edge of edges) {
        const list = this.#removalsOf.get(edge);
        if (list === undefined) this.#removalsOf.set(edge, [removal]);
        else list.push(removal);
      }
    }
    this.#useful = this.#edges.flatMap((edges, removal) => (edges.length > 0 ? [removal] : []));
    this.#searches = Math.ceil(effort / (part.graph.heads.length + 1));
    this.#all = this.#sumOf(this.#closedBy(this.#useful));
  }

  run(): BestSet {
    const alone = this.#removals.map(() => 0);
    for (const one of this.#mostPromising(this.#useful, this.#searches / 2)) alone[one] = this.#worth([one]);
    if (this.#top === 0) return { order: [], closes: 0, atMost: 0, alone };
    const exact = this.#exhaustive() ?? this.#complete();
    const best = exact ?? this.#exchanged(this.#grown(alone));
    const order = this.#ordered(best);
    const closes = this.#worth(best);
    return { order, closes, atMost: exact === undefined ? this.#bound(best) : closes, alone };
  }

  /** By a shortest way of each entry, one as the graph is and one beside what is chosen. */
  #bound(best: Members): number {
    const closable = this.#closedBy(this.#useful);
    const trees = [[], best].map((gone) => nextSteps(this.#graphWithout(gone), this.#target, ALL_THAT_STAY));
    const ways = this.#entries.flatMap((entry, index) => {
      if (closable[index] !== 1) return [];
      const own = trees.flatMap((next) => {
        const edges = edgesOnwards(this.#graph, next, { from: entry, to: this.#target });
        return edges === undefined ? [] : [[...new Set(edges.flatMap((edge) => this.#removalsOf.get(edge) ?? []))]];
      });
      return [{ weight: this.#weights[index] ?? 1, ways: own.filter((way) => way.length > 0) }];
    });
    return Math.max(this.#worth(best), Math.min(this.#all, boundOf(ways, this.#removals.length, this.#top)));
  }

  /** All sets where there are few. */
  #exhaustive(): Members | undefined {
    const size = Math.min(this.#top, this.#useful.length);
    let sets = 1;
    for (let index = 0; index < size; index += 1) sets = (sets * (this.#useful.length - index)) / (index + 1);
    if (sets > this.#searches / 4) return undefined;
    let best: Members = [];
    const visit = (chosen: number[], from: number): void => {
      if (chosen.length === size) {
        best = this.#better(best, chosen);
        return;
      }
      for (let index = from; index <= this.#useful.length - (size - chosen.length); index += 1)
        visit([...chosen, this.#useful[index] ?? 0], index + 1);
    };
    visit([], 0);
    return this.#withoutNeedless(best);
  }

  /**
   * The smallest set that closes everything, where it is no larger than asked for: no other closes more. What each of its
   * members closes alone may be little, so that no search that grows sets comes by it.
   */
  #complete(): Members | undefined {
    const closable = this.#closedBy(this.#useful);
    const entries = this.#entries.filter((_entry, index) => closable[index] === 1);
    const found = entries.length === 0 ? undefined : this.#smallest(entries, [], this.#top);
    return found !== undefined && this.#worth(found) >= this.#all ? this.#withoutNeedless(found) : undefined;
  }

  #grown(alone: readonly number[]): Members {
    const levels: Members[][] = Array.from({ length: this.#top + 1 }, () => []);
    levels[0] = [[]];
    let best: Members = [];
    for (let size = 0; size <= this.#top; size += 1) {
      for (const set of this.#fittest(levels[size] ?? [])) {
        best = this.#better(best, set);
        if (size === this.#top) continue;
        for (const one of this.#nextSingles(set, alone)) levels[size + 1]?.push([...set, one]);
        for (const more of this.#packages(set)) levels[size + more.length]?.push([...set, ...more]);
      }
    }
    return best;
  }

  #fittest(sets: readonly Members[]): Members[] {
    const distinct = [...new Map(sets.map((set) => [keyOf(set), set])).values()];
    return distinct.toSorted((a, b) => this.#worth(b) - this.#worth(a) || this.#costOf(a) - this.#costOf(b)).slice(0, WIDTH);
  }

  #nextSingles(set: Members, alone: readonly number[]): number[] {
    const before = this.#worth(set);
    const share = this.#searches / (4 * WIDTH * this.#top);
    const open = this.#useful.filter((one) => !set.includes(one)).toSorted((a, b) => (alone[b] ?? 0) - (alone[a] ?? 0));
    return open
      .slice(0, Math.max(SINGLES, share))
      .map((one) => ({ one, gain: this.#worth([...set, one]) - before }))
      .filter(({ gain }) => gain > 0)
      .toSorted((a, b) => b.gain - a.gain || this.#cost(a.one) - this.#cost(b.one))
      .slice(0, SINGLES)
      .map(({ one }) => one);
  }

  /** For some entries that are still open the smallest sets that close them, of two and more. */
  #packages(set: Members): Members[] {
    const room = this.#top - set.length;
    if (room < 2) return [];
    const found: Members[] = [];
    const tried = new Set<string>();
    for (const entry of this.#openAlike(set)) {
      if (this.#searches <= 0) break;
      const more = this.#smallest([entry], set, room);
      if (more === undefined || more.length < 2 || tried.has(keyOf(more))) continue;
      tried.add(keyOf(more));
      found.push(more);
    }
    return found;
  }

  /** One for each first way out, those first that stand for most. */
  #openAlike(set: Members): number[] {
    const closed = this.#closedBy(set);
    const groups = new Map<string, { entry: number; weight: number }>();
    for (const [index, entry] of this.#entries.entries()) {
      if (closed[index] === 1) continue;
      const { out } = this.#graph;
      const next = [...out.items.subarray(out.at[entry] ?? 0, out.at[entry + 1] ?? 0)].map((edge) => this.#likenessOf(edge));
      const key = next.join();
      const group = groups.get(key);
      const weight = this.#weights[index] ?? 1;
      if (group === undefined) groups.set(key, { entry, weight });
      else group.weight += weight;
    }
    return [...groups.values()]
      .toSorted((a, b) => b.weight - a.weight)
      .slice(0, ENTRIES)
      .map(({ entry }) => entry);
  }

  /** Where an edge leads, and what would take it away. */
  #likenessOf(edge: number): string {
    return `${this.#graph.heads[edge] ?? 0}:${(this.#removalsOf.get(edge) ?? []).join('+')}`;
  }

  #smallest(entries: readonly number[], set: Members, room: number): Members | undefined {
    const lists: number[][] = [];
    const rounds = entries.length > 1 ? MOST_DERIVATIONS : DERIVATIONS;
    for (let round = 0; round < rounds && this.#searches > 0; round += 1) {
      const { items } = cheapestHittingSet(lists, (one) => 1 + this.#cost(one));
      if (items.length > room) return undefined;
      const gone = this.#gone([...set, ...items]);
      this.#searches -= 1;
      const way = cheapest(this.#graph, { from: entries, to: this.#target }, (edge) => gone.has(edge));
      if (way === undefined) return items;
      const list = [...new Set(way.flatMap((edge) => this.#removalsOf.get(edge) ?? []))];
      if (list.length === 0) return undefined;
      lists.push(list);
    }
    return undefined;
  }

  /** Members for others as long as that closes more. */
  #exchanged(start: Members): Members {
    let best = start;
    for (let improved = true; improved && this.#searches > 0;) {
      improved = false;
      const all = best.length < this.#top ? [undefined, ...best] : best;
      for (const out of all) {
        const rest = best.filter((one) => one !== out);
        const tries = [
          ...this.#useful.filter((one) => !best.includes(one)).map((one) => [...rest, one]),
          ...this.#packages(rest).map((more) => [...rest, ...more]),
        ];
        for (const set of tries) {
          if (this.#searches <= 0) break;
          if (this.#better(best, set) === best) continue;
          best = set;
          improved = true;
          break;
        }
        if (improved) break;
      }
    }
    return this.#withoutNeedless(best);
  }

  /** Each step is to be worth as much as it can be: the order with the greatest sum over all beginnings. */
  #ordered(set: Members): number[] {
    const orders = new Map<string, { order: number[]; sum: number }>([['', { order: [], sum: 0 }]]);
    const orderOf = (members: Members): { order: number[]; sum: number } => {
      const key = keyOf(members);
      const known = orders.get(key);
      if (known !== undefined) return known;
      const own = this.#worth(members) - this.#costOf(members) / 1000;
      let best: { order: number[]; sum: number } | undefined;
      for (const last of members) {
        const { order, sum } = orderOf(members.filter((one) => one !== last));
        if (best === undefined || sum + own >= best.sum) best = { order: [...order, last], sum: sum + own };
      }
      const found = best ?? { order: [], sum: 0 };
      orders.set(key, found);
      return found;
    };
    return set.length > MOST_ORDERED ? this.#orderedByGain(set) : orderOf(set).order;
  }

  #orderedByGain(set: Members): number[] {
    const order: number[] = [];
    for (let left = [...set]; left.length > 0; left = left.filter((one) => !order.includes(one))) {
      const [next = 0] = left.toSorted((a, b) => this.#worth([...order, b]) - this.#worth([...order, a]) || this.#cost(a) - this.#cost(b));
      order.push(next);
    }
    return order;
  }

  #withoutNeedless(set: Members): Members {
    let kept = set;
    for (const one of set.toSorted((a, b) => this.#cost(b) - this.#cost(a))) {
      const rest = kept.filter((other) => other !== one);
      if (this.#worth(rest) >= this.#worth(kept)) kept = rest;
    }
    return kept;
  }

  /** The given number of them at most, by how many entries have to come by where they take something away. */
  #mostPromising(removals: readonly number[], most: number): readonly number[] {
    if (removals.length <= most) return removals;
    const { out, into, bodies, heads } = this.#graph;
    const shares = sharesOf(this.#graph, this.#entries, this.#target);
    const hope = (removal: number): number =>
      (this.#edges[removal] ?? []).reduce((sum, edge) => {
        const [tail, head] = [bodies.items[bodies.at[edge] ?? 0] ?? 0, heads[edge] ?? 0];
        const isOnlyOut = (out.at[tail + 1] ?? 0) - (out.at[tail] ?? 0) === 1;
        const isOnlyInto = (into.at[head + 1] ?? 0) - (into.at[head] ?? 0) === 1;
        const [before, behind] = [shares[tail] ?? 0, shares[head] ?? 0];
        return sum + Math.max(isOnlyOut ? before : before / 1000, isOnlyInto ? behind : behind / 1000);
      }, 0);
    const hopes = new Map(removals.map((removal) => [removal, hope(removal)]));
    return removals.toSorted((a, b) => (hopes.get(b) ?? 0) - (hopes.get(a) ?? 0) || a - b).slice(0, Math.max(1, most));
  }

  #better(one: Members, other: Members): Members {
    const gain = this.#worth(other) - this.#worth(one);
    if (gain !== 0) return gain > 0 ? other : one;
    return this.#costOf(other) < this.#costOf(one) ? other : one;
  }

  #cost(removal: number): number {
    return this.#removals[removal]?.cost ?? 0;
  }

  #costOf(set: Members): number {
    return set.reduce((sum, one) => sum + this.#cost(one), 0);
  }

  #worth(set: Members): number {
    const key = keyOf(set);
    let worth = this.#known.get(key);
    if (worth === undefined) this.#known.set(key, (worth = this.#sumOf(this.#closedBy(set))));
    return worth;
  }

  #sumOf(closed: Uint8Array): number {
    return closed.reduce((sum, one, index) => sum + one * (this.#weights[index] ?? 1), 0);
  }

  #closedBy(set: Members): Uint8Array {
    this.#searches -= 1;
    const ends = { from: this.#entries, to: this.#target };
    return entriesThatReach(this.#graphWithout(set), ends, { classes: ALL_THAT_STAY }).map((one) => 1 - one);
  }

  #graphWithout(set: Members): Graph {
    const klass = Uint8Array.from(this.#graph.klass);
    for (const one of set) for (const edge of this.#edges[one] ?? []) klass[edge] = NO_CLASS;
    return { ...this.#graph, klass };
  }

  #gone(set: Members): Set<number> {
    return new Set(set.flatMap((one) => this.#edges[one] ?? []));
  }
}

/** All orders of so many are tried. */
const MOST_ORDERED = 8;

function keyOf(set: Members): string {
  return set.toSorted((a, b) => a - b).join();
}
