/** `paths` on the example cluster: chains that were checked by hand against its manifests. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectManifests } from '../src/collect/manifests/index.ts';
import { AttackGraph, COUNTED } from '../src/graph/index.ts';
import { buildCluster } from '../src/model/index.ts';
import { type PathsDocument, pathsDocument, pathsDot, pathsMermaid, pathsTable, sentenceOf } from '../src/report/paths/index.ts';

let graph: AttackGraph;
let document: PathsDocument;
beforeAll(async () => {
  graph = new AttackGraph(buildCluster(await collectManifests([fileURLToPath(new URL('../examples/shop', import.meta.url))])));
  document = pathsDocument(graph, { to: 'ClusterAdmin', classes: COUNTED, top: 5 });
});

function edgesFrom(entry: string): string[] {
  const path = document.paths.find(({ entries }) => entries.includes(entry));
  return (path?.chain ?? []).map(({ edge }) => edge);
}

describe('the ways into examples/shop', () => {
  it('go through the metrics collector, whose right to nodes/proxy runs commands in the runner of the pipelines', () => {
    expect(edgesFrom('Container/monitoring/prometheus/prometheus')).toEqual([
      'POD_MOUNTED_TOKEN',
      'SUBJECT_GRANT',
      'NODES_PROXY',
      'POD_MOUNTED_TOKEN',
      'SUBJECT_GRANT',
      'RBAC_WILDCARD',
    ]);
  });
  it('go through a right to list Secrets, by which an old token is read', () => {
    expect(edgesFrom('Container/monitoring/ksm-kube-state-metrics/kube-state-metrics')).toContain('SECRET_IS_SA_TOKEN');
  });
  it('go through the dashboard, which may change any workload', () => {
    expect(edgesFrom('Container/ops/dashboard/dashboard')).toContain('CONTROLLER_PATCH_AS_SA');
  });
  it('do not go from a plain container', () => {
    expect(edgesFrom('Container/shop/newsletter/newsletter')).toEqual([]);
  });
  it('are closed by the fewest bindings, which is proved', () => {
    expect(document.smallestCut).toMatchObject({
      remove: ['ClusterRoleBinding/ci-runner', 'ClusterRoleBinding/database-operator', 'ClusterRoleBinding/fernhill-ops'],
      optimal: true,
    });
    expect(document.footholds.map(({ from }) => from)).toEqual(['exposed', 'workloads']);
  });
  it('name the file and line of each step', () => {
    const [first] = document.paths[0]?.chain ?? [];
    expect(first?.evidence[0]).toMatchObject({ source: expect.stringContaining('.yaml') as string, line: expect.any(Number) as number });
  });
});

describe('how paths are shown', () => {
  it('as blocks, each with its count, and the cut', () => {
    const text = pathsTable(document, { all: false, cut: false });
    expect(text).toMatch(/^exposed: \d+ of \d+ entries lead to cluster-admin\nworkloads: /);
    expect(text).toContain('can read the token that is mounted in it → account monitoring/prometheus');
    expect(text).toContain('smallest cut: 3 changes (no smaller one exists)');
    expect(pathsTable(document, { all: false, cut: true })).toContain('    take away ClusterRoleBinding/ci-runner\n');
  });
  it('as a sentence', () => {
    const [path] = document.paths;
    expect(path === undefined ? '' : sentenceOf(path)).toMatch(/^a process in \S+ \(\S+\).* can read the token .* → cluster-admin$/);
  });
  it('as drawings that quote what names hold', () => {
    const hostile = {
      ...document,
      paths: [{ target: 'ClusterAdmin', count: 1, entries: ['User/"]; click x "'], chain: document.paths[0]?.chain.slice(-1) ?? [] }],
    };
    expect(pathsMermaid(hostile)).toContain('user #34;#93;#59; click x #34;');
    expect(pathsDot(hostile)).toContain(String.raw`label="user \"]; click x \""`);
  });
});
