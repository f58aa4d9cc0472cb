/** The part of a graph that matters for some question, with ids of its own, so that repeated searches touch no more. */
import { ALL_CLASSES, type Graph } from './graph.ts';
import { Ints, grouped } from './ints.ts';
import { type Ends, type Limits, leadingToOne, reachedFrom } from './reach.ts';

export interface Subgraph {
  readonly graph: Graph;
  /** The edge of the whole graph by that of the part. */
  readonly edgeOf: Int32Array;
  /** The vertex of the whole graph by that of the part. */
  readonly vertexOf: Int32Array;
  /** The other way round; -1 for what is not in the part. */
  readonly idOf: Int32Array;
}

/** Everything that the entries together come to hold before the target and that is of use for it. */
export function between(graph: Graph, { from, to }: Ends, limits: Limits = {}): Subgraph {
  const { classes = ALL_CLASSES } = limits;
  const keep = leadingToOne(graph, to, limits);
  const reached = reachedFrom(graph, from, { ...limits, end: to, within: keep });
  const idOf = new Int32Array(graph.names.length).fill(-1);
  const vertices = new Ints();
  for (let vertex = 0; vertex < keep.length; vertex += 1)
    if (keep[vertex] === 1 && reached[vertex] === 1) idOf[vertex] = vertices.push(vertex);
  const [edges, heads, starts, owners, needs] = [new Ints(), new Ints(), new Ints(), new Ints(), new Ints()];
  const { heads: allHeads, klass, bodies } = graph;
  for (let edge = 0; edge < allHeads.length; edge += 1) {
    const head = idOf[allHeads[edge] ?? 0] ?? -1;
    if (head < 0 || ((classes >> (klass[edge] ?? 0)) & 1) === 0) continue;
    const first = bodies.at[edge] ?? 0;
    const last = bodies.at[edge + 1] ?? 0;
    let at = first;
    while (at < last && (idOf[bodies.items[at] ?? 0] ?? -1) >= 0) at += 1;
    if (at < last) continue;
    const id = edges.push(edge);
    heads.push(head);
    starts.push(needs.length);
    for (at = first; at < last; at += 1) {
      owners.push(id);
      needs.push(idOf[bodies.items[at] ?? 0] ?? 0);
    }
  }
  starts.push(needs.length);
  const [vertexOf, edgeOf] = [vertices.done(), edges.done()];
  return {
    graph: assemble(
      graph,
      { vertexOf, edgeOf, idOf },
      { heads: heads.done(), starts: starts.done(), owners: owners.done(), needs: needs.done() },
    ),
    edgeOf,
    vertexOf,
    idOf,
  };
}

function assemble(
  whole: Graph,
  { vertexOf, edgeOf, idOf }: Omit<Subgraph, 'graph'>,
  { heads, starts, owners, needs }: { heads: Int32Array; starts: Int32Array; owners: Int32Array; needs: Int32Array },
): Graph {
  const count = vertexOf.length;
  const [holders, parts] = [new Ints(), new Ints()];
  const names: string[] = [];
  for (let id = 0; id < count; id += 1) {
    const vertex = vertexOf[id] ?? 0;
    names.push(whole.names[vertex] ?? '');
    for (let at = whole.partsOf.at[vertex] ?? 0; at < (whole.partsOf.at[vertex + 1] ?? 0); at += 1) {
      holders.push(id);
      parts.push(whole.partsOf.items[at] ?? 0);
    }
  }
  const items = parts.done();
  return {
    names,
    families: whole.families,
    heads,
    bodies: { at: starts, items: needs },
    family: picked(whole.family, edgeOf, new Uint16Array(edgeOf.length)),
    klass: picked(whole.klass, edgeOf, new Uint8Array(edgeOf.length)),
    evidence: picked(whole.evidence, edgeOf, new Int32Array(edgeOf.length)),
    out: grouped(count, needs, owners),
    into: grouped(count, heads),
    parts: whole.parts,
    partsOf: grouped(count, holders.done(), items),
    find(name) {
      const vertex = whole.find(name);
      const id = vertex === undefined ? -1 : (idOf[vertex] ?? -1);
      return id < 0 ? undefined : id;
    },
    evidenceOf: (edge) => whole.evidenceOf(edgeOf[edge] ?? 0),
  };
}

function picked<T extends Uint16Array | Uint8Array | Int32Array>(from: T, at: Int32Array, into: T): T {
  for (let index = 0; index < at.length; index += 1) into[index] = from[at[index] ?? 0] ?? 0;
  return into;
}
