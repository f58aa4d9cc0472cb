/**
 * A node → its facts. Only reads, starts no program, and goes by what the processes themselves name: their arguments,
 * then the files that these name, then the places that distributions are known to use.
 */
import { CastellanError } from '../../lib/errors.ts';
import {
  type Gap,
  NODE_FACTS_SCHEMA,
  NODE_PLACES,
  type NodeFacts,
  type NodePlace,
  type ProcessFact,
  type UnitFact,
  commandOfUnit,
  environmentFilesOf,
} from '../../snapshot/index.ts';
import { type Accounts, readAccounts } from './accounts.ts';
import { distributionOf, osOf } from './distribution.ts';
import { NodeFiles, type Want } from './files.ts';
import { HostRoot } from './host-root.ts';
import { filesOfKubeconfig } from './kubeconfig.ts';
import { type NamedFile, commandsOfManifest, filesOfCommand, filesOfConfig, filesOfEnvironment } from './named-files.ts';
import { readProcesses } from './processes.ts';
import { readSockets } from './sockets.ts';
import { readUnits } from './units.ts';

export interface CollectNodeOptions {
  /** Where the disk of the node is mounted; `/` on the node itself. */
  root: string;
  /** Name of the Node object, where it is not that of the host. */
  node?: string;
  /** Version of Castellan. */
  version: string;
  now: Date;
}

const SMALL = 64 << 10;

/** @throws CAS_NODE_ROOT */
export function collectNode({ root: path, node, version, now }: CollectNodeOptions): NodeFacts {
  const rootPath = path.replace(/\/+$/, '');
  const root = new HostRoot(rootPath);
  const top = root.locate('/');
  if (typeof top === 'string' || !top.stats.isDirectory())
    throw new CastellanError('CAS_NODE_ROOT', `${path} is no folder that can be read`);
  const gaps: Gap[] = [];
  const accounts: Accounts = readAccounts(root);
  const { seen, pids, processes } = readProcesses(root);
  const units = readUnits(root);
  const looking = new Looking(new NodeFiles(rootPath, root, accounts), units);
  looking.at(processes);
  const sockets = seen ? readSockets(root, pids, processes) : undefined;
  if (!seen) gaps.push(noProcesses(path));
  else if (!processes.some(mayBeKubelet)) gaps.push(noKubelet());
  else if (sockets === undefined) gaps.push(noSockets());
  const { files, absent, certificates } = looking.files.end();
  const exists = (place: string): boolean => typeof root.locate(place) !== 'string';
  return {
    schema: NODE_FACTS_SCHEMA,
    node: node ?? nameOf(processes, root),
    collectedAt: now.toISOString().replace(/\.\d+Z$/, 'Z'),
    collectedBy: version,
    running: seen,
    distribution: distributionOf(processes, exists, root),
    os: osOf(root),
    kernel: seen ? (root.text('/proc/sys/kernel/osrelease', SMALL)?.trim() ?? '') : '',
    versions: looking.versions(),
    processes,
    units,
    files,
    absent,
    certificates,
    sockets: sockets ?? [],
    sysctls: seen ? sysctlsOf(root) : {},
    gaps: [...gaps, ...looking.files.gaps],
  };
}

type Namer = Pick<ProcessFact, 'pid' | 'inPod'>;

/** Works through the files, each of which may name further ones. */
class Looking {
  readonly files: NodeFiles;
  readonly #units: readonly UnitFact[];
  readonly #versions = new Map<string, string>();
  readonly #done = new Set<string>();

  constructor(files: NodeFiles, units: readonly UnitFact[]) {
    this.files = files;
    this.#units = units;
  }

