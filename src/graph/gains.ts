/**
 * What taking away one part alone would do: how many entries lose every way to a target. Of a graph in which every edge
 * needs one thing that is told for all vertices at once, by what dominates each entry as seen from the target; parts that
 * are several vertices, or stand among edges that need several things, are searched again without them.
 */
import { without } from './cut.ts';
import type { Graph } from './graph.ts';
import { entriesThatReach, onlyNeedsOf } from './reach.ts';
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
}

/** How many edges are looked at again where dominators do not say all. */
const MOST_EDGES_SEARCHED = 400_000;

/** The best single parts, those that close most first; none that closes nothing. */
export function bestSingleParts(situation: Situation, { isRemovable, top }: GainOptions): Gain[] {
  const { entries: inner, target: goal } = situation;
  const { graph: part } = situation.part;
  const shares = sharesIn(situation);
  const sums = new Map<number, number>();
  const places = new Map<number, number>();
  for (let vertex = 0; vertex < part.names.length; vertex += 1) {
    if (vertex === goal) continue;
    for (let at = part.partsOf.at[vertex] ?? 0; at < (part.partsOf.at[vertex + 1] ?? 0); at += 1) {
      const id = part.partsOf.items[at] ?? 0;
      if (!isRemovable(id)) continue;
      sums.set(id, (sums.get(id) ?? 0) + (shares[vertex] ?? 0));
      places.set(id, (places.get(id) ?? 0) + 1);
    }
  }
  const exact = part.bodies.items.length === part.heads.length;
  const order = [...sums].toSorted(([a, one], [b, other]) => other - one || (places.get(b) ?? 0) - (places.get(a) ?? 0) || a - b);
  const searched = Math.ceil(MOST_EDGES_SEARCHED / (part.heads.length + 1));
  const gains = order.map(([id, sum], index): Gain => {
    if ((exact && places.get(id) === 1) || index >= searched) return { part: id, closes: Math.min(sum, inner.length) };
    const left = entriesThatReach(part, { from: inner, to: goal }, { without: without(part, [id]) });
    return { part: id, closes: inner.length - left.reduce((count, one) => count + one, 0) };
  });
  return gains
    .filter(({ closes }) => closes > 0)
    .toSorted((a, b) => b.closes - a.closes || a.part - b.part)
    .slice(0, top);
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
  return [...shares]
    .flatMap((share, vertex) =>
      share > 1 && vertex !== target && !starts.has(vertex) ? [{ vertex: vertexOf[vertex] ?? 0, entries: share }] : [],
    )
    .toSorted((a, b) => b.entries - a.entries || a.vertex - b.vertex)
    .slice(0, top);
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
