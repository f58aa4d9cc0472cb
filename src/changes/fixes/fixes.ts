/**
 * The few changes that close the most ways, in the order in which to make them, each proved with those before it made.
 * Greedy by what a change closes next to what it costs; where ways run side by side, so that no change closes one by
 * itself, the smallest cut says where to begin.
 */
import type { Change } from '../../rules/index.ts';
import { COUNTED, defaultCosts } from '../../graph/index.ts';
import type { Owner } from '../ownership.ts';
import { type Evidence, type Proof, prove } from '../prove.ts';
import { type Paths, type State, TARGET } from '../state.ts';
import type { Candidate } from './candidate.ts';
import { candidatesOf } from './candidates.ts';

export interface Fix {
  readonly id: string;
  readonly title: string;
  readonly owner: Owner;
  readonly change: Change;
  /** What it closes by itself. */
  readonly alone: { readonly exposed: number; readonly workloads: number };
  readonly proof: Proof;
}

export interface Fixes {
  readonly before: { readonly exposed: number; readonly workloads: number; readonly smallestCut: number | undefined };
  readonly fixes: readonly Fix[];
  readonly after: { readonly exposed: number; readonly workloads: number };
  /** What is not yours to change, or would not stay changed, and what it would close. */
  readonly vendor: readonly {
    readonly title: string;
    readonly owner: Owner;
    readonly closes: { readonly exposed: number; readonly workloads: number };
  }[];
}

export interface FixOptions {
  readonly top: number;
  readonly evidence: Evidence;
}

/** Outsiders come first: one of them counts as much as so many workloads that somebody has to break into. */
const WEIGHT_OF_EXPOSED = 3;
/** How many of the best candidates are proved before one is chosen. */
const PROVED = 4;

export function fixesFor(state: State, { top, evidence }: FixOptions): Fixes {
  const fixes: Fix[] = [];
  const vendor = new Map<string, Fixes['vendor'][number]>();
  let current = state;
  while (fixes.length < top) {
    const ranked = rankedOf(current);
    for (const { candidate, closes } of ranked) {
      if (candidate.owner.restored && !vendor.has(candidate.id) && vendor.size < top)
        vendor.set(candidate.id, { title: candidate.title, owner: candidate.owner, closes });
    }
    const single = best(
      current,
      ranked.filter(({ candidate }) => !candidate.owner.restored),
      evidence,
    );
    const chosen = single === undefined ? inTurn(current, together(current, top - fixes.length), evidence) : [single];
    if (chosen.length === 0) break;
    for (const { candidate, proof, after } of chosen) {
      const alone = state === current ? proof.closes : closedBy(state.paths, state.with(candidate.change).paths);
      const { id, title, owner, change } = candidate;
      fixes.push({ id, title, owner, change, alone: { exposed: alone.exposed, workloads: alone.workloads }, proof });
      current = after;
    }
  }
  return {
    before: { ...counts(state.paths), smallestCut: cutOf(state)?.length },
    fixes,
    after: counts(current.paths),
    vendor: [...vendor.values()],
  };
}

interface Ranked {
  readonly candidate: Candidate;
  readonly closes: { readonly exposed: number; readonly workloads: number };
}

/** By what they close in the graph as it is; the best first, and without those that close nothing. */
function rankedOf(state: State): Ranked[] {
  const { exposed, workloads } = state.paths;
  const ranked = candidatesOf(state, [...exposed, ...workloads]).map((candidate): Ranked => ({
    candidate,
    closes: { exposed: closedEdges(state, exposed, candidate.edges), workloads: closedEdges(state, workloads, candidate.edges) },
  }));
  return ranked
    .filter((one) => gain(one) > 0)
    .toSorted((a, b) => gain(b) - gain(a) || a.candidate.order - b.candidate.order || (a.candidate.title < b.candidate.title ? -1 : 1));
}

