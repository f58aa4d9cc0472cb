/**
 * The few changes that do the most, in the order in which to make them, each proved with those before it made. First
 * those that close ways, chosen together; then, where there is room, those that settle the most of what else is wrong.
 */
import type { Change } from '../../rules/index.ts';
import { COUNTED, bestSet, defaultCosts } from '../../graph/index.ts';
import { thoseThatFit } from '../overlay.ts';
import type { Owner } from '../ownership.ts';
import { type Evidence, type Proof, prove } from '../prove.ts';
import { RBAC_KINDS } from '../touched.ts';
import { type Paths, type State, TARGET } from '../state.ts';
import type { Candidate } from './candidate.ts';
import { again, situationIn } from './from-graph.ts';
import { nodeCandidate } from './from-nodes.ts';
import { sideCandidates } from './side-candidates.ts';
import { keepingUsed } from './keeping-used.ts';
import { type Inherent, type PathPlan, WEIGHT_OF_EXPOSED, pathPlan } from './path-plan.ts';

export interface Fix {
  readonly id: string;
  readonly title: string;
  readonly owner: Owner;
  readonly change: Change;
  /** What it closes by itself. */
  readonly alone: { readonly exposed: number; readonly workloads: number };
  readonly proof: Proof;
  /** Where it would deny recorded use: what keeps that, and closes ways all the same. */
  readonly instead?: { readonly title: string; readonly change: Change; readonly proof: Proof };
}

