/**
 * A flow through vertices of which one part may be several: what the part costs is shared among them, so that no cut costs
 * less than what flows. How it is best shared nobody knows before: what a vertex does not use goes to those of its part
 * that are full, round by round, while the flow grows.
 */
import { type FlowProblem, VertexFlow } from './flow.ts';
import { type Grouped, grouped, itemsOf } from './ints.ts';

export interface SharedProblem extends Omit<FlowProblem, 'costs'> {
  /** The parts by vertex: taking away any one of them takes the vertex. */
  readonly partsOf: Grouped;
  /** What it costs to take a part away; Infinity for what has to stay. */
  readonly costOf: (part: number) => number;
}

export interface SharedCut {
  readonly vertices: readonly number[];
  /** Of each vertex the part whose share is least: what cuts several at once is shared by them, and costs each little. */
  readonly parts: readonly number[];
  /** No cut costs less. */
  readonly atLeast: number;
}

/** Below this a share has no room. */
const LEAST = 1e-9;

export class SharedFlow {
  readonly #flow: VertexFlow;
  /** Places of parts: the vertex, the part, and what of its cost is the vertex's. */
  readonly #partsOf: Grouped;
  readonly #shares: Float64Array;
  /** Indexes of places of each part that is several vertices. */
  readonly #places: readonly Int32Array[];
  readonly #vertexOf: Int32Array;
  readonly #isCut: Uint8Array;

  constructor(problem: SharedProblem) {
    const { vertices, sink, partsOf } = problem;
    this.#isCut = new Uint8Array(vertices);
    this.#partsOf = partsOf;
    const { at, items } = partsOf;
    this.#vertexOf = new Int32Array(items.length);
    for (let vertex = 0; vertex < vertices; vertex += 1)
      for (let place = at[vertex] ?? 0; place < (at[vertex + 1] ?? 0); place += 1) this.#vertexOf[place] = vertex;
    this.#shares = new Float64Array(items.length);
    this.#places = this.#share(problem);
    const costs = new Float64Array(vertices);
    for (let vertex = 0; vertex < vertices; vertex += 1) costs[vertex] = this.#costOf(vertex);
    costs[sink] = Infinity;
    this.#flow = new VertexFlow({ ...problem, costs });
  }

  /** Gives the places of a part the same share each; those of parts that are several vertices, as their first places stand. */
  #share({ sink, partsOf: { items }, costOf }: SharedProblem): Int32Array[] {
    const parts = items.reduce((most, part) => Math.max(most, part), -1) + 1;
    const byPart = grouped(parts, items);
    const isMet = new Uint8Array(parts);
    const shared: Int32Array[] = [];
    for (let place = 0; place < items.length; place += 1) {
      const part = items[place] ?? 0;
      // What is asked for goes with nothing.
      if (this.#vertexOf[place] === sink) this.#shares[place] = Infinity;
      if (this.#vertexOf[place] === sink || isMet[part] === 1) continue;
      isMet[part] = 1;
      const cost = costOf(part);
      const count = (byPart.at[part + 1] ?? 0) - (byPart.at[part] ?? 0);
      if (count === 1) {
        this.#shares[place] = cost;
        continue;
      }
      const places = itemsOf(byPart, part).filter((each) => this.#vertexOf[each] !== sink);
      for (const each of places) this.#shares[each] = cost / places.length;
      if (places.length > 1 && cost < Infinity) shared.push(places);
    }
    return shared;
  }

  /** Undefined where some path has only what stays. */
  first(): SharedCut | undefined {
    return this.#flow.send() ? this.#cut() : undefined;
  }

  /** Shares once more: what is not used goes to where the last cut is. Undefined where nothing can be shared better. */
  next(): SharedCut | undefined {
    const touched = new Set<number>();
    for (const places of this.#places) {
      const short = places.filter((place) => this.#isCut[this.#vertexOf[place] ?? 0] === 1);
      if (short.length === 0) continue;
      let spare = 0;
      for (const place of places) {
        const room = (this.#shares[place] ?? 0) - this.#through(place);
        if (room <= LEAST) continue;
        spare += room;
        this.#shares[place] = this.#through(place);
      }
      if (spare <= LEAST) continue;
      for (const place of short) this.#shares[place] = (this.#shares[place] ?? 0) + spare / short.length;
      for (const place of places) touched.add(this.#vertexOf[place] ?? 0);
    }
    if (touched.size === 0) return undefined;
    for (const vertex of touched) this.#flow.setCost(vertex, this.#costOf(vertex));
    return this.first();
  }

  #through(place: number): number {
    return this.#flow.through(this.#vertexOf[place] ?? 0);
  }

  #costOf(vertex: number): number {
    const { at } = this.#partsOf;
    let least = Infinity;
    for (let place = at[vertex] ?? 0; place < (at[vertex + 1] ?? 0); place += 1) least = Math.min(least, this.#shares[place] ?? Infinity);
    return least;
  }

  #cut(): SharedCut {
    const vertices = this.#flow.cut();
    this.#isCut.fill(0);
    for (const vertex of vertices) this.#isCut[vertex] = 1;
    const parts = [...new Set(vertices.map((vertex) => this.#leastPart(vertex)))];
    return { vertices, parts, atLeast: vertices.reduce((sum, vertex) => sum + this.#costOf(vertex), 0) };
  }

  #leastPart(vertex: number): number {
    const { at, items } = this.#partsOf;
    let [best, least] = [-1, Infinity];
    for (let place = at[vertex] ?? 0; place < (at[vertex + 1] ?? 0); place += 1) {
      const share = this.#shares[place] ?? Infinity;
      if (share < least) [best, least] = [items[place] ?? -1, share];
    }
    return best;
  }
}
