/** Which distribution a node belongs to, by what only that one has. */
import type { NodeFacts, ProcessFact } from '../../snapshot/index.ts';
import type { HostRoot } from './host-root.ts';

const SMALL = 64 << 10;
const BY_PROCESS: Readonly<Record<string, string>> = {
  k3s: 'k3s',
  rke2: 'rke2',
  k0s: 'k0s',
  kubelite: 'microk8s',
  'k3s-server': 'k3s',
  'k3s-agent': 'k3s',
};
/** In this order: RKE2 has folders of k3s too. */
const BY_PLACE: readonly (readonly [string, string])[] = [
  ['/var/lib/rancher/rke2', 'rke2'],
  ['/etc/rancher/rke2', 'rke2'],
  ['/var/lib/rancher/k3s', 'k3s'],
  ['/etc/rancher/k3s', 'k3s'],
  ['/var/lib/k0s', 'k0s'],
  ['/var/snap/microk8s/current', 'microk8s'],
  ['/system/secrets/kubernetes', 'talos'],
  ['/etc/eks', 'eks'],
  ['/etc/kubernetes/azure.json', 'aks'],
  ['/home/kubernetes/kubelet-config.yaml', 'gke'],
  ['/home/kubernetes/bin', 'gke'],
  ['/kind/version', 'kind'],
  ['/etc/kubernetes/admin.conf', 'kubeadm'],
  ['/var/lib/kubelet/kubeadm-flags.env', 'kubeadm'],
];
const BY_SYSTEM: Readonly<Record<string, string>> = { rhcos: 'openshift', talos: 'talos' };

export function distributionOf(processes: readonly ProcessFact[], exists: (path: string) => boolean, root: HostRoot): string {
  const system = BY_SYSTEM[osOf(root).id];
  if (system !== undefined) return system;
  const byProcess = processes
    .map(({ name }) => (Object.hasOwn(BY_PROCESS, name) ? BY_PROCESS[name] : undefined))
    .find((name) => name !== undefined);
  return byProcess ?? BY_PLACE.find(([path]) => exists(path))?.[1] ?? 'kubernetes';
}

export function osOf(root: HostRoot): NodeFacts['os'] {
  const text = root.text('/etc/os-release', SMALL) ?? root.text('/usr/lib/os-release', SMALL) ?? '';
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([A-Z_]{1,40})=(.{0,400})$/.exec(line) ?? [];
    if (name !== undefined) fields.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return { id: fields.get('ID') ?? '', version: fields.get('VERSION_ID') ?? '', name: fields.get('PRETTY_NAME') ?? '' };
}
