/**
 * What taking away one part alone would do: how many entries lose every way to a target. Of a graph in which every edge
 * needs one thing that is told for all vertices at once, by what dominates each entry as seen from the target; parts that
 * are several vertices, or stand among edges that need several things, are searched again without them.
 */
import { without } from './cut.ts';
import { type Graph, itemsOf } from './graph.ts';
import { type Limits, entriesThatReach } from './reach.ts';
import { between } from './subgraph.ts';

export interface Gain {
  readonly part: number;
  /** Entries that no longer reach the target. */
  readonly closes: number;
}

export interface GainOptions extends Limits {
  readonly isRemovable: (part: number) => boolean;
  /** How many are told. */
  readonly top: number;
}

/** How many edges are looked at again where dominators do not say all. */
const MOST_EDGES_SEARCHED = 4_000_000;

/** The best single parts, those that close most first; none that closes nothing. */
export function bestSingleParts(graph: Graph, entries: readonly number[], target: number, options: GainOptions): Gain[] {
  const { isRemovable, top } = options;
  const reach = entriesThatReach(graph, entries, target, options);
  const reaching = entries.filter((_, index) => reach[index] === 1);
  if (reaching.length === 0) return [];
  const { graph: part, idOf } = between(graph, reaching, [target], options);
  const inner = reaching.map((entry) => idOf[entry] ?? 0);
  const goal = idOf[target] ?? 0;
  const shares = sharesOf(part, inner, goal);
  const sums = new Map<number, number>();
  const places = new Map<number, number>();
  for (let vertex = 0; vertex < part.names.length; vertex += 1) {
    if (vertex === goal) continue;
    for (const id of itemsOf(part.partsOf, vertex)) {
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
    const left = entriesThatReach(part, inner, goal, { without: without(part, [id]) });
    return { part: id, closes: inner.length - left.reduce((count, one) => count + one, 0) };
  });
  return gains
    .filter(({ closes }) => closes > 0)
    .toSorted((a, b) => b.closes - a.closes || a.part - b.part)
    .slice(0, top);
}

/** For each vertex how many entries it dominates: all their ways to the target lead through it. */
function sharesOf(graph: Graph, entries: readonly number[], target: number): Int32Array {
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
function fromTarget(graph: Graph, target: number): number[] {
  const seen = new Uint8Array(graph.names.length);
  const postorder: number[] = [];
  const stack: { vertex: number; steps: number[]; at: number }[] = [{ vertex: target, steps: stepsBack(graph, target), at: 0 }];
  seen[target] = 1;
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.steps[top.at];
    top.at += 1;
    if (next === undefined) {
      postorder.push(top.vertex);
      stack.pop();
    } else if (seen[next] === 0) {
      seen[next] = 1;
      stack.push({ vertex: next, steps: stepsBack(graph, next), at: 0 });
    }
  }
  return postorder.toReversed();
}

function stepsBack(graph: Graph, vertex: number): number[] {
  const steps: number[] = [];
  for (const edge of itemsOf(graph.into, vertex)) for (const need of itemsOf(graph.bodies, edge)) steps.push(need);
  return steps;
}

/** The nearest dominator of each vertex, after Cooper, Harvey and Kennedy; that of the target is itself. */
function dominators(graph: Graph, target: number, order: readonly number[]): Int32Array {
  const place = new Int32Array(graph.names.length).fill(-1);
  for (const [index, vertex] of order.entries()) place[vertex] = index;
  const dominator = new Int32Array(graph.names.length).fill(-1);
  dominator[target] = target;
  const common = (one: number, other: number): number => {
    let [a, b] = [one, other];
    while (a !== b) {
      while ((place[a] ?? 0) > (place[b] ?? 0)) a = dominator[a] ?? 0;
      while ((place[b] ?? 0) > (place[a] ?? 0)) b = dominator[b] ?? 0;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const vertex of order) {
      if (vertex === target) continue;
      let nearest = -1;
      for (const edge of itemsOf(graph.out, vertex)) {
        const head = graph.heads[edge] ?? 0;
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
