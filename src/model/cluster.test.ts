import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { clusterOf } from '../../test/rule-tester.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { ReadObjects, buildCluster, objectOf } from './cluster.ts';
import type { LabelSelector } from './kinds/pod.ts';
import { mapMatches, selectorMatches } from './labels.ts';

interface Owner {
  kind: string;
  name: string;
  uid?: string;
  controller?: boolean;
}

function workload(kind: string, name: string, owner?: Owner, uid?: string): Record<string, unknown> {
  const metadata = {
    name,
    namespace: 'shop',
    uid: uid ?? `${kind}/${name}`,
    ...(owner && { ownerReferences: [{ controller: true, uid: `${owner.kind}/${owner.name}`, ...owner }] }),
  };
  const apiVersion = kind === 'Pod' ? 'v1' : kind === 'Job' || kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
  const pod = { containers: [{ name: 'app' }] };
  const spec =
    kind === 'Pod' ? pod : kind === 'CronJob' ? { jobTemplate: { spec: { template: { spec: pod } } } } : { template: { spec: pod } };
  return { apiVersion, kind, metadata, spec };
}

function clusterSnapshot(objects: readonly Record<string, unknown>[]): Snapshot {
  const origin = { source: 'all.json', line: 1, format: 'json' as const, prefix: [] };
  return {
    header: { kind: 'manifests', complete: false },
    objects: objects.map((object) => ({ object, origin })),
    counts: { files: 1, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
  };
}

const roots = (objects: readonly unknown[]): string[] => clusterOf(objects).workloads.map(({ kind, name }) => `${kind}/${name}`);

describe('owners', () => {
  it('roll up what they make', () => {
    expect(
      roots([
        workload('Pod', 'web-1-a', { kind: 'ReplicaSet', name: 'web-1' }),
        workload('ReplicaSet', 'web-1', { kind: 'Deployment', name: 'web' }),
        workload('Deployment', 'web'),
        workload('Job', 'nightly-1', { kind: 'CronJob', name: 'nightly' }),
        workload('CronJob', 'nightly'),
        workload('Pod', 'alone'),
      ]),
    ).toEqual(['Deployment/web', 'CronJob/nightly', 'Pod/alone']);
  });

  it.each<[string, Record<string, unknown>[], string[]]>([
    ['that are not in the input', [workload('Pod', 'a', { kind: 'ReplicaSet', name: 'gone' })], ['Pod/a']],
    [
      'that do not control',
      [workload('Pod', 'a', { kind: 'ReplicaSet', name: 'b', controller: false }), workload('ReplicaSet', 'b')],
      ['Pod/a', 'ReplicaSet/b'],
    ],
    [
      'that make no pods',
      [
        workload('Pod', 'a', { kind: 'ConfigMap', name: 'b' }),
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b', namespace: 'shop' } },
      ],
      ['Pod/a'],
    ],
    ['that are the object itself', [workload('Pod', 'a', { kind: 'Pod', name: 'a' })], ['Pod/a']],
    [
      'in a circle',
      [workload('Pod', 'a', { kind: 'ReplicaSet', name: 'b' }), workload('ReplicaSet', 'b', { kind: 'Pod', name: 'a' })],
      // A pod makes no ReplicaSet; the other half is as it should be.
      ['ReplicaSet/b'],
    ],
    [
      'above a circle',
      [
        workload('Pod', 'c', { kind: 'Pod', name: 'a' }),
        workload('Pod', 'a', { kind: 'Pod', name: 'b' }),
        workload('Pod', 'b', { kind: 'Pod', name: 'a' }),
      ],
      ['Pod/c', 'Pod/a', 'Pod/b'],
    ],
    [
      'of the same name but another identity',
      [workload('Pod', 'a', { kind: 'ReplicaSet', name: 'b', uid: '1' }), workload('ReplicaSet', 'b', undefined, '2')],
      ['Pod/a', 'ReplicaSet/b'],
    ],
    [
      'that only a manifest names, without what a server would give it',
      [
        { ...workload('Pod', 'a'), metadata: { name: 'a', ownerReferences: [{ controller: true, kind: 'Deployment', name: 'b' }] } },
        { ...workload('Deployment', 'b'), metadata: { name: 'b' } },
      ],
      ['Pod/a', 'Deployment/b'],
    ],
  ])('hide nothing: those %s', (_name, objects, expected) => expect(roots(objects)).toEqual(expected));

  it('in a chain of thousands take no time to speak of', () => {
    const chain = Array.from({ length: 20_000 }, (_, index) =>
      workload('Pod', `p${index}`, index === 0 ? undefined : { kind: 'Pod', name: `p${index - 1}` }),
    );
    // Pods make no pods: each stands for itself.
    expect(roots(chain.toReversed())).toHaveLength(20_000);
  });
});

describe('namespaces', () => {
  const objects = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } },
    workload('Pod', 'a'),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'other' } },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node' } },
  ];

  it('are there with their labels, even when they are not in the input', () => {
    const { all } = clusterOf(objects).tables.namespaces;
    expect(all.map(({ name, labels, object, anchor, workloads }) => [name, labels, object?.name, anchor.kind, workloads.length])).toEqual([
      ['shop', { team: 'a', 'kubernetes.io/metadata.name': 'shop' }, 'shop', 'Namespace', 1],
      ['other', { 'kubernetes.io/metadata.name': 'other' }, undefined, 'ConfigMap', 0],
    ]);
  });

  it('that are absent are a gap, unless the input is the whole cluster', () => {
    expect(clusterOf(objects).gaps).toMatchObject([{ code: 'namespace-absent', scope: 'namespaces other' }]);
    expect(clusterOf(objects, true).gaps).toEqual([]);
    const many = Array.from({ length: 30 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x', namespace: `n${index}` },
    }));
    expect(clusterOf(many).gaps[0]?.scope).toMatch(/n9 and 20 more$/);
  });
});

