/** What a port is for, by its number and the component that it is said to be of. */
import type { PortOwner, PortUse } from '../snapshot/index.ts';

const USUAL: readonly (readonly [number, PortOwner, PortUse])[] = [
  [6443, 'kube-apiserver', 'secure'],
  [10_257, 'kube-controller-manager', 'secure'],
  [10_258, 'cloud-controller-manager', 'secure'],
  [10_259, 'kube-scheduler', 'secure'],
  [10_250, 'kubelet', 'secure'],
  [10_255, 'kubelet', 'read-only'],
  [10_249, 'kube-proxy', 'metrics'],
  [10_256, 'kube-proxy', 'health'],
  [2379, 'etcd', 'client'],
  [2380, 'etcd', 'peer'],
  [2381, 'etcd', 'metrics'],
];

export function usualPort(port: number, owner: PortOwner | undefined): { component: PortOwner; use: PortUse } {
  const usual = USUAL.find(([number, component]) => number === port && (owner === undefined || component === owner));
  if (usual !== undefined) return { component: usual[1], use: usual[2] };
  if (owner === 'etcd') return { component: owner, use: 'client' };
  return { component: owner ?? 'unknown', use: owner === 'kube-proxy' ? 'metrics' : 'secure' };
}
