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
 * The steps of a derivation in order, each with the fields that allow it: its own, or those by which what it needs was
 * come by, as that of a right is the rule that gives it. A step ends where the links behind it lead: a binding by way of its rule at the
 * right that it gives, a group of accounts at the one that is used.
 */
export function chainOf(graph: Graph, edges: Derivation, { from, to }: { from: number; to: number }): Chain {
  const hops: Hop[] = [];
  const followers = new Map<number, number[]>();
  const givers = new Map<number, number>();
  for (const edge of edges) {
    for (const need of needsOf(graph, edge)) followers.set(need, [...(followers.get(need) ?? []), edge]);
    const head = graph.heads[edge] ?? to;
    if (!givers.has(head)) givers.set(head, edge);
  }
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
    const own = evidence.filter((each) => each !== undefined);
    hops.push({
      edge: graph.families[graph.family[edge] ?? 0] ?? '',
      from: graph.names[first] ?? '',
      to: graph.names[at] ?? '',
      with: others.map((need) => graph.names[need] ?? ''),
      klass: CLASSES[weakest] ?? 'unknown',
      evidence: own.length > 0 ? own : evidenceBehind(graph, givers, edge),
    });
  }
  return hops;
}

/** The nearest evidence of what an edge needs. */
function evidenceBehind(graph: Graph, givers: ReadonlyMap<number, number>, edge: number): HopEvidence[] {
  const found: HopEvidence[] = [];
  const seen = new Set([edge]);
  for (const each of seen) {
    for (const need of needsOf(graph, each)) {
      const giver = givers.get(need);
      const evidence = giver === undefined || seen.has(giver) ? undefined : graph.evidenceOf(giver);
      if (evidence !== undefined) found.push(evidence);
      else if (giver !== undefined) seen.add(giver);
    }
  }
  return found;
}

function linkFrom(
  graph: Graph,
  followers: ReadonlyMap<number, readonly number[]>,
  { at, to }: { at: number; to: number },
): number | undefined {
  if (at === to) return undefined;
  return (followers.get(at) ?? []).find((edge) => graph.family[edge] === LINK && needsOf(graph, edge).length === 1);
}
