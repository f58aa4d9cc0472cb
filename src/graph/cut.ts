/**
 * The fewest parts to take away so that no entry comes to hold a target. Where every edge needs one thing and every part
 * is one vertex this is a minimum cut, found by flow and exact at any size. Elsewhere flow gives a cut and a bound; where
 * the two differ a hitting set over all derivations decides: those that are still there are found one after the other
 * until a cheapest set of the known ones leaves none, which then is a cheapest of all. Each answer is searched once more
 * before it is told.
 */
import { type Graph, needsOf } from './graph.ts';
import { cheapestHittingSet } from './hitting-set.ts';
import { Ints, itemsOf } from './ints.ts';
import { type Ends, type Limits, entriesThatReach } from './reach.ts';
import { type SharedCut, SharedFlow } from './shared-flow.ts';
import type { Situation } from './situation.ts';
import { type Derivation, anyDerivation } from './witness.ts';

/** What it costs to take a part away; Infinity for what has to stay. */
export type CostOf = (part: number) => number;

export interface Cut {
  /** Ids of the graph's parts. */
  readonly parts: readonly number[];
  readonly cost: number;
  /** No cut is cheaper than this. */
  readonly atLeast: number;
  /** Whether the cost is the least there is. */
  readonly optimal: boolean;
  readonly method: 'nothing-to-cut' | 'flow' | 'hitting-set' | 'improved-flow';
}

/** How something is reached by what may not be taken away. */
export interface NoCut {
  readonly entry: number;
  readonly derivation: Derivation;
}

/** How much is spent on a proof, in edges that are looked at: a search looks at each once or twice. */
const MOST_EDGES_SEARCHED = 2_000_000;
/** Entries of which derivations are taken in one round, and derivations of each. */
const EACH_ROUND = 24;

export const NOTHING_TO_CUT: Cut = { parts: [], cost: 0, atLeast: 0, optimal: true, method: 'nothing-to-cut' };

/** Each answer is searched once more: in the part of the graph that has every way from the entries to the target. */
export function minimumCut(situation: Situation, costOf: CostOf): Cut | NoCut {
  const { part } = situation;
  const found = new Cutter(situation, costOf).cut();
  if (!('derivation' in found)) return found;
  return { entry: part.vertexOf[found.entry] ?? 0, derivation: found.derivation.map((edge) => part.edgeOf[edge] ?? 0) };
}

/** The vertices that are gone when parts are taken away, beside those that are gone already. */
export function without(graph: Graph, parts: Iterable<number>, before?: Uint8Array): Uint8Array {
  const gone = before === undefined ? new Uint8Array(graph.names.length) : Uint8Array.from(before);
  const taken = new Set(parts);
  const { at, items } = graph.partsOf;
  for (let vertex = 0; vertex < graph.names.length; vertex += 1) {
    for (let index = at[vertex] ?? 0; index < (at[vertex + 1] ?? 0); index += 1) if (taken.has(items[index] ?? 0)) gone[vertex] = 1;
  }
  return gone;
}

function remaining(graph: Graph, ends: Ends, limits: Limits): number[] {
  const reach = entriesThatReach(graph, ends, limits);
  return ends.from.filter((_, index) => reach[index] === 1);
}

class Cutter {
  readonly #graph: Graph;
  readonly #question: Pick<Situation, 'entries' | 'target'>;
  readonly #costOf: CostOf;
  /** Searches that may still be made. */
  #searches: number;

  constructor({ part: { graph }, entries, target }: Situation, costOf: CostOf) {
    this.#graph = graph;
    this.#question = { entries, target };
    this.#costOf = costOf;
    this.#searches = Math.ceil(MOST_EDGES_SEARCHED / (graph.heads.length + 1));
  }

  cut(): Cut | NoCut {
    const alone = this.#byFlow('alone');
    // No cut costs less than one of fewer edges: where that one closes the rest too, it is the best.
    if (alone.best !== undefined && alone.best.cost <= alone.atLeast + ROUNDING)
      return { ...alone.best, atLeast: alone.best.cost, optimal: true, method: 'flow' };
    const stuck = this.#uncuttable();
    if (stuck !== undefined) return stuck;
    let { best } = alone;
    for (const need of best === undefined ? (['narrowest', 'first', 'last'] as const) : []) {
      const enough = this.#byFlow(need).best;
      if (enough !== undefined && (best === undefined || enough.cost < best.cost)) best = enough;
    }
    if (best !== undefined && alone.atLeast >= best.cost - ROUNDING)
      return this.#checked({ ...best, atLeast: best.cost, optimal: true, method: 'flow' });
    return this.#byHittingSets(best === undefined ? undefined : this.#withoutNeedless(best.parts), alone.atLeast);
  }

