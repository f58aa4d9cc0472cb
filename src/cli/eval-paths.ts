/** `eval paths`: {objects, context?, pairs, without?, cut?} → whether each pair is connected, by which chains, and what cuts. */
import { AttackGraph, type Chain, type GraphContext, entryWritten, withoutParts } from '../graph/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { type Cluster, buildCluster, isRecord, minorOf, refOf } from '../model/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { objectsOfCase } from './case-objects.ts';

/** Chains that are told beside the first. */
const FURTHER = 8;

interface Pair {
  from: string;
  to: string;
}

interface CutCase {
  entries: string[];
  target: string;
  protected: string[];
  removable: string[] | undefined;
}

export function evalPaths(input: Record<string, unknown>): Record<string, unknown> {
  const pairs = pairsOf(input.pairs);
  const cut = input.cut === undefined || input.cut === null ? undefined : cutOf(input.cut);
  const context = {
    ...contextOf(input.context),
    endpoints: [...pairs.flatMap(({ from, to }) => [from, to]), ...(cut === undefined ? [] : [cut.target])],
  };
  const { objects, unknown } = withoutParts(objectsOfCase(input.objects), textsOf(input.without, 'without'));
  if (unknown.length > 0) throw wrong(`"without" names ${unknown[0]}, which is not among the objects`);
  const graph = new AttackGraph(clusterOf(objects), context);
  const results = pairs.map((pair) => answer(graph, pair));
  return { results, ...(cut !== undefined && { cut: cutAnswer(graph, cut, (removed) => recheck(input, context, { cut, removed })) }) };
}

function answer(graph: AttackGraph, { from, to }: Pair): Record<string, unknown> {
  const [start, end] = [graph.find(entryWritten(graph, from)), graph.find(to)];
  if (start === undefined || end === undefined || !graph.reaches(start, end)) return { reachable: false };
  const [first = [], ...others] = graph.chains(start, end, { count: FURTHER + 1 }).map((chain) => written(graph, chain));
  return { reachable: true, witness: first, ...(others.length > 0 && { witnesses: others }) };
}

function startsOf(graph: AttackGraph, entries: readonly string[]): number[] {
  return entries.flatMap((entry) => graph.find(entryWritten(graph, entry)) ?? []);
}

function written(graph: AttackGraph, chain: Chain): unknown[] {
  return chain.map(({ edge, from, to, with: others, klass, evidence }) => ({
    edge,
    from,
    to,
    ...(others.length > 0 && { with: others }),
    class: klass,
    evidence: evidence.map(({ object, path }) => ({ object: refById(graph, object), path })),
  }));
}

function refById({ scene }: AttackGraph, id: number): string {
  const object = scene.cluster.objects[id];
  return object === undefined ? '' : refOf(object);
}

/** Every cut is searched once more on objects from which it was really taken. */
function cutAnswer(
  graph: AttackGraph,
  { entries, target, protected: kept, removable }: CutCase,
  holds: (removed: readonly string[]) => boolean,
): unknown {
  const stay = new Set(kept);
  const kinds = removable === undefined ? undefined : new Set(removable);
  const goal = graph.find(target);
  const starts = startsOf(graph, entries);
  if (goal === undefined) return { remove: [], optimal: true };
  const costOf = (part: string): number => (stay.has(part) || !isKind(part, kinds) ? Infinity : 1);
  const found = graph.cut({ entries: starts, target: goal, costOf });
  if ('derivation' in found) return { remove: [], optimal: false, impossible: true };
  const remove = found.parts.map((part) => graph.graph.parts[part] ?? '').toSorted();
  if (!holds(remove)) throw new Error('the cut does not hold on the changed objects');
  return { remove, optimal: found.optimal, method: found.method, atLeast: found.atLeast };
}

/** Rules count as a kind of their own, and are left alone unless somebody names them. */
function isKind(part: string, kinds: ReadonlySet<string> | undefined): boolean {
  const kind = part.startsWith('rule ') ? 'rule' : part.slice(0, part.indexOf('/'));
  return kinds === undefined ? DEFAULT_KINDS.has(kind) : kinds.has(kind);
}
const DEFAULT_KINDS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding', 'Secret', 'Service']);

function recheck(
  input: Record<string, unknown>,
  context: GraphContext,
  { cut, removed }: { cut: CutCase; removed: readonly string[] },
): boolean {
  const { objects } = withoutParts(objectsOfCase(input.objects), [...textsOf(input.without, 'without'), ...removed]);
  const graph = new AttackGraph(clusterOf(objects), context);
  const goal = graph.find(cut.target);
  const starts = startsOf(graph, cut.entries);
  return goal === undefined || graph.entriesThatReach(starts, goal).every((one) => one === 0);
}

function clusterOf(objects: readonly Record<string, unknown>[] | readonly Readonly<Record<string, unknown>>[]): Cluster {
  const snapshot: Snapshot = {
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json' as const, prefix: [] } })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  return buildCluster(snapshot);
}

function contextOf(context: unknown): GraphContext {
  if (context === undefined || context === null) return {};
  if (!isRecord(context)) throw wrong('"context" is no object');
  const { kubernetesVersion, podSecurityDefault, cni, remotelyExploitable } = context;
  const minor = typeof kubernetesVersion === 'string' ? minorOf(kubernetesVersion) : undefined;
  if (typeof kubernetesVersion === 'string' && minor === undefined) throw wrong('"context" has a "kubernetesVersion" that is no version');
  const level = podSecurityDefault === undefined || podSecurityDefault === null ? 'privileged' : podSecurityDefault;
  if (level !== 'privileged' && level !== 'baseline' && level !== 'restricted')
    throw wrong('"context" has a "podSecurityDefault" that is no level');
  return {
    minor,
    podSecurityDefault: level,
    networkPolicies: typeof cni !== 'string' || !IGNORES_POLICIES.test(cni),
    remotelyExploitable: textsOf(remotelyExploitable, 'context.remotelyExploitable'),
  };
}

/** `cni` is told in words, or as the name of a plug-in that has no policies. */
const IGNORES_POLICIES = /\b(?:not?|none|without|ignores?|flannel|kubenet)\b/i;

function pairsOf(value: unknown): Pair[] {
  if (!Array.isArray(value)) throw wrong('"pairs" is not a list');
  return (value as unknown[]).map((pair, index) => {
    if (!isRecord(pair) || typeof pair.from !== 'string' || typeof pair.to !== 'string')
      throw wrong(`pairs[${index}] has no "from" and "to"`);
    return { from: pair.from, to: pair.to };
  });
}

function cutOf(value: unknown): CutCase {
  if (!isRecord(value) || typeof value.target !== 'string') throw wrong('"cut" has no "target"');
  const kinds = value.removable;
  return {
    entries: textsOf(value.entries, 'cut.entries'),
    target: value.target,
    protected: textsOf(value.protected, 'cut.protected'),
    removable: kinds === undefined || kinds === null ? undefined : textsOf(kinds, 'cut.removable'),
  };
}

function textsOf(value: unknown, place: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) throw wrong(`"${place}" is not a list of names`);
  return value;
}

function wrong(message: string): CastellanError {
  return new CastellanError('CAS_BAD_CASE', message);
}
