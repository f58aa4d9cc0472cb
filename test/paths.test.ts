/** `paths` on the example cluster: chains that were checked by hand against its manifests. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { collectManifests } from '../src/collect/manifests/index.ts';
import { ALL_CLASSES, AttackGraph, COUNTED } from '../src/graph/index.ts';
import { buildCluster } from '../src/model/index.ts';
import { type PathsDocument, pathsDocument, pathsDot, pathsMermaid, pathsTable, sentenceOf } from '../src/report/paths/index.ts';

let graph: AttackGraph;
let document: PathsDocument;
beforeAll(async () => {
  const cluster = buildCluster(await collectManifests([fileURLToPath(new URL('../examples/shop', import.meta.url))]));
  graph = new AttackGraph(cluster, { assumeSystem: true });
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
  it('go through the dashboard, which may change any workload and make new ones', () => {
    expect(edgesFrom('Container/ops/dashboard/dashboard').filter((edge) => edge.endsWith('_AS_SA'))).toHaveLength(1);
  });
  it('do not go from a plain container', () => {
    expect(edgesFrom('Container/shop/newsletter/newsletter')).toEqual([]);
  });
  it('are closed by the fewest bindings, which is proved', () => {
    expect(document.smallestCut).toMatchObject({
      // Who may change workloads in kube-system holds the cluster without the runner too.
      remove: [
        'ClusterRoleBinding/ci-runner',
        'ClusterRoleBinding/dashboard',
        'ClusterRoleBinding/database-operator',
        'ClusterRoleBinding/fernhill-ops',
      ],
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
    expect(text).toContain('smallest cut: 4 changes (none is cheaper)');
    expect(pathsTable(document, { all: false, cut: true })).toContain('    take away ClusterRoleBinding/ci-runner\n');
  });
  it('with what is not counted, which is more with doubtful steps', () => {
    expect(document.footholds.map(({ possible = 0 }) => possible > 0)).toEqual([true, true]);
    const all = pathsDocument(graph, { to: 'ClusterAdmin', classes: ALL_CLASSES, top: 0 });
    expect(all.footholds.map(({ reaching }) => reaching)).toEqual(
      document.footholds.map(({ reaching, possible = 0 }) => reaching + possible),
    );
    expect(pathsTable(document, { all: false, cut: false })).toContain('\nnot counted: ');
    expect(pathsTable(all, { all: false, cut: false })).not.toContain('not counted');
  });
  it('with the accounts that every cluster has marked as such', () => {
    const one = pathsDocument(graph, { from: 'NamespaceAdmin/kube-system', to: 'ClusterAdmin', classes: COUNTED, top: 0 });
    const evidence = one.paths.flatMap(({ chain }) => chain.flatMap((hop) => hop.evidence));
    expect(evidence.some(({ object, assumed }) => assumed === true && object.includes('system:controller:'))).toBe(true);
    expect(document.paths[0]?.chain.flatMap((hop) => hop.evidence).some(({ assumed }) => assumed)).toBe(false);
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

describe('an add-on that most ways lead through', () => {
  const container = (image: string): Record<string, unknown> => ({ name: 'c', image });
  function shareOf(image: string): PathsDocument {
    const on = (name: string, node: string, spec: object): Record<string, unknown> => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name },
      spec: { nodeName: node, automountServiceAccountToken: false, ...spec },
    });
    const objects: Record<string, unknown>[] = [
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } },
      on('web', 'n', { containers: [{ ...container('web:1'), securityContext: { privileged: true } }] }),
      on('api', 'n', { containers: [{ ...container('api:1'), securityContext: { privileged: true } }] }),
      on('idle', 'n', { containers: [container('idle:1')] }),
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { namespace: 'kube-system', name: 'calico-node' },
        spec: {
          selector: { matchLabels: { k: 'v' } },
          template: {
            metadata: { labels: { k: 'v' } },
            spec: { serviceAccountName: 'calico-node', containers: [{ ...container(image), name: 'calico-node' }] },
          },
        },
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'calico-node' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: 'calico-node' }],
      },
    ];
    const cluster = buildCluster({
      header: { kind: 'manifests', complete: false },
      objects: objects.map((object) => ({ object, origin: { source: '', line: 1, format: 'json', prefix: [] } })),
      counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
      gaps: [],
    });
    return pathsDocument(new AttackGraph(cluster), { to: 'ClusterAdmin', classes: COUNTED, top: 0 });
  }

  it('is told once, with the count without it', () => {
    const document = shareOf('docker.io/calico/node:v3.28.0');
    expect(document.addOn).toEqual({ name: 'Calico node agent', reaching: 2, without: 0 });
    expect(pathsTable(document, { all: false, cut: false })).toContain(
      'Calico node agent holds more than half of them: 2 lead there only through it, 0 without it\nsmallest cut: 1 change',
    );
  });
  it('is not one that only has its name', () => {
    const document = shareOf('registry.example.com/own/thing:1');
    expect(document.footholds[1]?.reaching).toBe(2);
    expect(document.addOn).toBeUndefined();
  });
});
