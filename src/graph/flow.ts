/** The cheapest set of vertices that separates sources from a sink: maximum flow by Dinic, each vertex split into two ends. */

export interface FlowProblem {
  readonly vertices: number;
  /** Arcs as two columns. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly sources: readonly number[];
  readonly sink: number;
  /** What it costs to take a vertex away; Infinity for those that stay. */
  readonly costs: Float64Array;
}

/** What is less comes of shares that are fractions, and is no room. */
const LEAST_ROOM = 1e-10;

/** A flow that grows: what vertices cost may be raised, and lowered to what flows through them, and the flow goes on from there. */
export class VertexFlow {
  readonly #problem: FlowProblem;
  readonly #source: number;
  readonly #sink: number;
  readonly #to: Int32Array;
  readonly #capacity: Float64Array;
  readonly #next: Int32Array;
  readonly #first: Int32Array;
  readonly #queue: Int32Array;
  #arcs = 0;
  readonly #level: Int32Array;
  readonly #current: Int32Array;

  /** Vertex `v` enters at node `2v` and leaves at `2v + 1`; the arc between the two costs what the vertex costs. */
  constructor(problem: FlowProblem) {
    const { vertices, from, to, sources, sink, costs } = problem;
    this.#problem = problem;
    this.#source = 2 * vertices;
    this.#sink = 2 * sink;
    const arcs = 2 * (vertices + from.length + sources.length);
    this.#to = new Int32Array(arcs);
    this.#capacity = new Float64Array(arcs);
    this.#next = new Int32Array(arcs);
    this.#first = new Int32Array(2 * vertices + 1).fill(-1);
    this.#level = new Int32Array(2 * vertices + 1);
    this.#queue = new Int32Array(2 * vertices + 1);
    this.#current = new Int32Array(2 * vertices + 1);
    for (let vertex = 0; vertex < vertices; vertex += 1) this.#arc(2 * vertex, 2 * vertex + 1, costs[vertex] ?? Infinity);
    for (let index = 0; index < from.length; index += 1) this.#arc(2 * (from[index] ?? 0) + 1, 2 * (to[index] ?? 0), Infinity);
    for (const source of sources) this.#arc(this.#source, 2 * source, Infinity);
  }

  /** Sends what fits; false where some path has only vertices that stay. */
  send(): boolean {
    while (this.#layer()) {
      this.#current.set(this.#first);
      for (let pushed = this.#push(); pushed > 0; pushed = this.#push()) if (pushed === Infinity) return false;
    }
    return true;
  }

  /** The vertices to take away, once all that fits is sent. */
  cut(): number[] {
    const { vertices } = this.#problem;
    const cut: number[] = [];
    for (let vertex = 0; vertex < vertices; vertex += 1)
      if (this.#level[2 * vertex] === -1 && this.#level[2 * vertex + 1] !== -1) cut.push(vertex);
    return cut;
  }

  through(vertex: number): number {
    return this.#capacity[2 * vertex + 1] ?? 0;
  }

  /** `cost` is no less than what flows through. */
  setCost(vertex: number, cost: number): void {
    this.#capacity[2 * vertex] = Math.max(0, cost - this.through(vertex));
  }

  /** Each arc stands beside the one back: their numbers differ in the last bit. */
  #arc(from: number, to: number, capacity: number): void {
    this.#half(from, to, capacity);
    this.#half(to, from, 0);
  }

  #half(tail: number, head: number, room: number): void {
    const arc = this.#arcs;
    this.#to[arc] = head;
    this.#capacity[arc] = room;
    this.#next[arc] = this.#first[tail] ?? -1;
    this.#first[tail] = arc;
    this.#arcs = arc + 1;
  }

  /**
   * How far each node is from the sink through arcs with room, as far as the source is; whether it can be reached. Seen
   * from the sink, since few grants stand before a target and very many things before those.
   */
  #layer(): boolean {
    const level = this.#level.fill(-1);
    const queue = this.#queue;
    level[this.#sink] = 0;
    queue[0] = this.#sink;
    let count = 1;
    for (let at = 0; at < count; at += 1) {
      const node = queue[at] ?? 0;
      const far = level[this.#source] ?? -1;
      if (far !== -1 && (level[node] ?? 0) >= far) break;
      for (let arc = this.#first[node] ?? -1; arc >= 0; arc = this.#next[arc] ?? -1) {
        const tail = this.#to[arc] ?? 0;
        if (level[tail] !== -1 || (this.#capacity[arc ^ 1] ?? 0) <= LEAST_ROOM) continue;
        level[tail] = (level[node] ?? 0) + 1;
        queue[count] = tail;
        count += 1;
      }
    }
    return level[this.#source] !== -1;
  }

  /** Sends what fits along one path of the layers, without recursion; 0 where none is left. */
  #push(): number {
    const path: number[] = [];
    let node = this.#source;
    while (node !== this.#sink) {
      const arc = this.#arcOnwards(node);
      if (arc >= 0) {
        path.push(arc);
        node = this.#to[arc] ?? 0;
        continue;
      }
      const back = path.pop();
      if (back === undefined) return 0;
      node = this.#to[back ^ 1] ?? 0;
      this.#current[node] = this.#next[this.#current[node] ?? 0] ?? -1;
    }
    const fits = path.reduce((least, arc) => Math.min(least, this.#capacity[arc] ?? 0), Infinity);
    if (fits === Infinity) return Infinity;
    for (const arc of path) {
      this.#capacity[arc] = (this.#capacity[arc] ?? 0) - fits;
      this.#capacity[arc ^ 1] = (this.#capacity[arc ^ 1] ?? 0) + fits;
    }
    return fits;
  }

  #arcOnwards(node: number): number {
    for (let arc = this.#current[node] ?? -1; arc >= 0; arc = this.#next[arc] ?? -1) {
      if ((this.#capacity[arc] ?? 0) > LEAST_ROOM && this.#level[this.#to[arc] ?? 0] === (this.#level[node] ?? 0) - 1) {
        this.#current[node] = arc;
        return arc;
      }
    }
    this.#current[node] = -1;
    return -1;
  }
}
