/**
 * How something comes to be held: the cheapest derivation, by Knuth's generalisation of Dijkstra to edges that need
 * several things, and further ones that differ from it.
 */
import { CLASSES, type Graph, LINK, needsOf } from './graph.ts';
import { type Ends, type Limits, needCounts } from './reach.ts';
import { type Subgraph, between } from './subgraph.ts';

/** A derivation: edges in an order in which each needs only the seeds and what comes before it. */
export type Derivation = readonly number[];

/** What a step costs: certain ones before those that depend on more. Links are nearly free. */
const COST_OF_CLASS = CLASSES.map(
  (name) => ({ configuration: 1, 'placement-now': 1.1, 'placement-possible': 4, exploit: 6, unknown: 9 })[name],
);
const COST_OF_LINK = 0.01;

/** The cheapest derivation of a target from seeds; undefined where there is none. Empty where the target is a seed. */
export function cheapest(graph: Graph, { from, to }: Ends, isBanned?: (edge: number) => boolean): Derivation | undefined {
  return cheapestInto(graph, { from, costOnwards: (vertex) => (vertex === to ? 0 : Infinity), ...(isBanned !== undefined && { isBanned }) })
    ?.derivation;
}

export interface SearchInto {
  readonly from: readonly number[];
  /** What it costs to go on from a vertex of which the rest is known; Infinity for others. What is known is not searched. */
  readonly costOnwards: (vertex: number) => number;
  readonly isBanned?: (edge: number) => boolean;
}

/** The cheapest derivation of something of which the rest of the way is known, with that rest. */
export function cheapestInto(
  graph: Graph,
  { from: seeds, costOnwards, isBanned }: SearchInto,
): { readonly derivation: Derivation; readonly at: number } | undefined {
  const { heads, out, names } = graph;
  const cost = new Float64Array(names.length).fill(Infinity);
  const via = new Int32Array(names.length).fill(-1);
  const settled = new Uint8Array(names.length);
  const missing = needCounts(graph);
  const sums = new Float64Array(heads.length);
  const heap = new Heap();
  let [best, least] = [-1, Infinity];
  for (const seed of seeds) {
    cost[seed] = 0;
    heap.push(seed, 0);
  }
  for (let vertex = heap.pop(); vertex >= 0; vertex = heap.pop()) {
    if (settled[vertex] === 1) continue;
    settled[vertex] = 1;
    const own = cost[vertex] ?? 0;
    if (own >= least) break;
    const onwards = costOnwards(vertex);
    if (onwards < Infinity) {
      if (own + onwards < least) [best, least] = [vertex, own + onwards];
      continue;
    }
    const end = out.at[vertex + 1] ?? 0;
    for (let index = out.at[vertex] ?? 0; index < end; index += 1) {
      const edge = out.items[index] ?? 0;
      sums[edge] = (sums[edge] ?? 0) + own;
      missing[edge] = (missing[edge] ?? 0) - 1;
      if (missing[edge] !== 0 || isBanned?.(edge) === true) continue;
      const total = (sums[edge] ?? 0) + costOf(graph, edge);
      const head = heads[edge] ?? 0;
      if (total >= (cost[head] ?? 0)) continue;
      cost[head] = total;
      via[head] = edge;
      heap.push(head, total);
    }
  }
  return best < 0 ? undefined : { derivation: derivationOf(graph, via, best), at: best };
}

export function costOf(graph: Graph, edge: number): number {
  return graph.family[edge] === LINK ? COST_OF_LINK : (COST_OF_CLASS[graph.klass[edge] ?? 0] ?? 1);
}

/** Some derivation of a target without the vertices that are gone, in time linear in the graph; undefined where there is none. */
export function anyDerivation(graph: Graph, { from: seeds, to: target }: Ends, gone: Uint8Array): Derivation | undefined {
  const { heads, out, names } = graph;
  const via = new Int32Array(names.length).fill(-1);
  const held = new Uint8Array(names.length);
  const missing = needCounts(graph);
  const queue = seeds.filter((seed) => gone[seed] === 0);
  for (const seed of queue) held[seed] = 1;
  for (let next = 0; next < queue.length && held[target] === 0; next += 1) {
    const vertex = queue[next] ?? 0;
    const end = out.at[vertex + 1] ?? 0;
    for (let index = out.at[vertex] ?? 0; index < end; index += 1) {
      const edge = out.items[index] ?? 0;
      const head = heads[edge] ?? 0;
      if (held[head] === 1 || gone[head] === 1) continue;
      const left = (missing[edge] ?? 0) - 1;
      missing[edge] = left;
      if (left > 0) continue;
      held[head] = 1;
      via[head] = edge;
      queue.push(head);
    }
  }
  return held[target] === 0 ? undefined : derivationOf(graph, via, target);
}

/** The edges above a target, each after those that it builds on. */
function derivationOf(graph: Graph, via: Int32Array, target: number): number[] {
  const edges: number[] = [];
  const done = new Set<number>();
  const stack = [target];
  while (stack.length > 0) {
    const vertex = stack.at(-1) ?? 0;
    const edge = via[vertex] ?? -1;
    const open = edge < 0 || done.has(vertex) ? [] : [...needsOf(graph, edge)].filter((need) => !done.has(need));
    if (open.length > 0) {
      stack.push(...open.toReversed());
      continue;
    }
    stack.pop();
    if (done.has(vertex)) continue;
    done.add(vertex);
    if (edge >= 0) edges.push(edge);
  }
  return edges;
}

