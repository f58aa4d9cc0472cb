/** The frameworks that rules name controls of. Frameworks are views of the rules: one source, many lists. */
export interface Framework {
  id: string;
  title: string;
  /** Controls that are judged the same way under another edition, so that one rule answers both. */
  sameAs?: string;
  /** Of benchmarks: the minors of Kubernetes that it is for, first and last. */
  releases?: readonly [number, number];
  /** Of benchmarks: the distribution that it is for, as facts of nodes name it. */
  distribution?: string;
}

export const FRAMEWORKS: readonly Framework[] = [
  { id: 'cis-1.12', title: 'CIS Kubernetes Benchmark 1.12 (Kubernetes 1.32 to 1.34)', releases: [32, 34] },
  { id: 'cis-2.0', title: 'CIS Kubernetes Benchmark 2.0 (Kubernetes 1.34 and 1.35)', sameAs: 'cis-1.12', releases: [34, 35] },
  { id: 'eks-1.8.0', title: 'CIS Amazon EKS Benchmark 1.8.0', distribution: 'eks' },
  { id: 'aks-1.8', title: 'CIS Azure Kubernetes Service Benchmark 1.8', distribution: 'aks' },
  { id: 'gke-1.9.0', title: 'CIS Google Kubernetes Engine Benchmark 1.9.0', distribution: 'gke' },
  { id: 'rh-1.8', title: 'CIS Red Hat OpenShift Container Platform Benchmark 1.8', distribution: 'openshift' },
  { id: 'k3s-cis-1.9', title: 'CIS K3s Benchmark 1.9', distribution: 'k3s' },
  { id: 'rke2-cis-1.8', title: 'CIS RKE2 Benchmark 1.8', distribution: 'rke2' },
  { id: 'pss-baseline', title: 'Pod Security Standards, baseline' },
  { id: 'pss-restricted', title: 'Pod Security Standards, restricted' },
  { id: 'nsa-cisa-1.2', title: 'NSA/CISA Kubernetes Hardening Guide 1.2' },
  { id: 'mitre-attack', title: 'MITRE ATT&CK for containers' },
];

/** Recommendations of the NSA/CISA guide under short names of our own; the guide numbers none. */
export const NSA_RECOMMENDATIONS = [
  'non-root',
  'immutable-rootfs',
  'image-scanning',
  'pod-security-enforcement',
  'token-protection',
  'linux-hardening',
  'sandboxing',
  'privileged-containers',
  'network-policies',
  'resource-policies',
  'namespace-separation',
  'control-plane-hardening',
  'etcd-protection',
  'kubeconfig-protection',
  'worker-segmentation',
  'encryption-in-transit',
  'encryption-at-rest',
  'credentials-in-configuration',
  'cloud-metadata',
  'anonymous-requests',
  'strong-authentication',
  'rbac',
  'audit-logging',
  'threat-detection',
  'upgrading',
] as const;
