/** What can be had from where: forward chaining, linear in the graph. */
import { ALL_CLASSES, type ClassMask, type Graph } from './graph.ts';

/** What a search may use. */
export interface Limits {
  readonly classes?: ClassMask;
  /** Vertices that are gone, one byte each. */
  readonly without?: Uint8Array | undefined;
  /** What is not gone on from: whoever has what he wants needs no way on, though it may lead everywhere. */
  readonly end?: number;
}

/** What a search forward need not look at, or not any longer. */
interface Bounds {
  /** Nothing beside this is looked at, one byte a vertex. */
  readonly within?: Uint8Array;
  /** As soon as any of this is had the search ends. */
  readonly until?: Uint8Array;
}

/** The two ends of a question: where somebody begins, and what he wants. */
export interface Ends {
  readonly from: readonly number[];
  readonly to: number;
}

/** Everything that one who holds all of the seeds comes to hold, themselves among them; one byte a vertex. */
export function reachedFrom(graph: Graph, seeds: Iterable<number>, limits: Limits & Pick<Bounds, 'within'> = {}): Uint8Array {
  return spread(graph, seeds, limits).reached;
}

/** The same, and whether the search ended early. */
function spread(graph: Graph, seeds: Iterable<number>, limits: Limits & Bounds): { reached: Uint8Array; isThere: boolean } {
  const { heads, klass, out, names } = graph;
  const { classes = ALL_CLASSES, without, end: last = -1, within, until } = limits;
  const reached = new Uint8Array(names.length);
  const missing = needCounts(graph);
  const queue = new Int32Array(names.length);
  let count = 0;
  for (const seed of seeds) {
    if (reached[seed] === 1 || without?.[seed] === 1) continue;
    reached[seed] = 1;
    queue[count] = seed;
    count += 1;
  }
  for (let next = 0; next < count; next += 1) {
    const vertex = queue[next] ?? 0;
    if (vertex === last) continue;
    const end = out.at[vertex + 1] ?? 0;
    for (let index = out.at[vertex] ?? 0; index < end; index += 1) {
      const edge = out.items[index] ?? 0;
      const head = heads[edge] ?? 0;
      // Most edges lead to what is had already: of those nobody counts what is missing.
      if (reached[head] === 1 || within?.[head] === 0 || without?.[head] === 1 || ((classes >> (klass[edge] ?? 0)) & 1) === 0) continue;
      const left = (missing[edge] ?? 0) - 1;
      missing[edge] = left;
      if (left > 0) continue;
      reached[head] = 1;
      if (until?.[head] === 1) return { reached, isThere: true };
      queue[count] = head;
      count += 1;
    }
  }
  return { reached, isThere: false };
}

const NEED_COUNTS = new WeakMap<Graph['bodies'], Int32Array>();

/** How many things each edge needs, for a search to count down. */
export function needCounts({ heads, bodies }: Graph): Int32Array {
  let counts = NEED_COUNTS.get(bodies);
  if (counts === undefined) {
    counts = new Int32Array(heads.length);
    const { at } = bodies;
    for (let edge = 0; edge < counts.length; edge += 1) counts[edge] = (at[edge + 1] ?? 0) - (at[edge] ?? 0);
    NEED_COUNTS.set(bodies, counts);
  }
  return counts.slice();
}

/**
 * Everything that is of some use on the way to a target; one byte a vertex. With `alone` only what suffices by itself
 * through edges that need one thing; without it also what an edge needs beside others, which may be out of reach.
 */
export function leadingTo(graph: Graph, targets: Iterable<number>, limits: Limits & { alone?: boolean } = {}): Uint8Array {
  const { klass, bodies, into, names } = graph;
  const { classes = ALL_CLASSES, without, alone = false } = limits;
  const onlyNeeds = onlyNeedsOf(graph);
  const leads = new Uint8Array(names.length);
  // What is gone is marked from the start, and unmarked in the end.
  const gone = without === undefined ? undefined : leads;
  if (gone !== undefined && without !== undefined)
    for (let vertex = 0; vertex < without.length; vertex += 1) gone[vertex] = without[vertex] === 1 ? 2 : 0;
  const queue = new Int32Array(names.length);
  let count = 0;
  for (const target of targets) {
    if (leads[target] !== 0) continue;
    leads[target] = 1;
    queue[count] = target;
    count += 1;
  }
  for (let next = 0; next < count; next += 1) {
    const vertex = queue[next] ?? 0;
    const end = into.at[vertex + 1] ?? 0;
    for (let index = into.at[vertex] ?? 0; index < end; index += 1) {
      const only = onlyNeeds[index] ?? -1;
      if (only >= 0 && leads[only] !== 0) continue;
      if (classes !== ALL_CLASSES && ((classes >> (klass[into.items[index] ?? 0] ?? 0)) & 1) === 0) continue;
      if (only >= 0) {
        leads[only] = 1;
        queue[count] = only;
        count += 1;
        continue;
      }
      if (alone) continue;
      const edge = into.items[index] ?? 0;
      const last = bodies.at[edge + 1] ?? 0;
      for (let at = bodies.at[edge] ?? 0; at < last; at += 1) {
        const need = bodies.items[at] ?? 0;
        if (leads[need] !== 0) continue;
        leads[need] = 1;
        queue[count] = need;
        count += 1;
      }
    }
  }
  if (gone !== undefined) for (let vertex = 0; vertex < gone.length; vertex += 1) if (gone[vertex] === 2) gone[vertex] = 0;
  return leads;
}

const LAST_LEADS = new WeakMap<Graph, { key: string; leads: Uint8Array }>();