  at(processes: readonly ProcessFact[]): void {
    for (const process of processes) {
      this.#all(filesOfCommand(process.name, process.argv), process);
      if (process.environment !== undefined) this.#all(filesOfEnvironment(process.environment), process);
    }
    for (const unit of this.#units) this.#atUnit(unit);
    for (const [place, want] of WANTS) {
      for (const path of NODE_PLACES[place]) this.#one({ path, want, namedBy: 'known place' });
    }
    for (const path of NODE_PLACES.pki) this.files.tree(path, certificateOrStat, { namedBy: 'known place' });
    for (const path of NODE_PLACES['kubelet-pki']) this.files.tree(path, certificateOrStat, { namedBy: 'known place', depth: 1 });
    for (const path of NODE_PLACES['cni-config']) this.files.tree(path, cniWant, { namedBy: 'known place', depth: 2 });
    for (const path of NODE_PLACES['cni-state']) this.files.tree(path, () => 'stat', { namedBy: 'known place', depth: 2 });
    for (const path of [...NODE_PLACES['runtime-drop-ins'], ...NODE_PLACES['distribution-drop-ins']])
      this.files.tree(path, () => 'text', { namedBy: 'known place', depth: 1 });
  }

  versions(): Record<string, string> {
    return Object.fromEntries([...this.#versions].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #atUnit(unit: UnitFact): void {
    for (const path of [unit.path, ...unit.dropIns.map((each) => each.path)]) this.files.add(path, 'stat', { namedBy: unit.name });
    for (const path of environmentFilesOf(unit)) this.files.add(path, 'text', { namedBy: unit.name });
    const argv = commandOfUnit(unit, (path) => this.files.textOf(path));
    if (argv !== undefined) this.#all(filesOfCommand(unit.name, argv));
  }

  #all(named: readonly NamedFile[], process?: Namer): void {
    for (const each of named) this.#one(each, process);
  }

  #one({ path, want, namedBy }: NamedFile, process?: Namer): void {
    const { pid, inPod } = process ?? {};
    const key = `${want} ${pid ?? ''} ${path}`;
    if (this.#done.has(key)) return;
    this.#done.add(key);
    const from = { namedBy, ...(pid !== undefined && { pid }), ...(inPod !== undefined && { inPod }) };
    if (want === 'manifests' || want === 'drop-ins') {
      // What a pod calls a kubelet has no say over folders of the node.
      if (inPod !== true) this.#folder(path, want, namedBy);
      return;
    }
    const file = this.files.add(path, want, from);
    if (file?.text === undefined) return;
    if (want === 'kubeconfig')
      for (const each of filesOfKubeconfig(file.text, file.path)) this.#one(ofKubeconfig(each, file.path), process);
    if (want === 'config') this.#all(filesOfConfig(file.path, file.text), process);
  }

  /** Whatever lies in the folder of static pods is started, whatever its name; a leading dot hides. */
  #folder(path: string, want: 'manifests' | 'drop-ins', namedBy: string): void {
    const wantOf = (file: string): Want => (want === 'manifests' || file.endsWith('.conf') ? 'config' : 'stat');
    // Drop-ins count in all folders below, static pods in the one alone.
    this.files.tree(path, wantOf, { namedBy, ...(want === 'manifests' && { depth: 1 }) });
    for (const file of this.files.end().files.filter((each) => each.path.startsWith(`${path.replace(/\/+$/, '')}/`))) {
      if (file.text === undefined || (want === 'manifests' && /\/\.[^/]*$/.test(file.path))) continue;
      if (want === 'drop-ins') this.#all(filesOfConfig(file.path, file.text));
      else for (const command of commandsOfManifest(file.text)) this.#static(command);
    }
  }

  #static({ argv, image }: { argv: string[]; image: string }): void {
    const program = argv[0] ?? '';
    const name = program.slice(program.lastIndexOf('/') + 1);
    this.#all(filesOfCommand(name, argv));
    const [, component = '', version] = /(?:^|\/)([\w.-]+):v?(\d+\.\d+\.\d+[\w.+-]*)(?:@|$)/.exec(image) ?? [];
    if (version !== undefined) this.#versions.set(component, version);
  }
}