describe('the release', () => {
  it.each<[string | undefined, number, boolean]>([
    ['1.30', 30, false],
    ['v1.31.2+k3s1', 31, false],
    [undefined, 36, true],
    ['newest', 36, true],
  ])('%s', (kubernetesVersion, minor, assumed) => {
    const header = { kind: 'manifests' as const, complete: false, ...(kubernetesVersion !== undefined && { kubernetesVersion }) };
    const { kubernetes } = buildCluster({
      header,
      objects: [],
      counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
      gaps: [],
    }).tables;
    expect(kubernetes).toEqual({ minor, assumed });
  });
});

const label = fc.dictionary(fc.constantFrom('a', 'b', 'a=b', 'toString', '__proto__'), fc.constantFrom('x', 'y', '', 'b=x'), {
  maxKeys: 3,
});
const pods = fc.array(
  fc.record({
    name: fc.constantFrom('p', 'q', 'r'),
    namespace: fc.constantFrom('n', 'm', 'n/a'),
    labels: label,
    serviceAccountName: fc.constantFrom('default', 'x'),
  }),
  { maxLength: 12 },
);
const selector: fc.Arbitrary<LabelSelector> = fc.record(
  {
    matchLabels: label,
    matchExpressions: fc.array(
      fc.record({
        key: fc.constantFrom('a', 'b'),
        operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: [] },
);

describe('indexes give what a search through everything gives', () => {
  it('of workloads', () => {
    const property = fc.property(pods, fc.constantFrom('n', 'm', 'n/a', 'absent'), selector, (given, namespace, wanted) => {
      const { tables } = clusterOf(
        given.map(({ name, namespace, labels, serviceAccountName }) => ({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace, labels },
          spec: { serviceAccountName },
        })),
      );
      const { workloads } = tables;
      const inside = workloads.all.filter((pod) => pod.namespace === namespace);
      expect(workloads.in(namespace)).toEqual(inside);
      expect(workloads.matching(namespace, wanted)).toEqual(inside.filter((pod) => selectorMatches(wanted, pod.labels)));
      const { matchLabels = {} } = wanted;
      expect(workloads.selectedBy(namespace, matchLabels)).toEqual(
        Object.keys(matchLabels).length === 0 ? [] : inside.filter((pod) => mapMatches(matchLabels, pod.labels)),
      );
      expect(workloads.runningAs(namespace, 'x')).toEqual(inside.filter((pod) => pod.serviceAccount === 'x'));
      expect(tables.namespaces.get(namespace)?.workloads ?? []).toEqual(inside);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('of workloads whose labels read alike', () => {
    const labels = { 'a=b': 'x', a: 'b=x' };
    const pod = (namespace: string, own: object): object => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace, labels: own },
      spec: {},
    });
    const { workloads } = clusterOf([
      pod('n', {}),
      pod('n', {}),
      pod('n', labels),
      pod('n/a', { b: 'c' }),
      pod('n', { 'a/b': 'c' }),
    ]).tables;
    expect(workloads.matching('n', { matchLabels: { a: 'b=x' } }).map(({ object }) => object.id)).toEqual([2]);
    expect(workloads.matching('n', { matchLabels: { 'a/b': 'c' } }).map(({ object }) => object.id)).toEqual([4]);
  });

  it('of kinds', () => {
    const property = fc.property(pods, fc.constantFrom('n', 'm', 'absent'), fc.constantFrom('p', 'q'), (given, namespace, name) => {
      const { Pod, Service } = clusterOf(given.map((pod) => ({ apiVersion: 'v1', kind: 'Pod', metadata: pod, spec: {} }))).tables;
      expect(Pod.all).toHaveLength(given.length);
      expect(Pod.in(namespace)).toEqual(Pod.all.filter((pod) => pod.namespace === namespace));
      expect(Pod.get(namespace, name)).toBe(Pod.all.findLast((pod) => pod.namespace === namespace && pod.name === name));
      expect(Service.all).toEqual([]);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('a cluster from which something was taken', () => {
  const base = clusterSnapshot([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader', namespace: 'shop' }, rules: [] },
    workload('Deployment', 'web'),
    workload('Pod', 'web-1', { kind: 'Deployment', name: 'web' }),
  ]);
  const without = (...names: readonly string[]): typeof base => ({
    ...base,
    objects: [...base.objects].filter(({ object }) => !names.includes((object.metadata as { name: string }).name)),
  });

  it('keeps every other object, with its id, and what runs', () => {
    const known = new ReadObjects();
    const before = buildCluster(base, known);
    const after = buildCluster(without('reader'), known);
    expect(after.objects).toEqual(before.objects.filter(({ name }) => name !== 'reader'));
    for (const object of after.objects) expect(before.objects).toContain(object);
    expect(after.workloads).toBe(before.workloads);
    for (const object of before.objects) expect(objectOf(after, object.id)).toBe(object.name === 'reader' ? undefined : object);
    expect(objectOf(after, before.objects.length)).toBeUndefined();
  });

  it('tells anew what is judged where a workload is gone', () => {
    const known = new ReadObjects();
    buildCluster(base, known);
    const after = buildCluster(without('web'), known);
    expect(after.workloads.map(({ kind, name }) => `${kind}/${name}`)).toEqual(['Pod/web-1']);
  });

  it('gives what takes the place of another one an id between its neighbours', () => {
    const known = new ReadObjects();
    const before = buildCluster(base, known);
    const objects = [...base.objects].map((source) =>
      source.object.kind === 'Role' ? { ...source, object: { ...source.object } } : source,
    );
    const after = buildCluster({ ...base, objects }, known);
    expect(after.objects.map(({ id }) => id)).toEqual(before.objects.map(({ id }) => id));
    for (const object of after.objects) expect(objectOf(after, object.id)).toBe(object);
  });
});