/** The same of one target where nothing is gone. The last answer is kept: who asks who reaches it asks next by what. */
export function leadingToOne(graph: Graph, target: number, limits: Limits): Uint8Array {
  if (limits.without !== undefined) return leadingTo(graph, [target], limits);
  const key = `${target} ${limits.classes ?? ALL_CLASSES}`;
  const last = LAST_LEADS.get(graph);
  if (last?.key === key) return last.leads;
  const leads = leadingTo(graph, [target], limits);
  LAST_LEADS.set(graph, { key, leads });
  return leads;
}

const ONLY_NEEDS = new WeakMap<Graph['into'], Int32Array>();

/** Beside each item of `into` what its edge needs where that is one thing, and -1 elsewhere: most searches ask for no more. */
export function onlyNeedsOf({ bodies, into }: Graph): Int32Array {
  let needs = ONLY_NEEDS.get(into);
  if (needs === undefined) {
    needs = new Int32Array(into.items.length);
    for (let index = 0; index < needs.length; index += 1) {
      const edge = into.items[index] ?? 0;
      const first = bodies.at[edge] ?? 0;
      needs[index] = (bodies.at[edge + 1] ?? 0) - first === 1 ? (bodies.items[first] ?? 0) : -1;
    }
    ONLY_NEEDS.set(into, needs);
  }
  return needs;
}

/** Which of the entries come to hold the target, each by itself; one byte an entry. */
export function entriesThatReach(graph: Graph, { from: entries, to: target }: Ends, limits: Limits = {}): Uint8Array {
  const surely = leadingTo(graph, [target], { ...limits, alone: true });
  const answers = new Uint8Array(entries.length);
  for (let index = 0; index < entries.length; index += 1) answers[index] = surely[entries[index] ?? 0] ?? 0;
  if (!answers.includes(0)) return answers;
  const maybe = leadingToOne(graph, target, limits);
  const open = new Int32Array(entries.length);
  let count = 0;
  for (let index = 0; index < entries.length; index += 1) {
    if (maybe[entries[index] ?? 0] !== 1 || answers[index] === 1) continue;
    open[count] = index;
    count += 1;
  }
  if (count === 0) return answers;
  const seeds = open.subarray(0, count).map((index) => entries[index] ?? 0);
  // What all of them do not reach together none does.
  if (!spread(graph, seeds, { ...limits, within: maybe, until: surely }).isThere) return answers;
  const search = new Arrivals(graph, { ...limits, within: maybe, arrived: surely });
  for (let start = 0; start < count; start += BATCH) {
    const found = search.of(seeds, start);
    for (let bit = 0; start + bit < count && bit < BATCH; bit += 1) if ((found & (1 << bit)) !== 0) answers[open[start + bit] ?? 0] = 1;
  }
  return answers;
}

/** As many as an integer has bits. */
const BATCH = 32;

/**
 * Which of a batch of entries come to hold something that has arrived already, a bit for each: all are searched at once, and
 * an edge gives what everything that it needs has in common. The search ends when all have arrived.
 */
class Arrivals {
  readonly #graph: Graph;
  readonly #limits: Limits & { within: Uint8Array; arrived: Uint8Array };
  /** By vertex, of one search: who holds it. Cleared by what the search touched. */
  readonly #holders: Int32Array;
  readonly #isWaiting: Uint8Array;
  #touched: number[] = [];
  #queue: number[] = [];
  #found = 0;

  constructor(graph: Graph, limits: Limits & { within: Uint8Array; arrived: Uint8Array }) {
    this.#graph = graph;
    this.#limits = limits;
    this.#holders = new Int32Array(graph.names.length);
    this.#isWaiting = new Uint8Array(graph.names.length);
  }

  /** Of those from `start` on. */
  of(entries: Int32Array, start: number): number {
    const { heads, klass, bodies, out } = this.#graph;
    const { classes = ALL_CLASSES, within } = this.#limits;
    const [holders, isWaiting] = [this.#holders, this.#isWaiting];
    for (let index = 0; index < this.#touched.length; index += 1) {
      const vertex = this.#touched[index] ?? 0;
      holders[vertex] = isWaiting[vertex] = 0;
    }
    const queue: number[] = [];
    [this.#touched, this.#queue, this.#found] = [[], queue, 0];
    const size = Math.min(BATCH, entries.length - start);
    for (let bit = 0; bit < size; bit += 1) this.#give(entries[start + bit] ?? 0, 1 << bit);
    const all = size === BATCH ? -1 : (1 << size) - 1;
    for (let next = 0; next < queue.length && this.#found !== all; next += 1) {
      const vertex = queue[next] ?? 0;
      isWaiting[vertex] = 0;
      const end = out.at[vertex + 1] ?? 0;
      for (let index = out.at[vertex] ?? 0; index < end; index += 1) {
        const edge = out.items[index] ?? 0;
        const head = heads[edge] ?? 0;
        if (within[head] === 0 || ((classes >> (klass[edge] ?? 0)) & 1) === 0) continue;
        // Who has arrived is not searched any further.
        let bits = ~this.#found;
        const last = bodies.at[edge + 1] ?? 0;
        for (let at = bodies.at[edge] ?? 0; at < last && bits !== 0; at += 1) bits &= holders[bodies.items[at] ?? 0] ?? 0;
        if ((bits & ~(holders[head] ?? 0)) !== 0) this.#give(head, bits);
      }
    }
    return this.#found;
  }

  #give(vertex: number, bits: number): void {
    if (this.#limits.without?.[vertex] === 1) return;
    const before = this.#holders[vertex] ?? 0;
    if (before === 0) this.#touched.push(vertex);
    this.#holders[vertex] = before | bits;
    if (this.#limits.arrived[vertex] === 1) {
      this.#found |= bits;
      return;
    }
    if (this.#isWaiting[vertex] === 1) return;
    this.#isWaiting[vertex] = 1;
    this.#queue.push(vertex);
  }
}
