/**
 * Who comes to snapshots that servers of k3s and RKE2 save of their etcd, which hold all that etcd does: by the folder on
 * the server, by what signs in to the bucket that they are copied to. That they do is told by facts of nodes alone.
 */
import { controlPlane, account, allow, node, secret, withHostPath } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import type { GraphContext } from '../context.ts';
import { hostMounts, mayBeRoot, sharesKernel, touches } from '../host-access.ts';
import type { Scene } from '../scene.ts';

const FOLDER = '/backup/etcd';
const context: GraphContext = { etcdBackups: [{ node: 'n', folder: FOLDER, secret: 'bucket' }] };
const READ = { readOnly: true };
const MOUNTED = withHostPath('a/p', '/backup', { mount: READ });
const BUCKET = secret('kube-system/bucket', { data: { 'etcd-s3-secret-key': 'eA==' } });

export const family = defineFamily({
  edges: {
    ETCD_SNAPSHOT_FILES: {
      says: 'read the snapshots of etcd that the server saves on its disk',
      mitigation: 'Run nothing on servers of etcd, and encrypt Secrets at rest by keys that do not lie beside them.',
    },
    ETCD_SNAPSHOT_FOLDER: {
      says: 'read the snapshots of etcd in a folder that it mounts',
      mitigation: 'Mount no folder in which the server saves snapshots of etcd, nor one above it.',
    },
    ETCD_SNAPSHOT_BUCKET: {
      says: 'read the snapshots of etcd in the bucket that the Secret signs in to',
      mitigation: 'Let nobody read that Secret, and give the cluster credentials with which the bucket can only be added to.',
    },
  },
  draw(scene) {
    for (const backup of scene.context.etcdBackups ?? []) drawBackup(scene, backup);
  },
  examples: () => [
    { edge: 'ETCD_SNAPSHOT_FILES', objects: [controlPlane('n')], from: 'NodeFiles/n', to: 'Etcd', context },
    { edge: 'ETCD_SNAPSHOT_FILES', objects: [node('n'), node('m')], from: 'NodeFiles/m', to: 'Etcd', context, because: 'another node' },
    { edge: 'ETCD_SNAPSHOT_FOLDER', objects: [node('n'), MOUNTED], from: 'Container/a/p/c', to: 'Etcd', context },
    {
      edge: 'ETCD_SNAPSHOT_FOLDER',
      objects: [node('n'), withHostPath('a/p', '/backups', { mount: READ })],
      from: 'Container/a/p/c',
      to: 'Etcd',
      context,
      because: 'another folder',
    },
    {
      edge: 'ETCD_SNAPSHOT_FOLDER',
      objects: [node('n'), node('m'), { ...MOUNTED, spec: { ...(MOUNTED.spec as object), nodeName: 'm' } }],
      from: 'Container/a/p/c',
      to: 'Etcd',
      context,
      because: 'it runs on another node',
    },
    {
      edge: 'ETCD_SNAPSHOT_BUCKET',
      objects: [node('n'), BUCKET, account('a/x'), ...allow('kube-system', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Etcd',
      context,
    },
    {
      edge: 'ETCD_SNAPSHOT_BUCKET',
      objects: [node('n'), secret('kube-system/other'), account('a/x'), ...allow('kube-system', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Etcd',
      context,
      because: 'another Secret',
    },
  ],
});

function drawBackup(scene: Scene, { node: name, folder, secret: bucket }: NonNullable<GraphContext['etcdBackups']>[number]): void {
  const holds = scene.builder.vertex('Etcd');
  const object = scene.tables.Node.get('', name);
  if (object !== undefined)
    scene.step({ edge: 'ETCD_SNAPSHOT_FILES', where: { object, path: 'metadata.name' } }, scene.onNode(name, 'NodeFiles'), holds);
  for (const unit of scene.units) {
    const { nodes, certain } = scene.placement.nodesOf(unit.root);
    if (!nodes.includes(name) || !sharesKernel(unit.container) || !mayBeRoot(unit.container)) continue;
    const mount = hostMounts(unit.container, scene.tables).find(({ path }) => touches(path, [folder]));
    if (mount === undefined) continue;
    const where = { object: unit.container.workload.object, path: mount.at };
    scene.maybe('ETCD_SNAPSHOT_FOLDER', certain ? 'placement-now' : 'placement-possible', { needs: unit.vertex, gives: holds, where });
  }
  const holder = bucket === undefined ? undefined : scene.tables.Secret.get('kube-system', bucket);
  if (holder === undefined) return;
  const where = { object: holder, path: 'metadata.name' };
  scene.step({ edge: 'ETCD_SNAPSHOT_BUCKET', where }, scene.secret('kube-system', holder.name), holds);
}
