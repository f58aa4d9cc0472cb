import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { WritableCluster } from '../../../test/fakes/writable-cluster.ts';
import { findLeftovers, removeLeftovers } from './leftovers.ts';
import { namespaceObject } from './pods.ts';
import { ENDS_AT, PROCESS, type Run, annotationsOf, labelsOf, newRun } from './run.ts';

const CNP = { group: 'policy.networking.k8s.io', version: 'v1alpha2', resource: 'clusternetworkpolicies' };

type Named = Parameters<WritableCluster['add']>[1];

function clusterWith(run: Run, annotations: Record<string, string> = {}): WritableCluster {
  const cluster = new WritableCluster();
  for (const name of [run.namespace, run.other]) {
    const object = namespaceObject(run, name) as Named & { metadata: { annotations: Record<string, string> } };
    cluster.add('namespaces', {
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
    });
  }
  cluster.add('clusternetworkpolicies', { metadata: { name: `${run.namespace}-admin`, labels: labelsOf(run) } });
  cluster.add('namespaces', { metadata: { name: 'shop', labels: {} } });
  cluster.add('namespaces', { metadata: { name: 'shop-too', labels: labelsOf(run) } });
  return cluster;
}

/** A number that belongs to nobody any more. */
function endedProcess(): string {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const [machine = ''] = (annotationsOf(newRun())[PROCESS] ?? '').split('/');
  return `${machine}/${pid}`;
}

describe('what earlier runs have left', () => {
  it('is over when its process has ended', async () => {
    const run = newRun();
    const cluster = clusterWith(run, { [PROCESS]: endedProcess() });
    const found = await findLeftovers(cluster.ask, [CNP]);
    expect(found).toMatchObject([{ run: run.id, owner: 'ended', isOver: true }]);
    expect(found[0]?.objects.map(({ name }) => name)).toEqual([run.namespace, run.other, `${run.namespace}-admin`]);
    expect(await removeLeftovers(cluster.ask, found)).toEqual([]);
    expect([cluster.names('namespaces'), cluster.names('clusternetworkpolicies')]).toEqual([['shop', 'shop-too'], []]);
  });

  it('is in use while its process runs, and is left alone', async () => {
    const cluster = clusterWith(newRun());
    const found = await findLeftovers(cluster.ask, [CNP]);
    expect(found).toMatchObject([{ owner: 'runs', isOver: false }]);
    expect(await removeLeftovers(cluster.ask, found)).toEqual([]);
    expect(cluster.names('namespaces')).toHaveLength(4);
  });

  it.each([
    ['before its time', 1, false],
    ['after it', -1, true],
  ])('of another machine is judged by its end: %s', async (_name, minutes, isOver) => {
    const endsAt = new Date(Date.now() + minutes * 60_000).toISOString();
    const cluster = clusterWith(newRun(), { [PROCESS]: '0123456789abcdef/1', [ENDS_AT]: endsAt });
    expect(await findLeftovers(cluster.ask, [CNP])).toMatchObject([{ owner: 'unknown', isOver, endsAt }]);
  });

  it('is over where its namespace is gone', async () => {
    const cluster = new WritableCluster();
    const run = newRun();
    cluster.add('clusternetworkpolicies', { metadata: { name: `${run.namespace}-admin`, labels: labelsOf(run) } });
    expect(await findLeftovers(cluster.ask, [CNP])).toMatchObject([{ isOver: true }]);
  });

  it('is nothing in a cluster without any', async () => {
    expect(await findLeftovers(new WritableCluster().ask, [CNP])).toEqual([]);
  });
});
