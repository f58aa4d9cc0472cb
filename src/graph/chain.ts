/** A derivation as people read it: one hop for each step, with what ties vertices together left out. */
import { CLASSES, type EdgeClass, type Graph, LINK, needsOf } from './graph.ts';
import type { Derivation } from './witness.ts';

export interface HopEvidence {
  /** Id of the object in the cluster. */
  readonly object: number;
  readonly path: string;
}

export interface Hop {
  readonly edge: string;
  readonly from: string;
  readonly to: string;
  /** What is needed besides, by name; each was come by before. */
  readonly with: readonly string[];
  readonly klass: EdgeClass;
  readonly evidence: readonly HopEvidence[];
}

export type Chain = readonly Hop[];

/**
 * The steps of a derivation in order. A step ends where the links behind it lead: a binding by way of its rule at the
 * right that it gives, a group of accounts at the one that is used.
 */
export function chainOf(graph: Graph, edges: Derivation, { from, to }: { from: number; to: number }): Chain {
  const hops: Hop[] = [];
  const followers = new Map<number, number[]>();
  for (const edge of edges) for (const need of needsOf(graph, edge)) followers.set(need, [...(followers.get(need) ?? []), edge]);
  for (const edge of edges) {
    if (graph.family[edge] === LINK) continue;
    const [first = from, ...others] = needsOf(graph, edge);
    const evidence = [graph.evidenceOf(edge)];
    let [at, weakest] = [graph.heads[edge] ?? to, graph.klass[edge] ?? 0];
    for (let link = linkFrom(graph, followers, { at, to }); link !== undefined; link = linkFrom(graph, followers, { at, to })) {
      evidence.push(graph.evidenceOf(link));
      weakest = Math.max(weakest, graph.klass[link] ?? 0);
      at = graph.heads[link] ?? to;
    }
    hops.push({
      edge: graph.families[graph.family[edge] ?? 0] ?? '',
      from: graph.names[first] ?? '',
      to: graph.names[at] ?? '',
      with: others.map((need) => graph.names[need] ?? ''),
      klass: CLASSES[weakest] ?? 'unknown',
      evidence: evidence.filter((each) => each !== undefined),
    });
  }
  return hops;
}

function linkFrom(
  graph: Graph,
  followers: ReadonlyMap<number, readonly number[]>,
  { at, to }: { at: number; to: number },
): number | undefined {
  if (at === to) return undefined;
  return (followers.get(at) ?? []).find((edge) => graph.family[edge] === LINK && needsOf(graph, edge).length === 1);
}
