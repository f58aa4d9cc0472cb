/**
 * The attack graph: a random graph of a million edges with all searches and cuts, and clusters of up to 30,000 pods from
 * the snapshot to the first path. Exit code 1 when a budget is missed. Times are of the processor.
 *
 *   node bench/paths.ts [--smoke]
 */
import { minimumCut } from '../src/graph/cut.ts';
import { bestSingleParts } from '../src/graph/gains.ts';
import { type Graph, GraphBuilder, maskOf } from '../src/graph/graph.ts';
import { AttackGraph, footholds, pathGroups } from '../src/graph/index.ts';
import { entriesThatReach, reachedFrom } from '../src/graph/reach.ts';
import { situationOf } from '../src/graph/situation.ts';
import { derivations } from '../src/graph/witness.ts';
import { buildCluster } from '../src/model/index.ts';
import { type SnapshotParts, SegmentWriter, toSnapshot } from '../src/snapshot/index.ts';
import { clusterParts } from './generate-cluster.ts';

const BUDGET = { graphMs: 3000, clusterMs: 10_000, megabytes: 1000 };
const COUNTED = maskOf('configuration', 'placement-now');
const RBAC = 'rbac.authorization.k8s.io/v1';

const smoke = process.argv.includes('--smoke');
const missed: string[] = [];

function timed<T>(work: () => T): { result: T; ms: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}

/** Numbers that are the same on every machine. */
function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

/**
 * As graphs of clusters are: many entries at the outside, layers of accounts, grants and rights between, one target. One
 * edge in a hundred needs two things.
 */
function randomGraph(edges: number): Graph {
  const next = randomness(1);
  const layers = [edges / 50, edges / 10, edges / 20, edges / 50, edges / 200, 40].map((size) => Math.max(4, Math.floor(size)));
  const starts = layers.map((_, index) => layers.slice(0, index).reduce((sum, size) => sum + size, 0));
  const builder = new GraphBuilder();
  for (const [layer, size] of layers.entries())
    for (let index = 0; index < size; index += 1) builder.vertex(`layer ${layer} vertex ${index}`);
  const target = builder.vertex('target');
  const families = Array.from({ length: 12 }, (_, index) => builder.family(`FAMILY_${index}`));
  const vertexIn = (layer: number): number => (starts[layer] ?? 0) + next(layers[layer] ?? 1);
  for (let edge = 0; edge < edges; edge += 1) {
    const layer = next(layers.length - 1);
    const tag = { family: families[next(12)] ?? 0, klass: edge % 40 === 0 ? 2 : 0, evidence: builder.evidence(edge, 'rules[0]') };
    const from = vertexIn(layer);
    builder.edge(tag, edge % 100 === 0 ? [from, vertexIn(layer)] : from, vertexIn(Math.min(layers.length - 1, layer + next(2))));
  }
  for (let index = 0; index < (layers.at(-1) ?? 0); index += 1)
    builder.edge({ family: families[0] ?? 0, klass: 0, evidence: -1 }, (starts.at(-1) ?? 0) + index, target);
  for (const layer of [2, 4, 5])
    for (let index = 0; index < (layers[layer] ?? 0); index += 1) builder.part((starts[layer] ?? 0) + index, `Grant/${layer}-${index}`);
  return builder.done();
}

function graphRun(edges: number): void {
  const { result: graph, ms: build } = timed(() => randomGraph(edges));
  const target = graph.find('target') ?? 0;
  const entries = Array.from({ length: Math.floor(edges / 50) }, (_, index) => index);
  const forward = timed(() => reachedFrom(graph, [0]));
  const reaching = timed(() => entriesThatReach(graph, { from: entries, to: target }));
  const ways = timed(() =>
    derivations(graph, { from: [entries.find((_, index) => reaching.result[index] === 1) ?? 0], to: target }, { count: 8 }),
  );
  const ready = timed(() => situationOf(graph, { from: entries, to: target }));
  const situation = ready.result;
  if (situation === undefined) throw new Error('no entry reaches the target');
  const cut = timed(() => minimumCut(situation, () => 1));
  const single = timed(() => bestSingleParts(situation, { isRemovable: () => true, top: 3 }));
  const found = 'derivation' in cut.result ? 'none' : `${cut.result.cost} by ${cut.result.method}${cut.result.optimal ? ', proved' : ''}`;
  const total = build + forward.ms + reaching.ms + ways.ms + ready.ms + cut.ms + single.ms;
  const parts = [build, forward.ms, reaching.ms, ways.ms, ready.ms, cut.ms, single.ms].map((ms) => ms.toFixed(0).padStart(6)).join('');
  console.log(
    `${String(edges).padStart(9)} edges  build forward entries ways ready cut single: ${parts} ms, together ${total.toFixed(0)} ms; cut ${found}; ${ways.result.length} ways`,
  );
  if (edges === 1_000_000 && total > BUDGET.graphMs) missed.push(`a million edges took ${total.toFixed(0)} ms, not ${BUDGET.graphMs}`);
}