export interface DerivationsOptions extends Limits {
  /** How many at most. */
  readonly count: number;
}

/** How many searches are spent on derivations after the first, for each that is asked for; fewer where each takes long. */
const SEARCHES_EACH = 6;
const MOST_EDGES_SEARCHED = 1_500_000;

/**
 * Up to `count` distinct derivations, the cheapest first: those of other families of edges before those that differ in
 * vertices only. Not all that there are in general, whose number grows beyond all bounds.
 */
export function derivations(graph: Graph, ends: Ends, { count, ...limits }: DerivationsOptions): Derivation[] {
  const part = between(graph, ends, limits);
  const inner = ends.from.map((seed) => part.idOf[seed] ?? -1).filter((id) => id >= 0);
  const goal = part.idOf[ends.to] ?? -1;
  if (goal < 0) return [];
  const found = diverse(part, inner, { goal, count });
  return found.map((edges) => edges.map((edge) => part.edgeOf[edge] ?? 0));
}

interface Ban {
  readonly families: readonly number[];
  readonly edges: readonly number[];
}

function diverse({ graph }: Subgraph, seeds: readonly number[], { goal, count }: { goal: number; count: number }): Derivation[] {
  const first = cheapest(graph, { from: seeds, to: goal });
  if (first === undefined) return [];
  const byFamilies = new Map<string, Derivation>();
  const bySteps = new Map<string, Derivation>();
  const tried = new Set<string>();
  const queue: { ban: Ban; edges: Derivation }[] = [];
  let searches = Math.min(count * SEARCHES_EACH, Math.ceil(MOST_EDGES_SEARCHED / graph.heads.length));
  const take = (ban: Ban, edges: Derivation): void => {
    const key = familiesOf(graph, edges).join();
    if (!byFamilies.has(key)) byFamilies.set(key, edges);
    else bySteps.set(stepsOf(graph, edges).join(), edges);
    queue.push({ ban, edges });
  };
  take({ families: [], edges: [] }, first);
  for (let next = 0; next < queue.length && searches > 0 && byFamilies.size < count; next += 1) {
    const { ban, edges } = queue[next] ?? { ban: { families: [], edges: [] }, edges: [] };
    const families = new Set(familiesOf(graph, edges));
    // Whole families first: one edge less among many of a kind mostly leads the same way again.
    const tries: Ban[] = [
      ...[...families].map((family) => ({ ...ban, families: [...ban.families, family] })),
      ...stepsOf(graph, edges).map((edge) => ({ ...ban, edges: [...ban.edges, edge] })),
    ];
    for (const each of tries) {
      const key = `${each.families.toSorted((a, b) => a - b).join()} ${each.edges.toSorted((a, b) => a - b).join()}`;
      if (tried.has(key)) continue;
      tried.add(key);
      if (searches === 0) break;
      searches -= 1;
      const other = cheapest(graph, { from: seeds, to: goal }, banOf(graph, each));
      if (other !== undefined) take(each, other);
    }
  }
  const firstKey = stepsOf(graph, first).join();
  const known = new Set([...byFamilies.values()].map((edges) => stepsOf(graph, edges).join()));
  const others = [...bySteps].filter(([key]) => key !== firstKey && !known.has(key)).map(([, edges]) => edges);
  return [...byFamilies.values(), ...others].slice(0, count);
}

function banOf(graph: Graph, { families, edges }: Ban): (edge: number) => boolean {
  return (edge) => families.includes(graph.family[edge] ?? LINK) || edges.includes(edge);
}

function familiesOf(graph: Graph, edges: Derivation): number[] {
  return edges.map((edge) => graph.family[edge] ?? LINK).filter((family) => family !== LINK);
}

function stepsOf(graph: Graph, edges: Derivation): number[] {
  return edges.filter((edge) => graph.family[edge] !== LINK);
}

/** A binary heap of vertices by cost; the same vertex may stand in it more than once. */
export class Heap {
  readonly #vertices: number[] = [];
  readonly #costs: number[] = [];

  push(vertex: number, cost: number): void {
    const vertices = this.#vertices;
    const costs = this.#costs;
    let at = vertices.length;
    vertices.push(vertex);
    costs.push(cost);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((costs[above] ?? 0) <= cost) break;
      vertices[at] = vertices[above] ?? 0;
      costs[at] = costs[above] ?? 0;
      at = above;
    }
    vertices[at] = vertex;
    costs[at] = cost;
  }

  /** -1 where nothing is left. */
  pop(): number {
    const vertices = this.#vertices;
    const costs = this.#costs;
    const top = vertices[0] ?? -1;
    const vertex = vertices.pop() ?? -1;
    const cost = costs.pop() ?? 0;
    const count = vertices.length;
    if (count === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= count) break;
      if (below + 1 < count && (costs[below + 1] ?? 0) < (costs[below] ?? 0)) below += 1;
      if ((costs[below] ?? 0) >= cost) break;
      vertices[at] = vertices[below] ?? 0;
      costs[at] = costs[below] ?? 0;
      at = below;
    }
    vertices[at] = vertex;
    costs[at] = cost;
    return top;
  }
}
