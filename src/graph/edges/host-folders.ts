/** Folders of the node inside a container: what can be written there runs as root on the node, what can be read holds keys. */
import { account, allow, controlPlane, node, pod, withHostPath } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { hostMounts, holds, mayBeRoot, sharesKernel, touches } from '../host-access.ts';
import { isControlPlane } from '../network.ts';
import { right } from '../right.ts';
import type { Scene, Unit } from '../scene.ts';
import { leave } from './escapes.ts';

const LOGS = right('get pods/log');
const NODE_LOGS = right('get nodes/log');

const MANIFESTS = ['/etc/kubernetes/manifests', '/var/lib/rancher/rke2/agent/pod-manifests', '/etc/kubelet.d'];
const TOKENS = ['/var/lib/kubelet/pods'];
const KUBELET_KEYS = ['/var/lib/kubelet/pki', '/etc/kubernetes/kubelet.conf', '/var/lib/rancher/k3s/agent', '/var/lib/rancher/rke2/agent'];
const CLUSTER_KEYS = [
  '/etc/kubernetes/pki',
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/super-admin.conf',
  '/var/lib/rancher/k3s/server',
  '/var/lib/rancher/rke2/server',
  '/var/lib/k0s/pki',
];
/** Those of k3s hold its database, whichever that is, and their snapshots. */
const ETCD = ['/var/lib/etcd', '/etc/kubernetes/pki/etcd', '/var/lib/rancher/k3s/server/db', '/var/lib/rancher/rke2/server/db'];
const SETTINGS = ['/etc/kubernetes'];
const LOG_FOLDER = ['/var/log'];
const PROC = ['/proc'];
/** What root on the node runs, reads its settings from, or lets in by. Everything below counts as well. */
const RUN_AS_ROOT = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/lib/systemd',
  '/lib/systemd',
  '/boot',
  '/root',
  '/home',
  '/etc/cron.d',
  '/etc/cron.daily',
  '/etc/cron.hourly',
  '/etc/crontab',
  '/var/spool/cron',
  '/etc/systemd',
  '/etc/init.d',
  '/etc/profile.d',
  '/etc/ld.so.preload',
  '/etc/passwd',
  '/etc/shadow',
  '/etc/sudoers',
  '/etc/sudoers.d',
  '/etc/pam.d',
  '/etc/ssh',
  '/etc/kubernetes',
  '/etc/containerd',
  '/etc/docker',
  '/etc/crio',
  '/etc/cni',
  '/opt/cni',
  '/usr/libexec/kubernetes',
  '/var/lib/kubelet/pki',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/rancher',
  '/var/lib/etcd',
  '/run/systemd',
  '/run/dbus',
  '/dev/mem',
  '/dev/kmem',
  '/dev/disk',
  '/dev/mapper',
  '/sys/kernel',
  '/sys/fs/cgroup',
  '/windows',
];
/** Folders that give away as much as what lies in them, but of which not every sub-folder does. */
const WHOLE_ONLY: ReadonlySet<string> = new Set([
  '/',
  '/etc',
  '/usr',
  '/lib',
  '/var',
  '/var/lib',
  '/var/lib/kubelet',
  '/dev',
  '/sys',
  '/run',
  '/opt',
  '/proc',
]);
/** What is worth reading. */
const KEYS = [
  '/etc/shadow',
  '/etc/ssh',
  '/etc/kubernetes',
  '/root',
  '/home',
  '/proc',
  '/var/lib/kubelet/pki',
  '/var/lib/kubelet/pods',
  '/var/lib/etcd',
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers',
  '/var/lib/rancher',
  '/etc/pki/tls/private',
  '/etc/ssl/private',
  '/dev/mem',
];

const N = node('n');
const NODE = { from: 'Container/a/p/c', to: 'Node/n' } as const;
const FILES = { from: 'Container/a/p/c', to: 'NodeFiles/n' } as const;
const READ = { readOnly: true };

