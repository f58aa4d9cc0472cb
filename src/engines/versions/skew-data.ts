/** The version skew policy of Kubernetes: how many minors apart its components are supported. */
import type { SkewLimit } from './data.ts';

/** A kubelet or kube-proxy older than 1.25 may be two minors behind, not three. */
const OLD_NODES = { minor: 25, older: 2 } as const;

export const SKEW_DATA: readonly SkewLimit[] = [
  { component: 'kube-apiserver', to: 'kube-apiserver', newer: 1, older: 1 },
  { component: 'kubelet', to: 'kube-apiserver', newer: 0, older: 3, olderBefore: OLD_NODES },
  { component: 'kube-proxy', to: 'kube-apiserver', newer: 0, older: 3, olderBefore: OLD_NODES },
  { component: 'kube-proxy', to: 'kubelet-of-node', newer: 3, older: 3, olderBefore: OLD_NODES },
  { component: 'kube-controller-manager', to: 'kube-apiserver', newer: 0, older: 1 },
  { component: 'kube-scheduler', to: 'kube-apiserver', newer: 0, older: 1 },
  { component: 'cloud-controller-manager', to: 'kube-apiserver', newer: 0, older: 1 },
  { component: 'kubectl', to: 'kube-apiserver', newer: 1, older: 1 },
];
