import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { type UpgradePlan, apiUsesIn, builtInData, inventoryOf, planUpgrade, readVersionData, versionDocument } from './index.ts';

const ON = '2026-08-22';
const SERVER = (version: string): string =>
  `{apiVersion: v1, kind: Pod, metadata: {name: api, namespace: kube-system, annotations: {kubernetes.io/config.mirror: a}}, spec: {nodeName: cp1, containers: [{name: a, image: "registry.k8s.io/kube-apiserver:${version}", command: [kube-apiserver]}]}}`;
const NODE = (name: string, version: string): string =>
  `{apiVersion: v1, kind: Node, metadata: {name: ${name}}, status: {nodeInfo: {kubeletVersion: ${version}, operatingSystem: linux}}}`;

function plan(yaml: readonly string[], to?: number): UpgradePlan {
  const { tables, objects } = clusterOf(objectsOf(yaml.join('\n---\n')), true);
  const uses = apiUsesIn(objects, builtInData().removals);
  const made = planUpgrade({ instances: inventoryOf(tables), tables, uses, on: ON, ...(to !== undefined && { to }) });
  if (made === undefined) throw new Error('no plan');
  return made;
}

describe('the way to a newer release', () => {
  it('goes one minor at a time, beginning with the newest patch, and says what each step closes', () => {
    const { steps, left } = plan([SERVER('v1.31.0'), NODE('a', 'v1.31.0')], 33);
    expect(steps.map(({ to, release }) => [to, release])).toEqual([
      ['1.31.14', '1.31.14'],
      ['1.32', '1.32.13'],
      ['1.33', '1.33.13'],
    ]);
    const closed = steps.map(({ closes }) => closes.cves.map(({ id }) => id));
    expect(closed[0]).toEqual(expect.arrayContaining(['CVE-2025-5187']));
    // From 1.33 on the kubelet refuses gitRepo volumes, unless its configuration, which is not here, says otherwise.
    expect(closed).toEqual([expect.not.arrayContaining(['CVE-2025-1767']), [], []]);
    expect(left.map(({ cve }) => cve.id)).toEqual(expect.arrayContaining(['CVE-2020-8554', 'CVE-2025-1767']));
    const file = '{apiVersion: kubelet.config.k8s.io/v1beta1, kind: KubeletConfiguration, readOnlyPort: 0}';
    const seen = plan([SERVER('v1.31.0'), NODE('a', 'v1.31.0'), file], 33);
    expect(seen.steps.map(({ closes }) => closes.cves.some(({ id }) => id === 'CVE-2025-1767'))).toEqual([false, false, true]);
    expect(seen.left.map(({ cve }) => cve.id)).not.toContain('CVE-2025-1767');
  });

  it('ends at the newest release with support, and closes what was said of support and skew on the way', () => {
    const { steps, to } = plan([SERVER('v1.34.11'), NODE('a', 'v1.30.14')]);
    expect(to).toBe('1.36');
    expect(steps.map(({ closes }) => closes.findings)).toEqual([['k8s-version', 'version-skew'], []]);
  });

  it('brings nodes along before the API server leaves them behind', () => {
    const { steps } = plan([SERVER('v1.33.13'), NODE('old', 'v1.30.14'), NODE('new', 'v1.33.13')], 34);
    const texts = steps[0]?.actions.map(({ text }) => text) ?? [];
    expect(texts[0]).toMatch(/^first bring kubelet on old to 1\.31 or newer/);
    expect(texts[1]).toBe('kube-apiserver to 1.34.11');
  });

  it('names what goes in the step where it goes, with who uses it', () => {
    const applied = JSON.stringify({ apiVersion: 'batch/v1beta1', kind: 'CronJob' });
    const cluster = clusterOf(
      [
        ...objectsOf(
          [SERVER('v1.24.17'), '{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: web}}'].join('\n---\n'),
        ),
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          metadata: { name: 'a', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': applied } },
        },
      ],
      true,
    );
    const managedFields = JSON.stringify([
      { manager: 'helm', operation: 'Update', apiVersion: 'flowcontrol.apiserver.k8s.io/v1beta2', time: '2026-01-02T03:04:05Z' },
      { manager: 'kubectl', operation: 'Update', apiVersion: 'v1' },
    ]);
    const objects = cluster.objects.map((object) =>
      object.kind === 'CronJob' ? { ...object, kind: 'FlowSchema', managedFields } : object,
    );
    const uses = apiUsesIn([...cluster.objects, ...objects.filter(({ kind }) => kind === 'FlowSchema')], builtInData().removals);
    const made = planUpgrade({ instances: inventoryOf(cluster.tables), tables: cluster.tables, uses, on: ON, to: 29 });
    const removed = made?.steps.map(({ to, removed: gone }) => [
      to,
      gone.map(({ removal, uses: own }) => `${removal.api}: ${own.map(({ how, who, last }) => [how, who, last].join(' ')).join()}`),
    ]);
    expect(removed).toEqual([
      ['1.25', ['batch/v1beta1: last-applied  ', 'policy/v1beta1: manifest  ']],
      ['1.26', []],
      ['1.27', []],
      ['1.28', []],
      ['1.29', ['flowcontrol.apiserver.k8s.io/v1beta2: client helm 2026-01-02T03:04:05Z']],
    ]);
  });

  it('is not planned where no version is known', () => {
    const { tables } = clusterOf(objectsOf(NODE('a', 'v1.30.0')));
    expect(planUpgrade({ instances: inventoryOf(tables), tables, uses: [] })).toBeUndefined();
  });
});

describe('a file of data', () => {
  const document = (): Record<string, unknown> => JSON.parse(JSON.stringify(versionDocument(builtInData()))) as Record<string, unknown>;

  it('is read as it is printed', () => {
    expect(readVersionData(document())).toEqual({ data: JSON.parse(JSON.stringify(builtInData())) });
  });

  it.each<[string, (data: Record<string, never>) => unknown, string]>([
    ['another schema', (data) => ({ ...data, schema: 'castellan/scan/v1' }), 'schema is "castellan/scan/v1"'],
    ['a day that is none', (data) => ({ ...data, asOf: '2026-02-30' }), 'asOf is "2026-02-30"'],
    ['no products', (data) => ({ ...data, products: [] }), 'products is no mapping'],
    [
      'a range that is none',
      (data) => withCve(data, { affected: [{ components: ['a'], ranges: [{ introduced: 'x' }] }] }),
      'cves[0].affected[0].ranges[0].introduced is "x"',
    ],
    ['a condition that nobody knows', (data) => withCve(data, { needs: 'full-moon' }), 'cves[0].needs is "full-moon"'],
    ['a severity that is none', (data) => withCve(data, { severity: 'bad' }), 'cves[0].severity is "bad"'],
    ['a score that is none', (data) => withCve(data, { score: 11 }), 'cves[0].score is 11'],
    ['a removal without its minor', (data) => ({ ...data, removals: [{ api: 'a/v1', kinds: [] }] }), 'removals[0].deprecated is missing'],
    ['no mapping at all', () => 'text', 'the file is no mapping'],
  ])('is refused with %s', (_what, change, problem) => {
    const read = readVersionData(change(document() as Record<string, never>));
    expect('problem' in read ? read.problem : '').toContain(problem);
  });
});

function withCve(data: Record<string, unknown>, change: Record<string, unknown>): unknown {
  const cve = { id: 'CVE-1', published: '2026-01-01', severity: 'low', title: 'a', affected: [], ...change };
  return { ...data, cves: [cve] };
}
