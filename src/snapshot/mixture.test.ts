import { expect, it } from 'vitest';
import { mixed } from './mixture.ts';
import type { Snapshot } from './snapshot.ts';

function snapshot(kind: Snapshot['header']['kind'], names: readonly string[]): Snapshot {
  return {
    header: { kind, complete: kind === 'snapshot' },
    objects: names.map((text) => ({ object: objectOf(text), origin: { source: kind, line: 1, format: 'json', prefix: [] } })),
    counts: { files: 1, documents: names.length, judged: names.length, foreign: 0 },
    gaps: [{ scope: kind, code: 'encoding', reason: '', effect: '' }],
  };
}

/** `apps/v1 Deployment shop/web < ReplicaSet web-1`; ` #2` after a name is another object of that name. */
function objectOf(text: string): Record<string, unknown> {
  const [own = '', owner] = text.split(' < ');
  const [apiVersion, kind, path = '', mark = ''] = own.split(' ');
  const [name, namespace] = path.split('/').reverse();
  const [ownerKind, ownerName, ownerMark = ''] = owner?.split(' ') ?? [];
  const group = ownerKind?.endsWith('Job') ? 'batch/v1' : 'apps/v1';
  const ownerReferences =
    owner === undefined
      ? undefined
      : [{ apiVersion: group, kind: ownerKind, name: ownerName, uid: `${ownerKind}/${ownerName}${ownerMark}`, controller: true }];
  return { apiVersion, kind, metadata: { name, namespace, uid: `${kind}/${name}${mark}`, ownerReferences } };
}

function outcome(cluster: readonly string[], manifests: readonly string[]): string[] {
  const { objects } = mixed(snapshot('snapshot', cluster), snapshot('manifests', manifests));
  return [...objects].map(({ object, origin }) => `${origin.source} ${String(object.kind)} ${(object.metadata as { name: string }).name}`);
}

it('has the objects of the cluster first, and those of manifests instead of the same ones there', () => {
  expect(outcome(['v1 Service shop/web', 'v1 Service shop/api', 'v1 Service other/web'], ['v1 Service shop/web', 'v1 Pod shop/x'])).toEqual(
    ['snapshot Service api', 'snapshot Service web', 'manifests Service web', 'manifests Pod x'],
  );
});

it('knows a kind by its group, whatever the version', () => {
  const cluster = ['networking.k8s.io/v1 Ingress shop/web', 'serving.knative.dev/v1 Service shop/web'];
  expect(outcome(cluster, ['networking.k8s.io/v1beta1 Ingress shop/web', 'v1 Service shop/web'])).toEqual([
    'snapshot Service web',
    'manifests Ingress web',
    'manifests Service web',
  ]);
});

it('puts manifests without a namespace into default, and takes none from kinds that have none', () => {
  expect(outcome(['v1 Service default/web', 'v1 Service shop/web'], ['v1 Service web'])).toHaveLength(2);
  expect(outcome(['rbac.authorization.k8s.io/v1 ClusterRole view'], ['rbac.authorization.k8s.io/v1 ClusterRole shop/view'])).toHaveLength(
    1,
  );
});

it('leaves out what a replaced workload runs today', () => {
  const cluster = [
    'apps/v1 Deployment shop/web',
    'apps/v1 ReplicaSet shop/web-5d4f8c7b9 < Deployment web',
    'v1 Pod shop/web-5d4f8c7b9-x2b8k < ReplicaSet web-5d4f8c7b9',
    'v1 Pod other/web-5d4f8c7b9-x2b8k < ReplicaSet web-5d4f8c7b9',
    'batch/v1 Job shop/backup-28374610 < CronJob backup',
    'v1 Pod shop/backup-28374610-abcde < Job backup-28374610',
    'v1 Pod shop/alone',
  ];
  expect(outcome(cluster, ['apps/v1 Deployment shop/web', 'batch/v1 CronJob shop/backup'])).toEqual([
    'snapshot Pod web-5d4f8c7b9-x2b8k',
    'snapshot Pod alone',
    'manifests Deployment web',
    'manifests CronJob backup',
  ]);
});

it('leaves nothing out that only has such a name, or only claims such an owner', () => {
  const cluster = [
    'v1 Pod shop/web-api-x2b8k < ReplicaSet web-api',
    'v1 Pod shop/web-5d4f8c7b9-x2b8k < ReplicaSet web-5d4f8c7b9 #2',
    'v1 Pod shop/direct < Deployment web',
    'apps/v1 Deployment shop/web',
    'apps/v1 ReplicaSet shop/web-api',
    'apps/v1 ReplicaSet shop/web-5d4f8c7b9 < Deployment web',
    'apps/v1 ReplicaSet shop/web-6d4f8c7b9 < Deployment web #2',
    'v1 Pod shop/web-6d4f8c7b9-x2b8k < ReplicaSet web-6d4f8c7b9',
  ];
  expect(outcome(cluster, ['apps/v1 Deployment shop/web']).toSorted()).toEqual([
    'manifests Deployment web',
    'snapshot Pod direct',
    'snapshot Pod web-5d4f8c7b9-x2b8k',
    'snapshot Pod web-6d4f8c7b9-x2b8k',
    'snapshot Pod web-api-x2b8k',
    'snapshot ReplicaSet web-6d4f8c7b9',
    'snapshot ReplicaSet web-api',
  ]);
});

it('takes the name of an owner that could not be listed', () => {
  const cluster = ['v1 Pod shop/web-5d4f8c7b9-x2b8k < ReplicaSet web-5d4f8c7b9', 'apps/v1 ReplicaSet shop/web-5d4f8c7b9 < Deployment web'];
  expect(outcome(cluster, ['apps/v1 Deployment shop/web'])).toEqual(['manifests Deployment web']);
});

it('is as complete as the snapshot says, with the counts and gaps of both', () => {
  const { header, counts, gaps } = mixed(snapshot('snapshot', ['v1 Pod a/b']), snapshot('manifests', ['v1 Pod a/c']));
  expect(header).toEqual({ kind: 'snapshot', complete: true });
  expect(counts).toEqual({ files: 2, documents: 2, judged: 2, foreign: 0 });
  expect(gaps.map(({ scope }) => scope)).toEqual(['snapshot', 'manifests']);
});
