/**
 * What taking away one part alone would do: how many entries lose every way to a target. Of a graph in which every edge
 * needs one thing that is told for all vertices at once, by what dominates each entry as seen from the target; parts that
 * are several vertices, or stand among edges that need several things, are searched again without them.
 */
import type { Graph } from './graph.ts';
import { type Grouped, Ints, grouped, itemsOf } from './ints.ts';
import { Loss } from './loss.ts';
import { onlyNeedsOf } from './reach.ts';
import type { Situation } from './situation.ts';

export interface Gain {
  readonly part: number;
  /** Entries that no longer reach the target. */
  readonly closes: number;
}

export interface GainOptions {
  readonly isRemovable: (part: number) => boolean;
  /** How many are told. */
  readonly top: number;
  /** Of parts that close as many the cheapest comes first; left out where all cost the same. */
  readonly costOf?: (part: number) => number;
}

/** How many edges are looked at again where dominators do not say all. */
const MOST_EDGES_SEARCHED = 400_000;

/** The best single parts, those that close most first; none that closes nothing. */
export function bestSingleParts(situation: Situation, { isRemovable, top, costOf = () => 0 }: GainOptions): Gain[] {
  const { graph } = situation.part;
  const trial = new Trial(situation);
  const best: Gain[] = [];
  let before: Gain | undefined;
  let searches = Math.ceil(MOST_EDGES_SEARCHED / (graph.heads.length + 1));
  const least = (): number => (best.length < top ? 1 : (best.at(-1)?.closes ?? 1));
  for (const part of trial.inOrder((each) => trial.closesAtMost(each) >= least())) {
    if (!isRemovable(part)) continue;
    let closes = trial.byDominators(part);
    if (!trial.isExact(part) && searches > 0) {
      // A binding and the only role that it gives are of the same vertices, and come one after the other.
      if (before === undefined || !trial.isSame(part, before.part)) {
        searches -= 1;
        before = { part, closes: trial.closedBy(part) };
      }
      ({ closes } = before);
    }
    if (closes < least()) continue;
    best.push({ part, closes });
    best.sort((a, b) => b.closes - a.closes || costOf(a.part) - costOf(b.part) || a.part - b.part);
    best.length = Math.min(best.length, top);
  }
  return best;
}

/** Parts taken away one at a time. */
class Trial {
  /** By part: of how many vertices it is, and of how many entries those are dominators. */
  readonly places: Int32Array;
  readonly sums: Int32Array;
  readonly #situation: Situation;
  readonly #vertices: Grouped;
  readonly #oneNeedEach: boolean;
  readonly #loss: Loss;

  constructor(situation: Situation) {
    this.#situation = situation;
    this.#loss = new Loss(situation);
    const { graph } = situation.part;
    const { partsOf, parts, names } = graph;
    const shares = sharesIn(situation);
    this.#oneNeedEach = graph.bodies.items.length === graph.heads.length;
    this.places = new Int32Array(parts.length);
    this.sums = new Int32Array(parts.length);
    const [owners, ids] = [new Ints(), new Ints()];
    for (let vertex = 0; vertex < names.length; vertex += 1) {
      if (vertex === situation.target) continue;
      for (let at = partsOf.at[vertex] ?? 0; at < (partsOf.at[vertex + 1] ?? 0); at += 1) {
        const id = partsOf.items[at] ?? 0;
        this.sums[id] = (this.sums[id] ?? 0) + (shares[vertex] ?? 0);
        this.places[id] = (this.places[id] ?? 0) + 1;
        ids.push(id);
        owners.push(vertex);
      }
    }
    this.#vertices = grouped(parts.length, ids.done(), owners.done());
  }

  /**
   * The parts that are worth a trial, those first whose vertices dominate most entries. Most parts are soon worth none, so
   * that they need not be sorted.
   */
  *inOrder(isWorthIt: (part: number) => boolean): Generator<number> {
    const [rests, ids] = [new Ints(), new Ints()];
    const most = this.sums.reduce((highest, sum) => Math.max(highest, sum), 0);
    for (let id = 0; id < this.places.length; id += 1) {
      if ((this.places[id] ?? 0) === 0) continue;
      rests.push(most - (this.sums[id] ?? 0));
      ids.push(id);
    }
    const alike = grouped(most + 1, rests.done(), ids.done());
    for (let rest = 0; rest <= most; rest += 1) {
      const parts = itemsOf(alike, rest).filter(isWorthIt);
      parts.sort((a, b) => (this.places[b] ?? 0) - (this.places[a] ?? 0) || a - b);
      for (const part of parts) if (isWorthIt(part)) yield part;
    }
  }

