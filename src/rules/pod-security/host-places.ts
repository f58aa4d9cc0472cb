/** What lies at the well-known paths of a node, and what having one of them in a container gives away. */
import { isAtOrBelow } from '../../engines/host-paths/index.ts';
import { type Severity, severityRank, worst } from '../finding.ts';

/** Severity of reading and of writing; undefined where it gives nothing away. */
interface Place {
  path: string;
  /** Everything below it counts as well. */
  below: boolean;
  /** What lies there, as the end of a sentence. */
  what: string;
  read: Severity | undefined;
  write: Severity | undefined;
}

export interface Sensitive {
  /** The well-known path that matches: the mounted one, one above it, or one below it. */
  place: string;
  what: string;
  /** The mounted path is a folder above the place. */
  above: boolean;
  read: Severity | undefined;
  write: Severity | undefined;
}

type Row = readonly [paths: string, what: string, read: Severity | undefined, write: Severity | undefined];

/** Folders and files that count with everything below them. */
const TREES: readonly Row[] = [
  ['/var/lib/etcd', 'the database of the cluster with every Secret', 'critical', 'critical'],
  [
    '/etc/kubernetes /var/lib/minikube /var/lib/k0s /etc/rancher /var/lib/rancher',
    "the cluster's keys and kubeconfigs",
    'high',
    'critical',
  ],
  ['/var/lib/kubelet', "the kubelet's keys and the tokens and secrets of every pod on the node", 'high', 'critical'],
  ['/var/lib/docker /var/lib/containerd /var/lib/containers', 'the file systems of all containers of the node', 'medium', 'critical'],
  ['/root', "root's keys and start-up files", 'high', 'critical'],
  ['/home', 'the keys and start-up files of the users of the node', 'high', 'high'],
  ['/etc/shadow /etc/ssh /etc/pki/tls/private /etc/ssl/private', 'password hashes or private keys of the node', 'high', 'high'],
  ['/etc/passwd /etc/sudoers /etc/sudoers.d /etc/pam.d', 'the accounts of the node', 'low', 'critical'],
  [
    '/etc/cron.d /etc/cron.daily /etc/cron.hourly /etc/crontab /var/spool/cron /etc/systemd /etc/init.d /etc/profile.d /etc/ld.so.preload',
    'what the node runs by itself',
    'low',
    'critical',
  ],
  ['/etc/containerd /etc/docker /etc/crio', 'the configuration of the container runtime', 'low', 'critical'],
  ['/etc/cni /opt/cni /usr/libexec/kubernetes', 'programs and settings that the kubelet or the runtime uses as root', undefined, 'high'],
  ['/proc', 'the processes of the node, their environment and kernel settings', 'medium', 'high'],
  ['/sys/fs/cgroup /sys/fs/bpf /sys/kernel', 'interfaces of the kernel', 'low', 'high'],
  ['/dev/mem /dev/kmem /dev/port /dev/disk /dev/mapper', 'the memory or disks of the node', 'critical', 'critical'],
  ['/run/systemd /run/dbus', 'sockets that start programs as root', 'high', 'critical'],
  ['/var/log/pods /var/log/containers', 'the logs of every pod on the node', 'low', 'high'],
  ['/var/log/audit /var/log/kubernetes', 'audit logs', 'medium', 'high'],
  ['/boot', 'the kernel and its boot loader', 'low', 'critical'],
  ['/bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /usr/lib/systemd /lib/systemd', 'programs of the node', 'low', 'critical'],
  ['/windows /programdata/docker /programdata/containerd', 'the system of the node', 'medium', 'critical'],
];

/** Folders that count themselves, but not everything below them. */
const FOLDERS: readonly Row[] = [
  ['/', 'everything on the node', 'high', 'critical'],
  ['/etc', "the node's accounts, keys and service settings", 'high', 'critical'],
  ['/dev', 'the devices of the node', 'high', 'high'],
  ['/sys', 'interfaces of the kernel', 'low', 'high'],
  ['/run', 'the sockets of the services of the node', 'high', 'critical'],
  ['/var/log', 'the logs of the node, which the kubelet serves as root', 'medium', 'high'],
  ['/lib /lib64 /usr /usr/lib /usr/lib64 /usr/local', 'programs and libraries of the node', 'low', 'critical'],
  ['/users /programdata', 'the files of the users and services of the node', 'high', 'critical'],
  ['/var/lib/kubelet/plugins', 'volumes of other pods and sockets of storage drivers', 'medium', 'high'],
];

