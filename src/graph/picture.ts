/** The part of the graph that matters for one question, as a picture has it: vertices, and what leads where. */
import type { AttackGraph } from './attack-graph.ts';
import type { ClassMask } from './graph.ts';
import { needsOf } from './graph.ts';
import { type Subgraph, between } from './subgraph.ts';
import { nextSteps } from './ways.ts';

export interface PictureArrow {
  /** Indexes of the vertices. */
  readonly from: number;
  readonly to: number;
  /** Id of the edge in the graph. */
  readonly edge: number;
  /** How many things the edge needs at once. */
  readonly needs: number;
}

export interface Picture {
  /** Ids of vertices in the graph. */
  readonly vertices: readonly number[];
  readonly arrows: readonly PictureArrow[];
  /** The index of the arrow by which each vertex comes nearest to the target; -1 where only several things lead on together. */
  readonly next: Int32Array;
  /** How many vertices there are: more than are in the picture where that has only the shortest ways. */
  readonly all: number;
}

export interface PictureQuestion {
  readonly entries: readonly number[];
  readonly target: number;
  readonly classes: ClassMask;
  /** Vertices whose ways matter before those of entries, where not all can be there: what a cut takes away. */
  readonly before: readonly number[];
}

/** `most` vertices at most: where there are more, those on the shortest ways of as many entries as fit. */
export function pictureOf(attack: AttackGraph, { entries, target, classes, before }: PictureQuestion, most: number): Picture {
  const reach = attack.entriesThatReach(entries, target, classes);
  const reaching = entries.filter((_, index) => reach[index] === 1);
  const part = between(attack.graph, { from: reaching, to: target }, { classes });
  const goal = part.idOf[target] ?? -1;
  if (goal < 0) return { vertices: [target], arrows: [], next: new Int32Array([-1]), all: 1 };
  const { edge: nextEdge } = nextSteps(part.graph, goal, classes);
  const all = part.vertexOf.length;
  const kept = all <= most ? undefined : onWays(part, nextEdge, { starts: [...before, ...reaching], goal, most });
  const indexOf = new Int32Array(all).fill(-1);
  const vertices: number[] = [];
  for (let id = 0; id < all; id += 1) if (kept === undefined || kept[id] === 1) indexOf[id] = vertices.push(part.vertexOf[id] ?? 0) - 1;
  const arrows: PictureArrow[] = [];
  const next = new Int32Array(vertices.length).fill(-1);
  const seen = new Set<string>();
  const { graph } = part;
  for (let edge = 0; edge < graph.heads.length; edge += 1) {
    const head = graph.heads[edge] ?? 0;
    const to = indexOf[head] ?? -1;
    if (to < 0) continue;
    const needs = needsOf(graph, edge);
    for (const need of needs) {
      const from = indexOf[need] ?? -1;
      // Whoever has the target needs no way any more.
      if (from < 0 || need === goal) continue;
      const isNext = nextEdge[need] === edge;
      const key = `${from} ${to} ${graph.family[edge]} ${graph.klass[edge]}`;
      if (seen.has(key) && !isNext) continue;
      seen.add(key);
      if (isNext) next[from] = arrows.length;
      arrows.push({ from, to, edge: part.edgeOf[edge] ?? 0, needs: needs.length });
    }
  }
  return { vertices, arrows, next, all };
}

function onWays(
  { graph, idOf }: Subgraph,
  next: Int32Array,
  { starts, goal, most }: { starts: readonly number[]; goal: number; most: number },
): Uint8Array {
  const kept = new Uint8Array(graph.names.length);
  kept[goal] = 1;
  let count = 1;
  for (const start of starts) {
    const way: number[] = [];
    let at = idOf[start] ?? -1;
    while (at >= 0 && kept[at] !== 1) {
      way.push(at);
      kept[at] = 1;
      const edge = next[at] ?? -1;
      if (edge < 0) break;
      at = graph.heads[edge] ?? goal;
    }
    count += way.length;
    if (count <= most) continue;
    for (const each of way) kept[each] = 0;
    return kept;
  }
  return kept;
}