export interface Fixes {
  readonly before: { readonly exposed: number; readonly workloads: number; readonly smallestCut: number | undefined };
  readonly fixes: readonly Fix[];
  readonly after: { readonly exposed: number; readonly workloads: number };
  /** At least this share of what any choice of as many closes, by the graph; 1 where none closes more. */
  readonly ofTheBest: number;
  /** Of `before` what leads there only through what add-ons have by nature. */
  readonly inherent?: Inherent;
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

export function fixesFor(state: State, { top, evidence }: FixOptions): Fixes {
  const made: Made[] = [];
  const tried = new Set<string>();
  let first: PathPlan | undefined;
  let current = state;
  while (made.length < top) {
    const plan = pathPlan(current, top - made.length, { evidence, tried });
    first ??= plan;
    if (plan.steps.length === 0) break;
    const steps = inTurn(current, plan.steps, evidence);
    const missing = plan.closes - steps.reduce((sum, { proof }) => sum + worthOf(proof.closes), 0);
    const idle = missing > 0 ? steps.find(({ proof }) => worthOf(proof.closes) === 0) : undefined;
    if (idle === undefined) made.push(...steps);
    // The graph said more than the changed cluster does: then another choice is better.
    else tried.add(idle.candidate.id);
    current = made.at(-1)?.after ?? state;
  }
  const closing = made.length;
  made.push(...beside(current, top - made.length, evidence));
  return {
    before: { ...counts(state.paths), smallestCut: cutOf(state)?.length },
    fixes: made.map(({ candidate, proof }, index) => {
      const { id, title, owner, change } = candidate;
      const isOfNode = candidate.nodeRule !== undefined;
      const alone = index === 0 || (index >= closing && !isOfNode) ? proof.closes : closedAlone(state, candidate);
      const instead = insteadOf({ before: made[index - 1]?.after ?? state, candidate, proof }, evidence);
      const fix = { id, title, owner, change, alone: { exposed: alone.exposed, workloads: alone.workloads }, proof };
      return instead === undefined ? fix : { ...fix, instead };
    }),
    after: counts((made.at(-1)?.after ?? state).paths),
    ofTheBest: first === undefined || first.atMost === 0 ? 1 : first.closes / first.atMost,
    vendor: vendorOf(state, first?.vendor ?? [], top),
    ...(first?.inherent !== undefined && { inherent: first.inherent }),
  };
}

/** A candidate with what it leads to. */
interface Made {
  readonly candidate: Candidate;
  readonly proof: Proof;
  readonly after: State;
}

function inTurn(state: State, candidates: readonly Candidate[], evidence: Evidence): Made[] {
  const made: Made[] = [];
  for (const [index, planned] of candidates.entries()) {
    const before = made.at(-1)?.after ?? state;
    const candidate = index === 0 ? planned : again(planned, before);
    if (candidate === undefined) continue;
    const after = before.with(candidate.change);
    made.push({ candidate, proof: prove({ before, after }, candidate.change, evidence), after });
  }
  return made;
}

/** What else is worth a change, one after the other; what turns out to settle nothing is left out. */
function beside(state: State, most: number, evidence: Evidence): Made[] {
  const made: Made[] = [];
  if (most === 0) return made;
  const tried = new Set<string>();
  for (const planned of sideCandidates(state, evidence)) {
    if (made.length === most) break;
    const before = made.at(-1)?.after ?? state;
    const candidate = planned.nodeRule === undefined ? planned : nodeCandidate(before, planned.nodeRule);
    // An object is changed once here: a patch was made for the object as it was.
    const targets = planned.change.patches.flatMap(({ target, node }) => (node === undefined ? target : []));
    if (candidate === undefined || targets.some((target) => tried.has(target))) continue;
    if (thoseThatFit(before.objects, [candidate]).length === 0) continue;
    const after = before.with(candidate.change);
    const proof = prove({ before, after }, candidate.change, evidence);
    const { reachablePairs, controls } = proof.closes;
    if (reachablePairs === 0 && controls.length === 0 && proof.verdict !== 'safe') continue;
    // Nobody is told to close what the cluster needs; pods without labels, for one, can be let out by no rule.
    if (proof.denies.some(({ code }) => code !== undefined)) continue;
    made.push({ candidate, proof, after });
    for (const target of targets) tried.add(target);
  }
  return made;
}

/** Worth telling only where it closes something and denies nothing that was recorded. */
function insteadOf(
  { before, candidate, proof }: { before: State; candidate: Candidate; proof: Proof },
  evidence: Evidence,
): Fix['instead'] {
  const { record } = evidence;
  if (proof.verdict !== 'breaks' || record === undefined) return undefined;
  const found = keepingUsed(before, candidate, record);
  const [other] = thoseThatFit(before.objects, found === undefined ? [] : [found]);
  if (other === undefined) return undefined;
  const { title, change } = other;
  const own = prove({ before, after: before.with(change) }, change, evidence);
  return own.verdict === 'breaks' || worthOf(own.closes) === 0 ? undefined : { title, change, proof: own };
}

function worthOf({ exposed, workloads }: { exposed: number; workloads: number }): number {
  return WEIGHT_OF_EXPOSED * exposed + workloads;
}

/** Of each owner what would close most. */
function vendorOf(state: State, found: PathPlan['vendor'], most: number): Fixes['vendor'] {
  const best = new Map<string, Candidate>();
  for (const { candidate } of found) {
    const key = `${candidate.owner.kind} ${candidate.owner.name}`;
    if (!best.has(key) && best.size < most) best.set(key, candidate);
  }
  return [...best.values()].map(({ title, owner, change }) => ({ title, owner, closes: closedBy(state.paths, state.with(change).paths) }));
}

/** On the cluster as it is; a change that only the ones before it lead to closes nothing there. */
function closedAlone(state: State, candidate: Candidate): { exposed: number; workloads: number } {
  if (candidate.nodeRule !== undefined) {
    const change = nodeCandidate(state, candidate.nodeRule)?.change;
    return change === undefined ? { exposed: 0, workloads: 0 } : closedBy(state.paths, state.with(change).paths);
  }
  const own = again(candidate, state);
  const situation = situationIn(state);
  if (own === undefined || situation === undefined) return { exposed: 0, workloads: 0 };
  // A grant is drawn as its edges, so that nothing has to be drawn again to know what is left without it.
  if (own.change.patches.some(({ target }) => !RBAC_KINDS.has(target.split('/', 1)[0] ?? '')))
    return closedBy(state.paths, state.with(own.change).paths);
  const closed = (names: readonly string[]): number => {
    const counted = new Set(names);
    const weights = situation.entries.map((entry) => (counted.has(situation.part.graph.names[entry] ?? '') ? 1 : 0));
    return bestSet(situation, { removals: [{ edges: own.edges, cost: 0 }], weights, top: 0 }).alone[0] ?? 0;
  };
  return { exposed: closed(state.paths.exposed), workloads: closed(state.paths.workloads) };
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
