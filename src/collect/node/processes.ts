/** The processes of a node that are components of Kubernetes or stand in for them, as /proc shows them. */
import { credentialReplacer } from '../../lib/mask.ts';
import { redactionOf } from '../../lib/redaction.ts';
import type { ProcessFact } from '../../snapshot/index.ts';
import type { HostRoot } from './host-root.ts';
import { withoutCredentials } from './redact-argv.ts';

/** By the base name of their program. */
const PROGRAMS: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'etcd',
  'cloud-controller-manager',
  'hyperkube',
  'kubelite',
  'k3s',
  'k3s-server',
  'k3s-agent',
  'rke2',
  'k0s',
  'openshift',
  'hypershift',
  'openshift-kube-apiserver',
  'openshift-kube-controller-manager',
  'konnectivity-server',
  'containerd',
  'crio',
  'dockerd',
  'cri-dockerd',
]);

const LARGEST = 2 << 20;
const MOST_PROCESSES = 200_000;
const REPLACE = credentialReplacer((value, credential) => redactionOf(credential, value));

/** `seen` is false where the folder shows no process at all. */
export function readProcesses(root: HostRoot): { seen: boolean; pids: number[]; processes: ProcessFact[] } {
  const listed = root.list('/proc', MOST_PROCESSES);
  const pids = typeof listed === 'string' ? [] : listed.names.filter((name) => /^[1-9]\d{0,8}$/.test(name)).map(Number);
  pids.sort((a, b) => a - b);
  const processes = pids.flatMap((pid) => readProcess(root, pid) ?? []);
  return { seen: pids.length > 0, pids, processes };
}

function readProcess(root: HostRoot, pid: number): ProcessFact | undefined {
  const argv = argvOf(root.text(`/proc/${pid}/cmdline`, LARGEST) ?? '');
  const [program] = argv;
  if (program === undefined) return undefined;
  const exe = root.link(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '');
  const name = [program, exe ?? ''].map(baseName).find((each) => PROGRAMS.has(each) || each.endsWith('-cloud-controller-manager'));
  if (name === undefined) return undefined;
  const uid = /^Uid:\s+(\d+)/m.exec(root.text(`/proc/${pid}/status`, LARGEST) ?? '')?.[1];
  const start = startOf(root.text(`/proc/${pid}/stat`, LARGEST) ?? '');
  const cgroup = root.text(`/proc/${pid}/cgroup`, LARGEST);
  const environment = name === 'etcd' ? environmentOf(root.text(`/proc/${pid}/environ`, LARGEST) ?? '') : undefined;
  return {
    pid,
    name,
    argv: withoutCredentials(argv),
    ...(uid !== undefined && { uid: Number(uid) }),
    ...(cgroup !== undefined && { inPod: /kubepods/.test(cgroup) }),
    ...(exe !== undefined && { exe }),
    ...(start !== undefined && { start }),
    ...(environment !== undefined && { environment }),
  };
}

/** Arguments end with a zero byte each; a process that writes over its title may leave more of them at the end. */
function argvOf(text: string): string[] {
  const words = text.split('\0');
  while (words.at(-1) === '') words.pop();
  return words;
}

/** Field 22 of stat(5); the name in brackets may hold anything, also brackets. */
function startOf(stat: string): number | undefined {
  const start = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ')[19];
  return start !== undefined && /^\d{1,15}$/.test(start) ? Number(start) : undefined;
}

/** etcd takes every flag from a variable too. */
function environmentOf(text: string): Record<string, string> | undefined {
  const entries: [string, string][] = [];
  for (const assignment of text.split('\0')) {
    const [, name, value] = /^(ETCD_[A-Z0-9_]{1,80})=([^]*)$/.exec(assignment) ?? [];
    if (name === undefined || value === undefined) continue;
    entries.push([name, REPLACE(value, name) as string]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function baseName(path: string): string {
  // `kubelet: ` is what some programs write over their title, and k3s and RKE2 hide their flags by `k3s server`.
  return path.slice(path.lastIndexOf('/') + 1).replace(/:$|(?<=^(?:k3s|rke2)) (?:server|agent)$/, '');
}