/** Below a tree, and harmless to have: where drivers and device plugins register. */
const EXEMPT: readonly string[] = [
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet/plugins_registry',
  '/var/lib/kubelet/pod-resources',
  '/var/lib/kubelet/seccomp',
];
/** Each driver has a folder of its own here. */
const DRIVERS = '/var/lib/kubelet/plugins/';

/** Folders and files that hold credentials of a user wherever they stand. */
const CREDENTIALS: readonly string[] = ['/.aws', '/.azure', '/.config/gcloud', '/.kube', '/.ssh', '/.docker/config.json', '/azure.json'];

/** Names of the first partition of block devices; a disk gives away every file on it. */
const BLOCK_DEVICES: readonly string[] = ['/dev/sd', '/dev/vd', '/dev/xvd', '/dev/nvme', '/dev/dm-'];

const PLACES: readonly Place[] = [...expand(TREES, true), ...expand(FOLDERS, false)];
const BY_PATH = new Map(PLACES.map((place) => [place.path, place]));

/** Folders in which the node itself mounts other file systems, so that a read-only mount of them is not all read-only. */
const MOUNT_HOLDERS: ReadonlySet<string> = new Set([
  '/',
  '/dev',
  '/media',
  '/mnt',
  '/run',
  '/sys',
  '/sys/fs',
  '/var',
  '/var/lib',
  '/var/lib/containerd',
  '/var/lib/docker',
  '/var/lib/kubelet',
  '/var/lib/kubelet/plugins',
  '/var/lib/kubelet/pods',
]);

/** What a container gets with a normalized host path, or undefined where nothing is known of it. */
export function sensitiveHostPath(path: string): Sensitive | undefined {
  if (path === '' || isExempt(path)) return undefined;
  return covering(path) ?? credentials(path) ?? blockDevice(path) ?? contained(path);
}

/** Whether the node keeps mounts below the folder. */
export function holdsMounts(path: string): boolean {
  return MOUNT_HOLDERS.has(path);
}

function isExempt(path: string): boolean {
  return path.startsWith(DRIVERS) || EXEMPT.some((exempt) => isAtOrBelow(path, exempt));
}

/** The place itself or the nearest one above that counts with what is below it. */
function covering(path: string): Sensitive | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const place = BY_PATH.get(path.slice(0, end));
    if (place !== undefined && (end === path.length || place.below))
      return { place: place.path, what: place.what, above: false, read: place.read, write: place.write };
  }
  return undefined;
}

/** A folder above well-known places gives away as much as the worst of them. */
function contained(path: string): Sensitive | undefined {
  let most: Sensitive | undefined;
  for (const { path: place, what, read, write } of PLACES) {
    if (place === path || !isAtOrBelow(place, path)) continue;
    if (most === undefined) most = { place, what, above: true, read, write };
    else if (rankOf(write) < rankOf(most.write) || (write === most.write && rankOf(read) < rankOf(most.read)))
      most = { ...most, place, what, read: worse(read, most.read), write };
    else most = { ...most, read: worse(read, most.read) };
  }
  return most;
}

function credentials(path: string): Sensitive | undefined {
  const slashed = `${path}/`;
  const found = CREDENTIALS.find((place) => slashed.includes(`${place}/`));
  return found === undefined
    ? undefined
    : { place: path, what: 'credentials of a user or of a cloud', above: false, read: 'high', write: 'high' };
}

function blockDevice(path: string): Sensitive | undefined {
  const found = BLOCK_DEVICES.some((prefix) => path.startsWith(prefix));
  return found ? { place: path, what: 'a disk of the node', above: false, read: 'critical', write: 'critical' } : undefined;
}

function worse(one: Severity | undefined, other: Severity | undefined): Severity | undefined {
  return one === undefined || other === undefined ? (one ?? other) : worst(one, other);
}

function rankOf(severity: Severity | undefined): number {
  return severity === undefined ? Infinity : severityRank(severity);
}

function expand(rows: readonly Row[], below: boolean): Place[] {
  return rows.flatMap(([paths, what, read, write]) => paths.split(' ').map((path) => ({ path, below, what, read, write })));
}
