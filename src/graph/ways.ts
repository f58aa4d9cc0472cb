/**
 * The shortest way of each of many entries to one target, at once: a search from the target against the edges that need
 * one thing. What needs several things is searched entry by entry.
 */
import type { AttackGraph } from './attack-graph.ts';
import { type Chain, chainOf } from './chain.ts';
import { ALL_CLASSES, type ClassMask, type Graph } from './graph.ts';
import { groupBy } from '../lib/groups.ts';
import { SYSTEM_NAMESPACE } from './system-parts.ts';
import { Heap, cheapestInto, costOf } from './witness.ts';

/** One line of a report: entries that reach a target in the same way. */
export interface PathGroup {
  readonly target: string;
  readonly entries: readonly string[];
  /** Of the first entry. */
  readonly chain: Chain;
  /** Whether all of them go by these very steps; else the others go by things of the same kinds, with names of their own. */
  readonly isShared: boolean;
}

/** How many entries are searched one by one: in a large graph fewer, as a search may go through much of it. */
const MOST_SEARCHED = 200;
const LEAST_SEARCHED = 20;
const MOST_EDGES = 20_000_000;

/** So few entries are told apart where each has a way of its own. */
const MOST_APART = 3;

/** The entries that reach a target, in groups of those that do so alike, the largest first. */
export function pathGroups(
  attack: AttackGraph,
  { entries, target }: { entries: readonly string[]; target: string },
  classes = ALL_CLASSES,
): PathGroup[] {
  const ways = waysOf(attack, { entries, target }, classes).flatMap((chain, index) =>
    chain === undefined ? [] : [{ entry: entries[index] ?? '', chain }],
  );
  const alike = [...groupBy(ways, ({ chain }) => likeness(chain)).values()];
  const told = alike.flatMap((group) => {
    const same = [...groupBy(group, ({ chain }) => stepsOf(chain)).values()];
    return same.length > 1 && group.length <= MOST_APART
      ? same.map((members) => ({ members, isShared: true }))
      : [{ members: group, isShared: same.length === 1 }];
  });
  return told
    .flatMap(({ members, isShared }) => {
      const [first] = members;
      return first === undefined ? [] : [{ target, entries: members.map(({ entry }) => entry), chain: first.chain, isShared }];
    })
    .toSorted((a, b) => b.entries.length - a.entries.length || a.chain.length - b.chain.length);
}

/** What is told of a way, whoever goes it. */
function stepsOf(chain: Chain): string {
  return chain.map(({ edge, to, with: others }) => [edge, to, ...others].join(' ')).join('\n');
}

/** The shortest way of each entry; undefined of one that does not reach the target, or that too many others stand before. */
export function waysOf(
  attack: AttackGraph,
  { entries, target }: { entries: readonly string[]; target: string },
  classes = ALL_CLASSES,
): (Chain | undefined)[] {
  const goal = attack.find(target);
  if (goal === undefined) return entries.map(() => undefined);
  const vertices = entries.map((entry) => attack.find(entry) ?? -1);
  const situation = attack.situation({ entries: vertices, target: goal, classes });
  if (situation === undefined) return entries.map(() => undefined);
  // All ways lie in this part of the graph, which is small mostly.
  const { part, target: inner } = situation;
  const reaching = new Set(situation.entries);
  // The part has edges of these classes alone.
  const next = nextSteps(part.graph, inner, ALL_CLASSES);
  let searches = Math.max(LEAST_SEARCHED, Math.min(MOST_SEARCHED, Math.floor(MOST_EDGES / part.graph.heads.length)));
  return vertices.map((vertex) => {
    const from = part.idOf[vertex] ?? -1;
    if (vertex === goal || !reaching.has(from)) return undefined;
    return (
      straight(part.graph, next, { from, to: inner }) ?? (searches-- > 0 ? together(part.graph, next, { from, to: inner }) : undefined)
    );
  });
}

/** By what needs several things, as far as something from which the way is straight. */
function together(graph: Graph, next: NextSteps, { from, to }: { from: number; to: number }): Chain | undefined {
  const found = cheapestInto(graph, { from: [from], costOnwards: (vertex) => next.cost[vertex] ?? Infinity });
  return found === undefined
    ? undefined
    : chainOf(graph, [...found.derivation, ...(edgesOnwards(graph, next, { from: found.at, to }) ?? [])], { from, to });
}

/** The same steps by way of things of the same kinds, whatever they are called. */
function likeness(chain: Chain): string {
  return chain.map(({ edge, to }) => `${edge} ${OF_ANY_NAME.test(to) ? to.slice(0, to.indexOf('/')) : to}`).join('\n');
}

