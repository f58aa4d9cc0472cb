/** The parts of a cluster by which a report tells nodes and objects together: components that run, then what the API holds. */
import type { Area, Rule } from './rule.ts';

/** Of rules about no component. */
const BY_AREA: Readonly<Record<Area, string>> = {
  'control-plane': 'control plane',
  node: 'control plane',
  etcd: 'etcd',
  rbac: 'access',
  identity: 'access',
  network: 'network',
  'pod-security': 'workloads',
  images: 'workloads',
  resources: 'workloads',
  secrets: 'workloads',
  reliability: 'workloads',
  governance: 'cluster',
  cloud: 'cloud',
  ports: 'ports',
};

/** In the order of a report; components that are not named here stand between these and what the API holds. */
const FIRST = [
  'cloud',
  'ports',
  'control plane',
  'kube-apiserver',
  'kube-controller-manager',
  'cloud-controller-manager',
  'kube-scheduler',
  'etcd',
  'kubelet',
  'kube-proxy',
];
const LAST = ['access', 'network', 'workloads', 'cluster'];

/** `kubelet`, `etcd`, `access`: what a rule is about, whether it looks at a node or at an object. */
export function componentOf({ component, area }: Pick<Rule, 'component' | 'area'>): string {
  return component ?? BY_AREA[area];
}

export function compareComponents(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : 1);
}

function rankOf(component: string): number {
  const first = FIRST.indexOf(component);
  if (first >= 0) return first;
  const last = LAST.indexOf(component);
  return last < 0 ? FIRST.length : FIRST.length + 1 + last;
}