  /** The best of some rounds in which costs are shared ever better; a cut is one only where nothing is left. */
  #byFlow(edges: Follows): { best: Pick<Cut, 'parts' | 'cost'> | undefined; atLeast: number } {
    const flow = this.#flow(edges);
    let best: Pick<Cut, 'parts' | 'cost'> | undefined;
    let atLeast = 0;
    let found: SharedCut | undefined = flow.first();
    for (let round = 0; found !== undefined && round < MOST_ROUNDS; round += 1) {
      for (const parts of [this.#partsOf(found.vertices), found.parts]) {
        const cost = this.#sum(parts);
        if ((best === undefined || cost < best.cost) && this.#left(parts).length === 0) best = { parts, cost };
      }
      const isStill = round > 0 && found.atLeast <= atLeast + ROUNDING;
      atLeast = Math.max(atLeast, found.atLeast);
      if (isStill || (best !== undefined && best.cost <= atLeast + ROUNDING)) break;
      found = flow.next();
    }
    return { best, atLeast };
  }

  #checked(cut: Cut): Cut {
    const left = this.#left(cut.parts);
    if (left.length > 0) throw new Error(`a cut of ${cut.parts.length} parts leaves ${left.length} entries`);
    return cut;
  }

  #partsOf(vertices: readonly number[]): number[] {
    return [...new Set(vertices.map((vertex) => this.#cheapestPart(vertex)))];
  }

  /** A derivation of which nothing may be taken away. */
  #uncuttable(): NoCut | undefined {
    const { entries, target } = this.#question;
    const removable: number[] = [];
    for (let id = 0; id < this.#graph.parts.length; id += 1) if (this.#costOf(id) < Infinity) removable.push(id);
    const gone = without(this.#graph, removable);
    gone[target] = 0;
    const reach = entriesThatReach(this.#graph, { from: entries, to: target }, { without: gone });
    const index = reach.indexOf(1);
    if (index < 0) return undefined;
    const entry = entries[index] ?? 0;
    return { entry, derivation: anyDerivation(this.#graph, { from: [entry], to: target }, gone) ?? [] };
  }

  #flow(follows: Follows): SharedFlow {
    const [from, to] = [new Ints(), new Ints()];
    const { bodies, heads } = this.#graph;
    for (let edge = 0; edge < heads.length; edge += 1) {
      const first = bodies.at[edge] ?? 0;
      const end = bodies.at[edge + 1] ?? 0;
      if (follows === 'alone' && end - first !== 1) continue;
      const isNarrow = follows === 'narrowest' && end - first !== 1;
      from.push(isNarrow ? this.#narrowest(needsOf(this.#graph, edge)) : (bodies.items[follows === 'last' ? end - 1 : first] ?? 0));
      to.push(heads[edge] ?? 0);
    }
    const { entries: sources, target: sink } = this.#question;
    const { names, partsOf } = this.#graph;
    return new SharedFlow({ vertices: names.length, from: from.done(), to: to.done(), sources, sink, partsOf, costOf: this.#costOf });
  }

  /** The one that seems cheapest to cut off. */
  #narrowest(needs: Int32Array): number {
    let [best, least] = [needs[0] ?? 0, Infinity];
    for (const need of needs) {
      const part = this.#cheapestPart(need);
      const own = part < 0 ? Infinity : this.#costOf(part);
      const ways = (this.#graph.into.at[need + 1] ?? 0) - (this.#graph.into.at[need] ?? 0);
      const narrow = own < Infinity ? own : 1000 + ways;
      if (narrow < least) [best, least] = [need, narrow];
    }
    return best;
  }

  #cheapestPart(vertex: number): number {
    let [best, least] = [-1, Infinity];
    for (const part of itemsOf(this.#graph.partsOf, vertex)) if (this.#costOf(part) < least) [best, least] = [part, this.#costOf(part)];
    return best;
  }

  /** Drops what is not needed beside the others, the dearest first. */
  #withoutNeedless(parts: readonly number[]): number[] {
    let kept = [...parts];
    for (const part of parts.toSorted((a, b) => this.#costOf(b) - this.#costOf(a) || b - a)) {
      if (this.#searches <= 0) break;
      const rest = kept.filter((other) => other !== part);
      if (this.#left(rest).length === 0) kept = rest;
    }
    return kept;
  }

  #left(parts: readonly number[]): number[] {
    this.#searches -= 1;
    const { entries, target } = this.#question;
    return remaining(this.#graph, { from: entries, to: target }, { without: without(this.#graph, parts) });
  }

  #byHittingSets(flowing: readonly number[] | undefined, knownBound: number): Cut {
    const lists: number[][] = [];
    let atLeast = knownBound;
    const best = flowing === undefined ? undefined : { parts: flowing, cost: this.#sum(flowing) };
    while (this.#searches > 0) {
      const { items, cost, proved } = cheapestHittingSet(lists, this.#costOf);
      if (proved) atLeast = Math.max(atLeast, cost);
      if (best !== undefined && atLeast >= best.cost - ROUNDING) break;
      const left = this.#left(items);
      if (left.length === 0 && (proved || best === undefined || cost < best.cost)) {
        return { parts: items, cost, atLeast: proved ? cost : atLeast, optimal: proved, method: 'hitting-set' };
      }
      if (left.length === 0 || (!proved && best !== undefined)) break;
      lists.push(...this.#more(left, items));
    }
    const { parts, cost } = best ?? this.#greedily(lists);
    const optimal = atLeast >= cost - ROUNDING;
    return this.#checked({ parts, cost, atLeast: optimal ? cost : atLeast, optimal, method: 'improved-flow' });
  }

  /** Derivations that are left, each without what those before it can lose. */
  #more(left: readonly number[], items: readonly number[]): number[][] {
    const lists: number[][] = [];
    for (const entry of left.slice(0, EACH_ROUND)) {
      const taken = new Set(items);
      for (let again = 0; again < EACH_ROUND; again += 1) {
        const parts = this.#partsIn(entry, without(this.#graph, taken));
        this.#searches -= 0.5;
        if (parts === undefined || (this.#searches <= 0 && lists.length > 0)) break;
        lists.push(parts);
        for (const part of parts) taken.add(part);
      }
    }
    return lists;
  }

  #partsIn(entry: number, gone: Uint8Array): number[] | undefined {
    gone[this.#question.target] = 0;
    const derivation = anyDerivation(this.#graph, { from: [entry], to: this.#question.target }, gone);
    if (derivation === undefined) return undefined;
    const vertices = new Set([entry, ...derivation.flatMap((edge) => [...needsOf(this.#graph, edge)])]);
    vertices.delete(this.#question.target);
    const parts = new Set<number>();
    for (const vertex of vertices)
      for (const part of itemsOf(this.#graph.partsOf, vertex)) if (this.#costOf(part) < Infinity) parts.add(part);
    return [...parts];
  }

  #greedily(lists: number[][]): { parts: number[]; cost: number } {
    const parts: number[] = [];
    for (let left = this.#left(parts); left.length > 0; left = this.#left(parts)) {
      lists.push(...this.#more(left, parts));
      const open = lists.filter((list) => !list.some((part) => parts.includes(part)));
      parts.push(...cheapestHittingSet(open, this.#costOf).items);
    }
    const kept = this.#withoutNeedless(parts);
    return { parts: kept, cost: this.#sum(kept) };
  }

  #sum(parts: readonly number[]): number {
    return parts.reduce((sum, part) => sum + this.#costOf(part), 0);
  }
}

/**
 * What a flow follows. `alone`: only edges that need one thing, so that no cut costs less than it. The others: one need of
 * each edge, which is enough to cut off, so that what cuts them cuts, but may be dear.
 */
type Follows = 'alone' | 'narrowest' | 'first' | 'last';

/** How often costs are shared anew. */
const MOST_ROUNDS = 4;
/** Shares of costs are fractions. */
const ROUNDING = 1e-6;
