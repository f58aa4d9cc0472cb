/** One question about cuts, made ready: the entries that reach a target at all, and the part of the graph between them. */
import type { Graph } from './graph.ts';
import { type Ends, type Limits, entriesThatReach } from './reach.ts';
import { type Subgraph, between } from './subgraph.ts';

export interface Situation {
  readonly part: Subgraph;
  /** In the part: the entries that reach the target, each by itself. */
  readonly entries: readonly number[];
  readonly target: number;
}

/** Undefined where no entry reaches the target. */
export function situationOf(whole: Graph, ends: Ends, limits: Limits = {}): Situation | undefined {
  const reach = entriesThatReach(whole, ends, limits);
  return situationOfReaching(whole, { from: ends.from.filter((_, index) => reach[index] === 1), to: ends.to }, limits);
}

/** The same of entries that all are known to reach the target. */
export function situationOfReaching(whole: Graph, ends: Ends, limits: Limits = {}): Situation | undefined {
  const { from: reaching } = ends;
  if (reaching.length === 0) return undefined;
  const part = between(whole, ends, limits);
  const inner = reaching.map((entry) => part.idOf[entry] ?? 0);
  return { part, entries: inner, target: part.idOf[ends.to] ?? 0 };
}
