/** What kubescape's agent collects on a node, as facts of a node. */
import { isRecord } from '../../src/model/index.ts';
import type { FileFact, NodeFacts } from '../../src/snapshot/index.ts';

const KINDS = new Set(['KubeletInfo', 'ControlPlaneInfo', 'CNIInfo', 'KubeProxyInfo']);

/** One for each thing that the agent sent; none where there is nothing that facts of ours hold too. */
export function nodesOfInputs(inputs: readonly unknown[]): NodeFacts[] {
  const found = inputs
    .filter(isRecord)
    .filter(({ apiVersion, kind }) => String(apiVersion).startsWith('hostdata.') && KINDS.has(String(kind)));
  if (found.some(({ data }) => isRecord(data) && 'CNINames' in data)) return [];
  return found.flatMap(({ kind, data }) => {
    if (!isRecord(data)) return [];
    const node = new Node();
    node.add(String(kind), data);
    return [node.facts];
  });
}

class Node {
  readonly facts: NodeFacts = {
    schema: 'castellan/node-facts/v1',
    node: 'minikube',
    collectedAt: '2026-01-01T00:00:00Z',
    collectedBy: '0',
    running: true,
    distribution: 'kubeadm',
    os: { id: '', version: '', name: '' },
    kernel: '',
    versions: {},
    processes: [],
    units: [],
    files: [],
    absent: [],
    certificates: [],
    sockets: [],
    sysctls: {},
    gaps: [],
  };

  add(kind: string, data: Readonly<Record<string, unknown>>): void {
    if (kind === 'KubeletInfo') this.#kubelet(data);
    else if (kind === 'KubeProxyInfo') this.#process('kube-proxy', data.cmdLine, [], [['--kubeconfig', this.#file(data.kubeConfigFile)]]);
    else if (kind === 'CNIInfo') for (const file of listOf(data.CNIConfigFiles)) this.#file(file);
    else this.#controlPlane(data);
  }

  #kubelet({ cmdLine, configFile, kubeConfigFile, clientCAFile, serviceFiles }: Readonly<Record<string, unknown>>): void {
    const written = typeof cmdLine === 'string' ? /.*--config[= ](\S+)/.exec(cmdLine)?.[1] : undefined;
    const config = this.#file(isRecord(configFile) ? { path: written, ...configFile } : undefined);
    const named: [string, string | undefined][] = [
      ['--config', config],
      ['--kubeconfig', this.#file(kubeConfigFile)],
    ];
    const authority = this.#file(clientCAFile);
    // A file that names another one would be believed before a flag that is made up here.
    if (authority !== undefined) named.push(['--client-ca-file', authority]);
    for (const file of listOf(serviceFiles)) {
      const path = this.#file(file);
      if (path !== undefined) this.facts.units.push({ name: 'kubelet.service', path, lines: [], dropIns: [] });
    }
    this.#process('kubelet', cmdLine, [], named);
  }

  #controlPlane(data: Readonly<Record<string, unknown>>): void {
    const parts = [
      ['kube-apiserver', data.APIServerInfo],
      ['kube-controller-manager', data.controllerManagerInfo],
      ['kube-scheduler', data.schedulerInfo],
    ] as const;
    for (const [name, part] of parts) {
      if (!isRecord(part)) continue;
      this.#file(part.specsFile);
      const flags: [string, string | undefined][] = [
        ['--kubeconfig', this.#file(part.configFile)],
        ['--audit-policy-file', this.#file(part.auditPolicyFile)],
        ['--encryption-provider-config', this.#file(part.encryptionProviderConfigFile)],
      ];
      this.#process(name, part.cmdLine, [], flags);
    }
    this.#file(data.etcdConfigFile);
    const folder = this.#file(data.etcdDataDir, 'directory');
    if (folder !== undefined) this.#process('etcd', undefined, ['etcd'], [['--data-dir', folder]]);
    this.#file(data.adminConfigFile);
    this.#file(data.PKIDir, 'directory');
    for (const file of listOf(data.PKIFiles)) this.#file(file);
  }

  /** With the flags that name the files of the case, where it does not tell its command line or that names others. */
  // oxlint-disable-next-line max-params -- what one process is
  #process(name: string, cmdLine: unknown, argv: readonly string[], named: readonly (readonly [string, string | undefined])[]): void {
    const words = typeof cmdLine === 'string' ? cmdLine.split(' ').filter((word) => word !== '') : [...argv];
    const given = named.filter(([, path]) => path !== undefined);
    if (words.length === 0 && given.length === 0) return;
    const kept = words.filter((word) => !given.some(([flag]) => word.startsWith(`${flag}=`)));
    const flags = given.map(([flag, path]) => `${flag}=${path}`);
    const [program = name, ...rest] = kept;
    this.facts.processes.push({ pid: this.facts.processes.length + 1, name, argv: [program, ...rest, ...flags] });
  }

  #file(value: unknown, type: FileFact['type'] = 'file'): string | undefined {
    if (!isRecord(value) || typeof value.path !== 'string') return undefined;
    if (this.facts.files.some((file) => file.path === value.path)) return value.path;
    const { path, permissions, ownership, content, contentText } = value;
    const { uid, gid, username, groupname } = isRecord(ownership) ? ownership : {};
    const text = [contentText, content].find((each) => typeof each === 'string');
    this.facts.files.push({
      path,
      type,
      mode: (typeof permissions === 'number' ? permissions : 0o600).toString(8),
      // Where numbers and names disagree, the names are what the case is about.
      uid: numberOf(uid, username),
      gid: numberOf(gid, groupname),
      ...(typeof username === 'string' && { owner: username }),
      ...(typeof groupname === 'string' && { group: groupname }),
      size: 1,
      namedBy: 'case',
      ...(typeof text === 'string' && { text }),
    });
    return path;
  }
}

function numberOf(id: unknown, name: unknown): number {
  if (name === 'root') return 0;
  return typeof id === 'number' && (id !== 0 || name === '' || name === undefined) ? id : 1;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