  byDominators(part: number): number {
    return Math.min(this.sums[part] ?? 0, this.#situation.entries.length);
  }

  isExact(part: number): boolean {
    return this.#oneNeedEach && this.places[part] === 1;
  }

  /** Whether to take one away is to take the other away. */
  isSame(part: number, other: number): boolean {
    if (this.places[part] !== this.places[other]) return false;
    const [vertices, others] = [itemsOf(this.#vertices, part), itemsOf(this.#vertices, other)];
    return vertices.every((vertex, index) => vertex === others[index]);
  }

  closesAtMost(part: number): number {
    return this.#loss.atMost(itemsOf(this.#vertices, part));
  }

  closedBy(part: number): number {
    return this.#loss.of(itemsOf(this.#vertices, part));
  }
}

/** A vertex that all ways of some entries lead through. */
export interface ChokePoint {
  readonly vertex: number;
  readonly entries: number;
}

/**
 * The vertices of the whole graph that most entries cannot do without, by dominators. Where edges need several things each
 * need is taken for a way of its own, so that there may be more of them but none too many.
 */
export function chokePoints(situation: Situation, top: number): ChokePoint[] {
  const {
    part: { vertexOf },
    entries,
    target,
  } = situation;
  const shares = sharesIn(situation);
  const starts = new Set(entries);
  const found: ChokePoint[] = [];
  for (let vertex = 0; vertex < shares.length; vertex += 1) {
    const share = shares[vertex] ?? 0;
    if (share > 1 && vertex !== target && !starts.has(vertex)) found.push({ vertex: vertexOf[vertex] ?? 0, entries: share });
  }
  return found.toSorted((a, b) => b.entries - a.entries || a.vertex - b.vertex).slice(0, top);
}

const SHARES = new WeakMap<Situation, Int32Array>();

function sharesIn(situation: Situation): Int32Array {
  let shares = SHARES.get(situation);
  if (shares === undefined) SHARES.set(situation, (shares = sharesOf(situation.part.graph, situation.entries, situation.target)));
  return shares;
}

/** For each vertex how many entries it dominates: all their ways to the target lead through it. */
export function sharesOf(graph: Graph, entries: readonly number[], target: number): Int32Array {
  const order = fromTarget(graph, target);
  const dominator = dominators(graph, target, order);
  const shares = new Int32Array(graph.names.length);
  for (const entry of entries) shares[entry] = (shares[entry] ?? 0) + 1;
  for (let at = order.length - 1; at > 0; at -= 1) {
    const vertex = order[at] ?? 0;
    const above = dominator[vertex] ?? -1;
    if (above >= 0) shares[above] = (shares[above] ?? 0) + (shares[vertex] ?? 0);
  }
  return shares;
}

/** Vertices in reverse postorder of a walk from the target against the edges. */
function fromTarget(graph: Graph, target: number): Int32Array {
  const { into, bodies, names } = graph;
  const onlyNeeds = onlyNeedsOf(graph);
  const order = new Int32Array(names.length);
  const seen = new Uint8Array(names.length);
  const stack = new Int32Array(names.length);
  // For each vertex on the way the edge that is looked at next, and which of its needs.
  const edges = into.at.slice(0, names.length);
  const needs = new Int32Array(names.length);
  let [top, place] = [0, names.length];
  stack[0] = target;
  seen[target] = 1;
  while (top >= 0) {
    const vertex = stack[top] ?? 0;
    let next = -1;
    while (next < 0 && (edges[vertex] ?? 0) < (into.at[vertex + 1] ?? 0)) {
      const only = onlyNeeds[edges[vertex] ?? 0] ?? -1;
      if (only >= 0) {
        edges[vertex] = (edges[vertex] ?? 0) + 1;
        if (seen[only] === 0) next = only;
        continue;
      }
      const edge = into.items[edges[vertex] ?? 0] ?? 0;
      const at = (bodies.at[edge] ?? 0) + (needs[vertex] ?? 0);
      if (at >= (bodies.at[edge + 1] ?? 0)) {
        edges[vertex] = (edges[vertex] ?? 0) + 1;
        needs[vertex] = 0;
        continue;
      }
      needs[vertex] = (needs[vertex] ?? 0) + 1;
      const need = bodies.items[at] ?? 0;
      if (seen[need] === 0) next = need;
    }
    if (next < 0) {
      top -= 1;
      place -= 1;
      order[place] = vertex;
      continue;
    }
    seen[next] = 1;
    top += 1;
    stack[top] = next;
  }
  return order.subarray(place);
}

/** The nearest dominator of each vertex, after Cooper, Harvey and Kennedy; that of the target is itself. */
function dominators({ heads, out, names }: Graph, target: number, order: Int32Array): Int32Array {
  const place = new Int32Array(names.length).fill(-1);
  for (let index = 0; index < order.length; index += 1) place[order[index] ?? 0] = index;
  const dominator = new Int32Array(names.length).fill(-1);
  dominator[target] = target;
  const common = (one: number, other: number): number => {
    let a = one;
    let b = other;
    while (a !== b) {
      while ((place[a] ?? 0) > (place[b] ?? 0)) a = dominator[a] ?? 0;
      while ((place[b] ?? 0) > (place[a] ?? 0)) b = dominator[b] ?? 0;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (let next = 0; next < order.length; next += 1) {
      const vertex = order[next] ?? 0;
      if (vertex === target) continue;
      let nearest = -1;
      const end = out.at[vertex + 1] ?? 0;
      for (let index = out.at[vertex] ?? 0; index < end; index += 1) {
        const head = heads[out.items[index] ?? 0] ?? 0;
        if ((dominator[head] ?? -1) < 0) continue;
        nearest = nearest < 0 ? head : common(nearest, head);
      }
      if (nearest === dominator[vertex]) continue;
      dominator[vertex] = nearest;
      changed = true;
    }
  }
  return dominator;
}