function gain({ closes }: Ranked): number {
  return WEIGHT_OF_EXPOSED * closes.exposed + closes.workloads;
}

function closedEdges({ graph }: State, entries: readonly string[], edges: readonly number[]): number {
  const target = graph.find(TARGET) ?? -1;
  const vertices = entries.map((name) => graph.find(name) ?? -1);
  const reach = graph.entriesThatReachWithout(edges, { entries: vertices, target, classes: COUNTED });
  return entries.length - reach.reduce((sum, one) => sum + one, 0);
}

/** What a verdict leaves of a gain: what is known to break something is only the last choice. */
const WORTH = { safe: 1, 'not-touched': 1, unknown: 0.8, breaks: 0.2 } as const;

function best(state: State, ranked: readonly Ranked[], evidence: Evidence): Made | undefined {
  let found: (Made & { worth: number }) | undefined;
  for (const one of ranked.slice(0, PROVED)) {
    if (found !== undefined && gain(one) <= found.worth) break;
    const made = madeOf(state, one.candidate, evidence);
    const { proof } = made;
    // The graph may have said more than the changed cluster does.
    const worth = (WEIGHT_OF_EXPOSED * proof.closes.exposed + proof.closes.workloads) * WORTH[proof.verdict];
    if (worth > 0 && worth > (found?.worth ?? 0)) found = { ...made, worth };
  }
  return found;
}

/** A candidate with what it leads to. */
interface Made {
  readonly candidate: Candidate;
  readonly proof: Proof;
  readonly after: State;
}

function madeOf(before: State, candidate: Candidate, evidence: Evidence): Made {
  const after = before.with(candidate.change);
  return { candidate, proof: prove({ before, after }, candidate.change, evidence), after };
}

function inTurn(state: State, candidates: readonly Candidate[], evidence: Evidence): Made[] {
  const made: Made[] = [];
  for (const candidate of candidates) made.push(madeOf(made.at(-1)?.after ?? state, candidate, evidence));
  return made;
}

/** Ways that run side by side are closed by no change alone: then those of the smallest cut, one after the other. */
function together(state: State, most: number): Candidate[] {
  const refs = new Set((cutOf(state) ?? []).map((part) => / in (\S+)$/.exec(part)?.[1] ?? part));
  const { exposed, workloads } = state.paths;
  const entries = [...exposed, ...workloads];
  const chosen = candidatesOf(state, entries).filter(({ change, owner }) => !owner.restored && refs.has(change.patches[0]?.target ?? ''));
  const edges = chosen.flatMap((candidate) => candidate.edges);
  // Worth nothing unless all of them are made.
  return chosen.length > most || closedEdges(state, entries, edges) === 0 ? [] : chosen;
}

function closedBy(before: Paths, after: Paths): { exposed: number; workloads: number } {
  const count = (was: readonly string[], is: readonly string[]): number => {
    const left = new Set(is);
    return was.filter((name) => !left.has(name)).length;
  };
  return { exposed: count(before.exposed, after.exposed), workloads: count(before.workloads, after.workloads) };
}

function counts({ exposed, workloads }: Paths): { exposed: number; workloads: number } {
  return { exposed: exposed.length, workloads: workloads.length };
}

/** The fewest parts that close everything; undefined where something that has to stay leads there. */
function cutOf({ graph, paths }: State): readonly string[] | undefined {
  const entries = [...new Set([...paths.exposed, ...paths.workloads])].map((name) => graph.find(name) ?? -1);
  const target = graph.find(TARGET);
  if (target === undefined || entries.length === 0) return [];
  const costs = defaultCosts(graph);
  // The number of changes, not what they cost.
  const cut = graph.cut({ entries, target, classes: COUNTED, costOf: (part) => (costs(part) === Infinity ? Infinity : 1) });
  return 'parts' in cut ? cut.parts.map((part) => graph.graph.parts[part] ?? '') : undefined;
}