/** The cluster of the other benchmarks with rights: an account for each workload, most with little, some with much. */
function withRights(deployments: number): SnapshotParts {
  const parts = clusterParts(deployments);
  const writers = {
    roles: new SegmentWriter({ apiVersion: RBAC, kind: 'ClusterRole', resource: 'clusterroles' }),
    bindings: new SegmentWriter({ apiVersion: RBAC, kind: 'RoleBinding', resource: 'rolebindings' }),
    cluster: new SegmentWriter({ apiVersion: RBAC, kind: 'ClusterRoleBinding', resource: 'clusterrolebindings' }),
  };
  const rights: Record<string, object> = {
    reader: { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps', 'services'] },
    secrets: { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] },
    deployer: { verbs: ['create', 'patch'], apiGroups: ['apps', ''], resources: ['deployments', 'pods'] },
    metrics: { verbs: ['get'], apiGroups: [''], resources: ['nodes/proxy'] },
    'cluster-admin': { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  };
  const object = (kind: string, metadata: object, rest: object): Record<string, unknown> => ({ apiVersion: RBAC, kind, metadata, ...rest });
  for (const [name, rule] of Object.entries(rights)) writers.roles.add(object('ClusterRole', { name }, { rules: [rule] }));
  const bind = (name: string, at: number, more: object): object => ({
    roleRef: { kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: `team-${at % 200}`, name: 'default' }],
    ...more,
  });
  for (let index = 0; index < deployments; index += 1) {
    const name = index % 33 === 0 ? 'deployer' : index % 20 === 0 ? 'secrets' : 'reader';
    writers.bindings.add(object('RoleBinding', { namespace: `team-${index % 200}`, name: `binding-${index}` }, bind(name, index * 7, {})));
  }
  writers.cluster.add(object('ClusterRoleBinding', { name: 'metrics' }, bind('metrics', 3, {})));
  writers.cluster.add(object('ClusterRoleBinding', { name: 'admin' }, bind('cluster-admin', 5, {})));
  return { ...parts, segments: [...parts.segments, ...Object.values(writers).map((writer) => writer.end())] };
}

function clusterRun(pods: number): void {
  const parts = withRights(pods / 3);
  const { result: cluster, ms: model } = timed(() => buildCluster(toSnapshot(parts)));
  const { result: attack, ms: build } = timed(() => new AttackGraph(cluster));
  const first = timed(() => pathGroups(attack, { entries: footholds(attack, 'workloads'), target: 'ClusterAdmin' }, COUNTED));
  const total = model + build + first.ms;
  const { names, heads } = attack.graph;
  console.log(
    `${String(pods).padStart(6)} pods  model ${model.toFixed(0)} ms, graph ${build.toFixed(0)} ms (${names.length} vertices, ${heads.length} edges), paths ${first.ms.toFixed(0)} ms, together ${total.toFixed(0)} ms; ${first.result.reduce((sum, { entries }) => sum + entries.length, 0)} entries in ${first.result.length} groups`,
  );
  if (pods === 30_000 && total > BUDGET.clusterMs) missed.push(`30,000 pods took ${total.toFixed(0)} ms, not ${BUDGET.clusterMs}`);
}

for (const edges of smoke ? [10_000] : [125_000, 250_000, 500_000, 1_000_000]) graphRun(edges);
for (const pods of smoke ? [600] : [3000, 6000, 15_000, 30_000]) clusterRun(pods);
const megabytes = process.resourceUsage().maxRSS / 1000;
console.log(`most memory: ${megabytes.toFixed(0)} MB`);
if (megabytes > BUDGET.megabytes) missed.push(`${megabytes.toFixed(0)} MB, not ${BUDGET.megabytes}`);
for (const text of missed) console.log(`missed: ${text}`);
process.exitCode = missed.length > 0 ? 1 : 0;
