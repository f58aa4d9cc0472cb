/**
 * Which changes close the most ways together, by the graph as it is. What is known to break something comes in only where
 * nothing else closes what is left.
 */
import { type BestSet, type Situation, bestSet } from '../../graph/index.ts';
import { type Evidence, proveRequests } from '../prove.ts';
import { RBAC_KINDS } from '../touched.ts';
import { tokenDenials } from '../workload-accounts.ts';
import { thoseThatFit } from '../overlay.ts';
import type { DomainVerdict } from '../proof.ts';
import type { State } from '../state.ts';
import type { Candidate } from './candidate.ts';
import { candidatesOf, situationIn, tokenEdgesOf } from './from-graph.ts';
import { splitsOf } from './from-shared.ts';

export interface PathPlan {
  /** In the order in which to make them. */
  readonly steps: readonly Candidate[];
  /** What they close together by the graph, weighted. */
  readonly closes: number;
  /** No plan of so many steps closes more. */
  readonly atMost: number;
  /** What would close most and is somebody else's to change, the best of each owner first. */
  readonly vendor: readonly { readonly candidate: Candidate; readonly closes: number }[];
  readonly inherent: Inherent | undefined;
}

/** Ways that go only through what well-known add-ons have by nature: they are told once, for all of them together. */
export interface Inherent {
  readonly exposed: number;
  readonly workloads: number;
  /** The add-ons, by name. */
  readonly through: readonly string[];
}

/** Outsiders come first: one of them counts as much as so many workloads that somebody has to break into. */
export const WEIGHT_OF_EXPOSED = 3;
/** How many candidates are asked of the record before a choice. */
const MOST_REPLAYED = 60;

const NOTHING: PathPlan = { steps: [], closes: 0, atMost: 0, vendor: [], inherent: undefined };

/** `tried` are the ids of what turned out to close nothing. */
export function pathPlan(state: State, top: number, { evidence, tried }: { evidence: Evidence; tried: ReadonlySet<string> }): PathPlan {
  const { graph, paths } = state;
  const situation = situationIn(state);
  if (situation === undefined) return NOTHING;
  const weights = new Map<number, number>();
  const weigh = (names: readonly string[], weight: number): void => {
    for (const vertex of names.map((name) => graph.find(name) ?? -1)) weights.set(vertex, (weights.get(vertex) ?? 0) + weight);
  };
  weigh(paths.exposed, WEIGHT_OF_EXPOSED);
  weigh(paths.workloads, 1);
  const untried = [...candidatesOf(state, situation), ...splitting(state, situation, evidence)].filter(({ id }) => !tried.has(id));
  const all = thoseThatFit(state.objects, untried);
  const own = all.filter(({ owner }) => !owner.restored);
  const weightOf = situation.entries.map((entry) => weights.get(situation.part.vertexOf[entry] ?? -1) ?? 1);
  const choose = (candidates: readonly Candidate[], costOf: (candidate: Candidate) => number, most = top): BestSet =>
    bestSet(situation, { weights: weightOf, top: most, removals: candidates.map((one) => ({ edges: one.edges, cost: costOf(one) })) });
  const inherent = inherentIn(state, situation, all);
  const { alone } = choose(all, effortOf, 0);
  const aloneOf = new Map(all.map(({ id }, index) => [id, alone[index] ?? 0]));
  const vendor = all
    .map((candidate, index) => ({ candidate, closes: alone[index] ?? 0 }))
    .filter(({ candidate, closes }) => candidate.owner.restored && closes > 0)
    .toSorted((a, b) => b.closes - a.closes || a.candidate.order - b.candidate.order);
  const verdicts = verdictsOf(
    state,
    evidence,
    own.toSorted((a, b) => (aloneOf.get(b.id) ?? 0) - (aloneOf.get(a.id) ?? 0)).slice(0, MOST_REPLAYED),
  );
  const cost = (candidate: Candidate): number => effortOf(candidate) + COST_OF[verdicts.get(candidate.id) ?? 'unknown'];
  const harmless = own.filter(({ id }) => verdicts.get(id) !== 'breaks');
  const found = choose(harmless, cost);
  const steps = found.order.map((index) => harmless[index]).filter((one) => one !== undefined);
  if (steps.length > 0 || harmless.length === own.length) return { steps, closes: found.closes, atMost: found.atMost, vendor, inherent };
  const last = choose(own, cost);
  return {
    steps: last.order.map((index) => own[index]).filter((one) => one !== undefined),
    closes: last.closes,
    atMost: last.atMost,
    vendor,
    inherent,
  };
}

/** Add-ons stand beside each other: without one of them its ways go by another. So they are looked at together. */
function inherentIn(state: State, situation: Situation, all: readonly Candidate[]): Inherent | undefined {
  const { graph, paths } = state;
  const ofAddOns = all.filter(({ owner }) => owner.kind === 'addon');
  const edges = [...new Set(ofAddOns.flatMap((one) => one.edges))];
  const closed = (names: readonly string[]): number => {
    const counted = new Set(names.map((name) => graph.find(name) ?? -1));
    const weights = situation.entries.map((entry) => (counted.has(situation.part.vertexOf[entry] ?? -1) ? 1 : 0));
    return bestSet(situation, { removals: [{ edges, cost: 0 }], weights, top: 0 }).alone[0] ?? 0;
  };
  if (edges.length === 0) return undefined;
  const [exposed, workloads] = [closed(paths.exposed), closed(paths.workloads)];
  const through = [...new Set(ofAddOns.map(({ owner }) => owner.name))].toSorted();
  return exposed + workloads === 0 ? undefined : { exposed, workloads, through };
}

/** Workloads that get an account of their own: they lose the token of the one that they share. */
function splitting(state: State, situation: Situation, evidence: Evidence): Candidate[] {
  return splitsOf(state, evidence).flatMap(({ candidate, workload }) => {
    const edges = tokenEdgesOf(state, situation, workload.object);
    return edges.length === 0 ? [] : [{ ...candidate, edges }];
  });
}

/** All that a plan costs is to be less than one entry is worth. */
const COST_OF: Readonly<Record<DomainVerdict, number>> = { safe: 0, 'not-touched': 0, unknown: 0.01, breaks: 0.02 };

function effortOf({ order, owner, change }: Candidate): number {
  return 0.001 * (order + 1) + (owner.kind === 'you' ? 0 : 0.0005) + (change.effort === 'low' ? 0 : 0.002);
}

/** Of rights only: what else a change touches is unknown before it is proved. */
function verdictsOf(state: State, evidence: Evidence, candidates: readonly Candidate[]): Map<string, DomainVerdict> {
  const found = new Map<string, DomainVerdict>();
  if (evidence.record === undefined && state.seen().length === 0) return found;
  const before = state.only(RBAC_KINDS);
  for (const { id, change } of candidates) {
    if (tokenDenials(change, state, evidence).length > 0) found.set(id, 'breaks');
    if (!change.patches.every(({ target }) => RBAC_KINDS.has(target.split('/', 1)[0] ?? ''))) continue;
    found.set(id, proveRequests({ before, after: before.with(change) }, evidence, state).verdict);
  }
  return found;
}
