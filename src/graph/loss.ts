/**
 * How many entries lose every way to a target when some vertices go. An entry whose nearest way has none of them on it
 * loses nothing; each of the others is searched, no further than to something whose nearest way has none of them on it.
 */
import type { Graph } from './graph.ts';
import { entriesThatReach, onlyNeedsOf } from './reach.ts';
import type { Situation } from './situation.ts';

/** What one question has found out of a vertex. */
const GONE = 1;
/** Its nearest way leads by something that is gone, or it has none by edges that need one thing. */
const OPEN = 2;
const SAFE = 3;
const STATES = 4;

export class Loss {
  readonly #graph: Graph;
  readonly #entries: readonly number[];
  readonly #target: number;
  /** For each vertex the next one of its nearest way; -1 where it has none by edges that need one thing. */
  readonly #onwards: Int32Array;
  /** For each vertex how many entries have their nearest way through it. */
  readonly #passing: Int32Array;
  /** Entries that need several things at once. */
  #without = 0;
  /** By vertex; what an earlier question left is smaller than all states of this one. */
  readonly #states: Int32Array;
  #base = 0;
  /** By vertex the last search that came there. */
  readonly #seen: Int32Array;
  readonly #queue: Int32Array;
  #search = 0;
  #edges = 0;
  readonly #mostEdges: number;

  /** As many edges are looked at for one question as all entries take to be searched together, which is some rounds through the graph. */
  constructor({ part: { graph }, entries, target }: Situation, mostEdges = 4 * graph.heads.length) {
    this.#mostEdges = mostEdges;
    this.#graph = graph;
    this.#entries = entries;
    this.#target = target;
    this.#onwards = nearestWays(graph, target);
    const size = graph.names.length;
    [this.#passing, this.#states, this.#seen, this.#queue] = [
      new Int32Array(size),
      new Int32Array(size),
      new Int32Array(size),
      new Int32Array(size),
    ];
    for (const entry of entries) {
      let at = entry;
      for (; at >= 0 && at !== target; at = this.#onwards[at] ?? -1) this.#passing[at] = (this.#passing[at] ?? 0) + 1;
      if (at < 0) this.#without += 1;
    }
  }

  /** No more than so many lose their ways. */
  atMost(gone: Int32Array): number {
    let sum = this.#without;
    for (let index = 0; index < gone.length; index += 1) sum += this.#passing[gone[index] ?? 0] ?? 0;
    return Math.min(sum, this.#entries.length);
  }

  /** The target itself is not among what goes. */
  of(gone: Int32Array): number {
    this.#base += STATES;
    for (const vertex of gone) this.#states[vertex] = this.#base + GONE;
    const open = this.#entries.filter((entry) => !this.#isSafe(entry));
    this.#edges = this.#mostEdges;
    let lost = 0;
    for (const [index, entry] of open.entries()) {
      if (this.#edges < 0) return lost + this.#amongThese(open.slice(index), gone);
      if (!this.#arrives(entry)) lost += 1;
    }
    return lost;
  }

  #amongThese(entries: readonly number[], gone: Int32Array): number {
    const without = new Uint8Array(this.#graph.names.length);
    for (const vertex of gone) without[vertex] = 1;
    const reach = entriesThatReach(this.#graph, { from: entries, to: this.#target }, { without });
    return entries.length - reach.reduce((sum, one) => sum + one, 0);
  }

  /** Whether nothing that is gone is on the nearest way. */
  #isSafe(vertex: number): boolean {
    // Asked so often that to take them from a list would be felt.
    const states = this.#states;
    const base = this.#base;
    const onwards = this.#onwards;
    let at = vertex;
    while (at >= 0 && at !== this.#target && (states[at] ?? 0) <= base) at = onwards[at] ?? -1;
    const state = at === this.#target || (at >= 0 && states[at] === base + SAFE) ? SAFE : OPEN;
    for (let on = vertex; on !== at; on = onwards[on] ?? -1) states[on] = base + state;
    return state === SAFE;
  }

  /** Whether an entry comes to hold anything from which the nearest way is left. */
  #arrives(entry: number): boolean {
    const { heads, out, bodies } = this.#graph;
    const seen = this.#seen;
    const queue = this.#queue;
    const states = this.#states;
    const gone = this.#base + GONE;
    this.#search += 1;
    const search = this.#search;
    if (states[entry] === gone) return false;
    seen[entry] = search;
    queue[0] = entry;
    let count = 1;
    for (let next = 0; next < count; next += 1) {
      const vertex = queue[next] ?? 0;
      const first = out.at[vertex] ?? 0;
      const end = out.at[vertex + 1] ?? 0;
      this.#edges -= end - first;
      for (let index = first; index < end; index += 1) {
        const edge = out.items[index] ?? 0;
        const head = heads[edge] ?? 0;
        if (seen[head] === search || states[head] === gone) continue;
        const last = bodies.at[edge + 1] ?? 0;
        let at = bodies.at[edge] ?? 0;
        // Looked at once more from each of its needs, so that it is not missed where they come one after the other.
        while (at < last && seen[bodies.items[at] ?? 0] === search) at += 1;
        if (at < last) continue;
        if (this.#isSafe(head)) return true;
        seen[head] = search;
        queue[count] = head;
        count += 1;
      }
    }
    return false;
  }
}

/** For each vertex the next one on a way of fewest edges that need one thing. */
function nearestWays(graph: Graph, target: number): Int32Array {
  const { into, names } = graph;
  const onlyNeeds = onlyNeedsOf(graph);
  const onwards = new Int32Array(names.length).fill(-1);
  const queue = new Int32Array(names.length);
  queue[0] = target;
  let count = 1;
  for (let next = 0; next < count; next += 1) {
    const vertex = queue[next] ?? 0;
    const end = into.at[vertex + 1] ?? 0;
    for (let index = into.at[vertex] ?? 0; index < end; index += 1) {
      const need = onlyNeeds[index] ?? -1;
      if (need < 0 || need === target || (onwards[need] ?? -1) >= 0) continue;
      onwards[need] = vertex;
      queue[count] = need;
      count += 1;
    }
  }
  return onwards;
}
