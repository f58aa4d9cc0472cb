import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { KINDS, type Kind } from './kinds/catalog.ts';
import { type Workload, toWorkload } from './workloads.ts';

const POD = {
  serviceAccountName: 'app',
  containers: [{ name: 'main' }],
  initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }],
  ephemeralContainers: [{ name: 'debug' }],
};

/** An object with a value at a path of field names. */
function at(path: string, value: unknown): Record<string, unknown> {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;
}

function merged(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = result[key];
    result[key] =
      typeof before === 'object' && before !== null && typeof value === 'object' && value !== null
        ? merged(before as Record<string, unknown>, value as Record<string, unknown>)
        : value;
  }
  return result;
}

function workloadOf(object: Record<string, unknown>): Workload | undefined {
  const [made] = clusterOf([object]).objects;
  if (made === undefined) throw new Error('there is no object');
  return toWorkload(made);
}

const KINDS_WITH_PODS = (Object.keys(KINDS) as Kind[]).filter((kind) => 'pod' in KINDS[kind]);

describe('toWorkload', () => {
  it.each(KINDS_WITH_PODS)('finds the pod of a %s', (kind) => {
    const entry = KINDS[kind];
    if (!('pod' in entry)) throw new Error('no pod');
    const { spec, metadata } = entry.pod;
    const group = entry.groups[0];
    const template = merged(at(spec, POD), at(metadata, { labels: { app: 'web' }, annotations: { a: 'b' } }));
    const object = merged({ apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata: { name: 'x', namespace: 'shop' } }, template);
    const workload = workloadOf(object);
    expect(workload).toMatchObject({
      kind,
      namespace: 'shop',
      name: 'x',
      podPath: spec,
      podMetadataPath: metadata,
      labels: { app: 'web' },
      annotations: { a: 'b' },
      serviceAccount: 'app',
    });
    expect(workload?.containers.map(({ type, name, path }) => [type, name, path])).toEqual([
      ['init', 'setup', `${spec}.initContainers[0]`],
      ['sidecar', 'proxy', `${spec}.initContainers[1]`],
      ['container', 'main', `${spec}.containers[0]`],
      ['ephemeral', 'debug', `${spec}.ephemeralContainers[0]`],
    ]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['none', {}, 'default'],
    ['an empty one', { serviceAccountName: '' }, 'default'],
    ['the old field', { serviceAccount: 'old' }, 'old'],
    ['both', { serviceAccount: 'old', serviceAccountName: 'new' }, 'new'],
  ])('service account: %s', (_name, spec, account) => {
    expect(workloadOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec })?.serviceAccount).toBe(account);
  });

  it('knows pods that the kubelet made from a file', () => {
    expect(
      workloadOf({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'x', annotations: { 'kubernetes.io/config.mirror': 'abc' } },
        spec: {},
      })?.isMirrorPod,
    ).toBe(true);
    expect(workloadOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: {} })?.isMirrorPod).toBe(false);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another kind', { apiVersion: 'v1', kind: 'Service', spec: {} }],
    ['an unknown kind', { apiVersion: 'example.com/v1', kind: 'Widget', spec: { template: { spec: {} } } }],
    ['a template without a pod', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: {} } }],
    ['a pod of a wrong type', { apiVersion: 'v1', kind: 'Pod', spec: ['x'] }],
  ])('is undefined for %s', (_name, object) => expect(workloadOf(object)).toBeUndefined());

  it('keeps the place of a container that is no object', () => {
    const workload = workloadOf({ apiVersion: 'v1', kind: 'Pod', spec: { containers: ['x', { name: 'b' }] } });
    expect(workload?.containers.map(({ name, path }) => `${name} ${path}`)).toEqual([' spec.containers[0]', 'b spec.containers[1]']);
  });
});