export const family = defineFamily({
  edges: {
    ESC_HOSTPATH_WRITE: { says: 'write what the node runs as root', mitigation: 'Mount the one file that is needed, read-only.' },
    ESC_HOSTPATH_READ: { says: 'read keys and passwords of the node', mitigation: 'Mount the one file that is needed.' },
    ESC_HOSTPATH_TOKENS: {
      says: "read the tokens and Secrets of the node's pods",
      mitigation: 'Do not mount /var/lib/kubelet, nor a folder above it.',
    },
    ESC_STATIC_POD: { says: 'write a static pod, which no admission looks at', mitigation: 'Do not mount the folder of static pods.' },
    ESC_CORE_PATTERN: { says: "make the node's kernel run a program", mitigation: 'Do not mount /proc of the node.' },
    ESC_VARLOG_SYMLINK: {
      says: 'read files of the node through links in its log folder',
      mitigation: 'Mount /var/log read-only, and only what is collected.',
    },
    ETCD_ACCESS: {
      says: "read and write the cluster's database",
      mitigation: 'Keep etcd, its folder and its keys to nodes where nothing else runs.',
    },
    CONTROL_PLANE_CONFIG_FILE: {
      says: 'change how the API server signs people in and what it allows',
      mitigation: 'Mount nothing of /etc/kubernetes on nodes of the control plane.',
      versions: 'files are read anew from 1.30 on',
    },
  },
  rights: [LOGS, NODE_LOGS],
  draw(scene) {
    for (const unit of scene.units) if (sharesKernel(unit.container) && mayBeRoot(unit.container)) drawUnit(scene, unit);
  },
  examples: () => [
    { edge: 'ESC_HOSTPATH_WRITE', objects: [N, withHostPath('a/p', '/etc/cron.d')], ...NODE },
    { edge: 'ESC_HOSTPATH_WRITE', objects: [N, withHostPath('a/p', '/etc', { mount: READ })], ...NODE, because: 'the mount is read-only' },
    {
      edge: 'ESC_HOSTPATH_WRITE',
      objects: [N, withHostPath('a/p', '/', { container: { securityContext: { runAsUser: 1000 } } })],
      ...NODE,
      because: 'files of root are closed to another user',
    },
    { edge: 'ESC_HOSTPATH_WRITE', objects: [N, withHostPath('a/p', '/data')], ...NODE, because: 'the node runs nothing of it' },
    {
      edge: 'ESC_HOSTPATH_WRITE',
      objects: [N, withHostPath('a/p', '/', { mount: { subPath: 'data' } })],
      ...NODE,
      because: 'only a harmless sub-folder is mounted',
    },
    { edge: 'ESC_HOSTPATH_READ', objects: [N, withHostPath('a/p', '/root/.ssh', { mount: READ })], ...FILES },
    {
      edge: 'ESC_HOSTPATH_READ',
      objects: [N, withHostPath('a/p', '/etc/localtime', { mount: READ })],
      ...FILES,
      because: 'the time zone is no secret',
    },
    {
      edge: 'ESC_HOSTPATH_TOKENS',
      objects: [
        N,
        withHostPath('a/p', '/var/lib/kubelet/pods', { mount: READ }),
        account('a/s'),
        pod('b/q', { serviceAccountName: 'default', automountServiceAccountToken: true }),
      ],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/b/default',
    },
    {
      edge: 'ESC_HOSTPATH_TOKENS',
      objects: [
        N,
        node('m'),
        withHostPath('a/p', '/var/lib/kubelet/pods', { mount: READ }),
        pod('b/q', { nodeName: 'm', automountServiceAccountToken: true }),
      ],
      from: 'Container/a/p/c',
      to: 'ServiceAccount/b/default',
      because: 'the pod runs on another node',
    },
    { edge: 'ESC_STATIC_POD', objects: [N, withHostPath('a/p', '/etc/kubernetes/manifests')], ...NODE },
    {
      edge: 'ESC_STATIC_POD',
      objects: [N, withHostPath('a/p', '/etc/kubernetes/manifests', { mount: READ })],
      ...NODE,
      because: 'the mount is read-only',
    },
    { edge: 'ESC_CORE_PATTERN', objects: [N, withHostPath('a/p', '/proc')], ...NODE },
    {
      edge: 'ESC_CORE_PATTERN',
      objects: [N, withHostPath('a/p', '/proc', { container: { securityContext: { runAsNonRoot: true } } })],
      ...NODE,
      because: 'it takes root',
    },
    {
      edge: 'ESC_VARLOG_SYMLINK',
      objects: [N, withHostPath('a/p', '/var/log'), tokenPod(), account('a/x'), ...allow('a', 'get pods/log')],
      from: 'Container/a/q/c',
      to: 'NodeFiles/n',
    },
    {
      edge: 'ESC_VARLOG_SYMLINK',
      objects: [N, withHostPath('a/p', '/var/log'), tokenPod(), account('a/x')],
      from: 'Container/a/q/c',
      to: 'NodeFiles/n',
      because: 'nobody may read logs through the kubelet',
    },
    {
      edge: 'ETCD_ACCESS',
      objects: [controlPlane('n'), withHostPath('a/p', '/var/lib/etcd', { mount: READ })],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ETCD_ACCESS',
      objects: [N, withHostPath('a/p', '/var/lib/etcd', { mount: READ })],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
      because: 'a worker has no etcd',
    },
    {
      edge: 'CONTROL_PLANE_CONFIG_FILE',
      objects: [controlPlane('n'), withHostPath('a/p', '/etc/kubernetes')],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'CONTROL_PLANE_CONFIG_FILE',
      objects: [N, withHostPath('a/p', '/etc/kubernetes')],
      from: 'Container/a/p/c',
      to: 'ClusterAdmin',
      because: 'a worker runs no API server',
    },
  ],
});

