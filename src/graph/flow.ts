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
  /** Arcs by the node that they leave, those of a node beside each other: from `first[node]` up to `first[node + 1]`. */
  readonly #first: Int32Array;
  readonly #to: Int32Array;
  readonly #capacity: Float64Array;
  /** Of each arc the one back. */
  readonly #back: Int32Array;
  /** By vertex the arc through it. */
  readonly #through: Int32Array;
  readonly #queue: Int32Array;
  readonly #level: Int32Array;
  readonly #current: Int32Array;

  /** Vertex `v` enters at node `2v` and leaves at `2v + 1`; the arc between the two costs what the vertex costs. */
  constructor(problem: FlowProblem) {
    const { vertices, from, to, sources, sink, costs } = problem;
    this.#problem = problem;
    this.#source = 2 * vertices;
    this.#sink = 2 * sink;
    const nodes = 2 * vertices + 1;
    const arcs = 2 * (vertices + from.length + sources.length);
    this.#first = new Int32Array(nodes + 1);
    this.#to = new Int32Array(arcs);
    this.#capacity = new Float64Array(arcs);
    this.#back = new Int32Array(arcs);
    this.#through = new Int32Array(vertices);
    this.#level = new Int32Array(nodes);
    this.#queue = new Int32Array(nodes);
    this.#current = new Int32Array(nodes);
    const count = (node: number): void => void (this.#first[node + 1] = (this.#first[node + 1] ?? 0) + 1);
    for (let node = 0; node < 2 * vertices; node += 1) count(node);
    for (let index = 0; index < from.length; index += 1) {
      count(2 * (from[index] ?? 0) + 1);
      count(2 * (to[index] ?? 0));
    }
    for (const source of sources) {
      count(this.#source);
      count(2 * source);
    }
    for (let node = 0; node < nodes; node += 1) this.#first[node + 1] = (this.#first[node + 1] ?? 0) + (this.#first[node] ?? 0);
    // Until all arcs are there: where the one that was put in last stands, as those of a node are put in from behind.
    this.#current.set(this.#first.subarray(1));
    for (let vertex = 0; vertex < vertices; vertex += 1)
      this.#through[vertex] = this.#arc(2 * vertex, 2 * vertex + 1, costs[vertex] ?? Infinity);
    for (let index = 0; index < from.length; index += 1) this.#arc(2 * (from[index] ?? 0) + 1, 2 * (to[index] ?? 0), Infinity);
    for (const source of sources) this.#arc(this.#source, 2 * source, Infinity);
  }

  /** Sends what fits; false where some path has only vertices that stay. */
  send(): boolean {
    while (this.#layer()) {
      this.#current.set(this.#first.subarray(0, this.#current.length));
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
    return this.#capacity[this.#back[this.#through[vertex] ?? 0] ?? 0] ?? 0;
  }

  /** `cost` is no less than what flows through. */
  setCost(vertex: number, cost: number): void {
    this.#capacity[this.#through[vertex] ?? 0] = Math.max(0, cost - this.through(vertex));
  }

  /** Puts in an arc and the one back. */
  #arc(from: number, to: number, capacity: number): number {
    const arc = (this.#current[from] ?? 0) - 1;
    this.#current[from] = arc;
    const back = (this.#current[to] ?? 0) - 1;
    this.#current[to] = back;
    this.#to[arc] = to;
    this.#to[back] = from;
    this.#capacity[arc] = capacity;
    this.#back[arc] = back;
    this.#back[back] = arc;
    return arc;
  }

  /**
   * How far each node is from the sink through arcs with room, as far as the source is; whether it can be reached. Seen
   * from the sink, since few grants stand before a target and very many things before those.
   */
  #layer(): boolean {
    const level = this.#level.fill(-1);
    const queue = this.#queue;
    const first = this.#first;
    const to = this.#to;
    const capacity = this.#capacity;
    const back = this.#back;
    level[this.#sink] = 0;
    queue[0] = this.#sink;
    let count = 1;
    for (let at = 0; at < count; at += 1) {
      const node = queue[at] ?? 0;
      const far = level[this.#source] ?? -1;
      if (far !== -1 && (level[node] ?? 0) >= far) break;
      const end = first[node + 1] ?? 0;
      for (let arc = first[node] ?? 0; arc < end; arc += 1) {
        const tail = to[arc] ?? 0;
        if (level[tail] !== -1 || (capacity[back[arc] ?? 0] ?? 0) <= LEAST_ROOM) continue;
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
      const last = path.pop();
      if (last === undefined) return 0;
      node = this.#to[this.#back[last] ?? 0] ?? 0;
      this.#current[node] = (this.#current[node] ?? 0) + 1;
    }
    let fits = Infinity;
    for (const arc of path) fits = Math.min(fits, this.#capacity[arc] ?? 0);
    if (fits === Infinity) return Infinity;
    for (const arc of path) {
      const back = this.#back[arc] ?? 0;
      this.#capacity[arc] = (this.#capacity[arc] ?? 0) - fits;
      this.#capacity[back] = (this.#capacity[back] ?? 0) + fits;
    }
    return fits;
  }

  /** The next arc of the layers that has room; -1 where the node has no more. */
  #arcOnwards(node: number): number {
    const end = this.#first[node + 1] ?? 0;
    const wanted = (this.#level[node] ?? 0) - 1;
    const to = this.#to;
    const capacity = this.#capacity;
    const level = this.#level;
    for (let arc = this.#current[node] ?? 0; arc < end; arc += 1) {
      if ((capacity[arc] ?? 0) > LEAST_ROOM && level[to[arc] ?? 0] === wanted) {
        this.#current[node] = arc;
        return arc;
      }
    }
    this.#current[node] = end;
    return -1;
  }
}
