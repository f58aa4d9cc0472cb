/** What belongs to the cluster and its network, storage and hardware agents, not to those who use it. */

/** Made by Kubernetes itself. */
export const CLUSTER_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Where the agents of nodes are usually installed, by themselves or by the vendor of the cluster. */
const AGENT_NAMESPACES: ReadonlySet<string> = new Set([
  'kube-flannel',
  'calico-system',
  'calico-apiserver',
  'tigera-operator',
  'cilium',
  'cilium-secrets',
  'gke-managed-system',
  'gmp-system',
  'amazon-guardduty',
  'metallb-system',
  'longhorn-system',
  'rook-ceph',
  'openebs',
  'gpu-operator',
]);

/** Whether pods there are mostly part of the node, so that rules for programs of users do not fit them. */
export function isSystemNamespace(name: string): boolean {
  return CLUSTER_NAMESPACES.has(name) || AGENT_NAMESPACES.has(name);
}

/** Config maps that Kubernetes or OpenShift writes into every namespace; they hold what everybody may know. */
export const GIVEN_CONFIG_MAPS: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);