function drawUnit(scene: Scene, unit: Unit): void {
  for (const { path, writable, at } of hostMounts(unit.container, scene.tables)) {
    const out = (edge: string, what: Parameters<typeof leave>[2]['what']): void => leave(scene, unit, { edge, what, path: at });
    if (writable) {
      if (holds(path, MANIFESTS) || touches(path, MANIFESTS)) out('ESC_STATIC_POD', 'Node');
      if (holds(path, PROC)) out('ESC_CORE_PATTERN', 'Node');
      if (runsAsRoot(path)) out('ESC_HOSTPATH_WRITE', 'Node');
    }
    if (holds(path, KEYS) || touches(path, KEYS)) out('ESC_HOSTPATH_READ', 'NodeFiles');
    if (touches(path, TOKENS)) out('ESC_HOSTPATH_TOKENS', 'PodTokens');
    if (holds(path, KUBELET_KEYS) || touches(path, KUBELET_KEYS)) out('ESC_HOSTPATH_READ', 'NodeIdentity');
    drawControlPlane(scene, unit, { path, writable, at });
    if (writable && holds(path, LOG_FOLDER)) drawLogs(scene, unit, at);
  }
}

/** Whether root of a container that may write there is root of the node. */
export function runsAsRoot(path: string): boolean {
  return WHOLE_ONLY.has(path) || touches(path, RUN_AS_ROOT);
}

/** Only on nodes of the control plane, by name: elsewhere the folders are empty. */
function drawControlPlane(scene: Scene, unit: Unit, { path, writable, at }: { path: string; writable: boolean; at: string }): void {
  const { nodes, certain } = scene.placement.nodesOf(unit.root);
  if (!nodes.some((name) => isControlPlane(scene.tables.Node.get('', name)?.labels ?? {}))) return;
  const where = { object: unit.container.workload.object, path: at };
  const gives = scene.builder.vertex('ClusterAdmin');
  const klass = certain ? 'placement-now' : 'placement-possible';
  if (touches(path, ETCD)) {
    scene.maybe('ETCD_ACCESS', klass, { needs: unit.vertex, gives, where });
    scene.maybe('ETCD_ACCESS', klass, { needs: unit.vertex, gives: scene.builder.vertex('Etcd'), where });
  }
  if (touches(path, CLUSTER_KEYS)) scene.maybe('ESC_HOSTPATH_READ', klass, { needs: unit.vertex, gives, where });
  if (writable && touches(path, SETTINGS)) scene.maybe('CONTROL_PLANE_CONFIG_FILE', klass, { needs: unit.vertex, gives, where });
}

function drawLogs(scene: Scene, unit: Unit, path: string): void {
  const { namespace: where } = unit.root;
  for (const asked of [scene.rights.in(LOGS, where), scene.rights.in(NODE_LOGS, '')]) {
    if (asked === undefined) continue;
    scene.step(
      {
        edge: 'ESC_VARLOG_SYMLINK',
        where: {
          object: unit.container.workload.object,
          path,
        },
      },
      [unit.vertex, asked],
      scene.where(unit, 'NodeFiles'),
    );
  }
}

function tokenPod(): Readonly<Record<string, unknown>> {
  return withToken(withHostPath('a/q', '/var/log'));
}

function withToken(object: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spec = object.spec as Record<string, unknown>;
  return { ...object, spec: { ...spec, serviceAccountName: 'x', automountServiceAccountToken: true } };
}