const OF_ANY_NAME = /^(?:ServiceAccount|Container|Secret|Permission|RoleBinding|ClusterRoleBinding)\//;

export interface NextSteps {
  /** For each vertex the edge by which it comes nearest to the target; -1 where no edge that needs one thing does. */
  readonly edge: Int32Array;
  /** Of the whole way; Infinity where there is none. */
  readonly cost: Float64Array;
}

const LAST_STEPS = new WeakMap<Graph, { key: string; steps: NextSteps }>();

/** The nearest ways to a target of all vertices, by edges that need one thing. The last answer is kept: several questions are about the same. */
export function nextSteps(graph: Graph, target: number, classes: ClassMask): NextSteps {
  const key = `${target} ${classes}`;
  const last = LAST_STEPS.get(graph);
  if (last?.key === key) return last.steps;
  const steps = readNextSteps(graph, target, classes);
  LAST_STEPS.set(graph, { key, steps });
  return steps;
}

function readNextSteps(graph: Graph, target: number, classes: ClassMask): NextSteps {
  const { heads, bodies, into, klass, names } = graph;
  const cost = new Float64Array(names.length).fill(Infinity);
  const next = new Int32Array(names.length).fill(-1);
  const settled = new Uint8Array(names.length);
  const heap = new Heap();
  cost[target] = 0;
  heap.push(target, 0);
  for (let vertex = heap.pop(); vertex >= 0; vertex = heap.pop()) {
    if (settled[vertex] === 1) continue;
    settled[vertex] = 1;
    for (let index = into.at[vertex] ?? 0; index < (into.at[vertex + 1] ?? 0); index += 1) {
      const edge = into.items[index] ?? 0;
      const first = bodies.at[edge] ?? 0;
      if ((bodies.at[edge + 1] ?? 0) - first !== 1 || ((classes >> (klass[edge] ?? 0)) & 1) === 0) continue;
      const need = bodies.items[first] ?? 0;
      const total = (cost[heads[edge] ?? 0] ?? 0) + costOf(graph, edge);
      if (total >= (cost[need] ?? 0)) continue;
      cost[need] = total;
      next[need] = edge;
      heap.push(need, total);
    }
  }
  return { edge: next, cost };
}

export function straight(graph: Graph, next: NextSteps, { from, to }: { from: number; to: number }): Chain | undefined {
  const edges = edgesOnwards(graph, next, { from, to });
  return edges === undefined ? undefined : chainOf(graph, edges, { from, to });
}

/** The edges of the nearest way in order; undefined where there is none by edges that need one thing. */
export function edgesOnwards(
  graph: Graph,
  { edge: next, cost }: NextSteps,
  { from, to }: { from: number; to: number },
): number[] | undefined {
  if (cost[from] === Infinity) return undefined;
  const edges: number[] = [];
  for (let at = from; at !== to; at = graph.heads[edges.at(-1) ?? 0] ?? to) edges.push(next[at] ?? 0);
  return edges;
}

/** Everything that somebody comes to hold, by the first part of its name, without what only ties other things together. */
export function blastOf(attack: AttackGraph, from: number, classes: ClassMask): Map<string, string[]> {
  const held = attack.heldFrom([from], classes);
  const kinds = new Map<string, string[]>();
  for (const [vertex, name] of attack.graph.names.entries()) {
    const kind = name.includes('/') ? name.slice(0, name.indexOf('/')) : name;
    if (held[vertex] !== 1 || vertex === from || !TOLD.has(kind) || name.endsWith('/*') || (kind !== name && name.includes(' '))) continue;
    const list = kinds.get(kind);
    if (list === undefined) kinds.set(kind, [name]);
    else list.push(name);
  }
  // What the input has comes before what is only assumed.
  const { accounts } = attack.scene.system;
  const assumed = new Set(accounts.map((name) => `ServiceAccount/${SYSTEM_NAMESPACE}/${name}`));
  const own = kinds.get('ServiceAccount');
  if (own !== undefined)
    kinds.set(
      'ServiceAccount',
      own.toSorted((a, b) => Number(assumed.has(a)) - Number(assumed.has(b))),
    );
  return new Map([...TOLD].flatMap((kind) => (kinds.has(kind) ? [[kind, kinds.get(kind) ?? []] as const] : [])));
}

/** In the order in which they are told. */
const TOLD: ReadonlySet<string> = new Set([
  'ClusterAdmin',
  'NamespaceAdmin',
  'AllSecrets',
  'Node',
  'CloudIdentity',
  'Group',
  'User',
  'ServiceAccount',
  'Secret',
  'Container',
  'NodeFiles',
]);