/** What is wanted at the known places; folders with many files are walked apart from these. */
const WANTS: readonly (readonly [NodePlace, NamedFile['want']])[] = [
  ['manifests', 'manifests'],
  ['apiserver-manifest', 'config'],
  ['controller-manager-manifest', 'config'],
  ['scheduler-manifest', 'config'],
  ['etcd-manifest', 'config'],
  ['admin-kubeconfig', 'kubeconfig'],
  ['scheduler-kubeconfig', 'kubeconfig'],
  ['controller-manager-kubeconfig', 'kubeconfig'],
  ['kubelet-kubeconfig', 'kubeconfig'],
  ['proxy-kubeconfig', 'kubeconfig'],
  ['kubelet-config', 'config'],
  ['kubelet-drop-ins', 'drop-ins'],
  ['kubelet-unit', 'stat'],
  ['kubelet-ca', 'certificates'],
  ['proxy-config', 'config'],
  ['etcd-data', 'stat'],
  ['etcd-config', 'config'],
  ['runtime', 'text'],
  ['runtime-socket', 'stat'],
  ['distribution-config', 'text'],
  ['component-args', 'text'],
  ['encryption-config', 'config'],
  ['cloud-config', 'stat'],
];

function certificateOrStat(path: string): Want {
  return /\.(?:crt|pem|cer)$/.test(path) ? 'certificates' : 'stat';
}

function cniWant(path: string): Want {
  if (/\.(?:conf|conflist|json)$/.test(path)) return 'config';
  return /kubeconfig/.test(path) ? 'kubeconfig' : 'stat';
}

function ofKubeconfig({ field, path }: { field: string; path: string }, file: string): NamedFile {
  return { path, want: field === 'client-key' ? 'stat' : 'certificates', namedBy: `${field} in ${file}` };
}

function nameOf(processes: readonly ProcessFact[], root: HostRoot): string {
  const kubelet = processes.find(({ name, inPod }) => name === 'kubelet' && inPod !== true);
  const override = kubelet?.argv.map((word) => /^--hostname-override=(.+)$/.exec(word)?.[1]).find((name) => name !== undefined);
  const host = root.text('/etc/hostname', SMALL)?.trim() || root.text('/proc/sys/kernel/hostname', SMALL)?.trim();
  const name = (override ?? host ?? '').toLowerCase();
  return /^[a-z0-9][a-z0-9.-]{0,252}$/.test(name) ? name : 'node';
}

const SYSCTLS = [
  'fs.protected_hardlinks',
  'fs.protected_symlinks',
  'fs.suid_dumpable',
  'kernel.dmesg_restrict',
  'kernel.keys.root_maxbytes',
  'kernel.keys.root_maxkeys',
  'kernel.kptr_restrict',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.randomize_va_space',
  'kernel.unprivileged_bpf_disabled',
  'kernel.unprivileged_userns_clone',
  'kernel.yama.ptrace_scope',
  'user.max_user_namespaces',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
];

function sysctlsOf(root: HostRoot): Record<string, string> {
  const entries = SYSCTLS.map((name) => [name, root.text(`/proc/sys/${name.replaceAll('.', '/')}`, SMALL)?.trim()]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>;
}

function noProcesses(path: string): Gap {
  return {
    scope: 'processes',
    code: 'processes-unseen',
    reason: `${path === '/' ? '' : path}/proc shows no process`,
    effect: 'arguments are taken from units and static pods, and nothing is known of what listens',
  };
}

/** Alone, or as a part of a program that holds it. */
function mayBeKubelet({ name, inPod }: ProcessFact): boolean {
  return inPod !== true && /^(?:kubelet|kubelite|hyperkube|k3s(?:-server|-agent)?|openshift)$/.test(name);
}

function noKubelet(): Gap {
  return {
    scope: 'processes',
    code: 'processes-unseen',
    reason: 'no kubelet is among the processes that could be seen',
    effect: 'of components that were not seen it is not known whether they run',
  };
}

function noSockets(): Gap {
  return { scope: 'sockets', code: 'sockets-unseen', reason: '/proc/PID/net cannot be read', effect: 'nothing is known of what listens' };
}
