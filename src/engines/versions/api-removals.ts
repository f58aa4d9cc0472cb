/**
 * APIs of Kubernetes that were removed or are on their way out: the minors in which they were deprecated and stopped
 * being served, and what takes their place. Most rows are from the deprecated API migration guide of the Kubernetes
 * documentation and the lifecycle tags of k8s.io/api, as of August 2026. Those of batch/v2alpha1, of the first alphas
 * of resource.k8s.io and of what ends with 1.33, 1.34 and 1.37 were put down from knowledge of the releases.
 */
export interface ApiRemoval {
  /** `group/version`, as in apiVersion. */
  readonly api: string;
  /** Empty: every kind of the version. */
  readonly kinds: readonly string[];
  /** Minor in which it was deprecated. */
  readonly deprecated: number;
  /** First minor that does not serve it; undefined where no end is set. */
  readonly removed?: number;
  /** apiVersion to move to; undefined where the kind went without one. */
  readonly replacement?: string;
}

const WEBHOOKS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'] as const;
const POLICIES = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'] as const;
const FLOW = ['FlowSchema', 'PriorityLevelConfiguration'] as const;

export const API_REMOVALS: readonly ApiRemoval[] = [
  { api: 'v1', kinds: ['ComponentStatus'], deprecated: 19 },
  { api: 'v1', kinds: ['Endpoints'], deprecated: 33, replacement: 'discovery.k8s.io/v1' },

  { api: 'extensions/v1beta1', kinds: ['DaemonSet', 'Deployment', 'ReplicaSet'], deprecated: 8, removed: 16, replacement: 'apps/v1' },
  { api: 'extensions/v1beta1', kinds: ['NetworkPolicy'], deprecated: 9, removed: 16, replacement: 'networking.k8s.io/v1' },
  { api: 'extensions/v1beta1', kinds: ['PodSecurityPolicy'], deprecated: 11, removed: 16 },
  { api: 'extensions/v1beta1', kinds: ['Ingress'], deprecated: 14, removed: 22, replacement: 'networking.k8s.io/v1' },
  { api: 'apps/v1beta1', kinds: [], deprecated: 8, removed: 16, replacement: 'apps/v1' },
  { api: 'apps/v1beta2', kinds: [], deprecated: 9, removed: 16, replacement: 'apps/v1' },

  { api: 'auditregistration.k8s.io/v1alpha1', kinds: ['AuditSink'], deprecated: 19, removed: 19 },
  { api: 'settings.k8s.io/v1alpha1', kinds: ['PodPreset'], deprecated: 20, removed: 20 },
  { api: 'batch/v2alpha1', kinds: ['CronJob'], deprecated: 8, removed: 21, replacement: 'batch/v1' },

  {
    api: 'admissionregistration.k8s.io/v1beta1',
    kinds: WEBHOOKS,
    deprecated: 16,
    removed: 22,
    replacement: 'admissionregistration.k8s.io/v1',
  },
  {
    api: 'apiextensions.k8s.io/v1beta1',
    kinds: ['CustomResourceDefinition'],
    deprecated: 16,
    removed: 22,
    replacement: 'apiextensions.k8s.io/v1',
  },
  { api: 'apiregistration.k8s.io/v1beta1', kinds: ['APIService'], deprecated: 19, removed: 22, replacement: 'apiregistration.k8s.io/v1' },
  { api: 'authentication.k8s.io/v1beta1', kinds: ['TokenReview'], deprecated: 19, removed: 22, replacement: 'authentication.k8s.io/v1' },
  {
    api: 'authorization.k8s.io/v1beta1',
    kinds: ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
    deprecated: 19,
    removed: 22,
    replacement: 'authorization.k8s.io/v1',
  },
  {
    api: 'certificates.k8s.io/v1beta1',
    kinds: ['CertificateSigningRequest'],
    deprecated: 19,
    removed: 22,
    replacement: 'certificates.k8s.io/v1',
  },
  { api: 'coordination.k8s.io/v1beta1', kinds: ['Lease'], deprecated: 19, removed: 22, replacement: 'coordination.k8s.io/v1' },
  {
    api: 'networking.k8s.io/v1beta1',
    kinds: ['Ingress', 'IngressClass'],
    deprecated: 19,
    removed: 22,
    replacement: 'networking.k8s.io/v1',
  },
  { api: 'rbac.authorization.k8s.io/v1beta1', kinds: [], deprecated: 17, removed: 22, replacement: 'rbac.authorization.k8s.io/v1' },
  { api: 'scheduling.k8s.io/v1beta1', kinds: ['PriorityClass'], deprecated: 14, removed: 22, replacement: 'scheduling.k8s.io/v1' },
  { api: 'storage.k8s.io/v1beta1', kinds: ['CSINode'], deprecated: 17, removed: 22, replacement: 'storage.k8s.io/v1' },
  {
    api: 'storage.k8s.io/v1beta1',
    kinds: ['CSIDriver', 'StorageClass', 'VolumeAttachment'],
    deprecated: 19,
    removed: 22,
    replacement: 'storage.k8s.io/v1',
  },

  { api: 'rbac.authorization.k8s.io/v1alpha1', kinds: [], deprecated: 17, removed: 23, replacement: 'rbac.authorization.k8s.io/v1' },
  { api: 'scheduling.k8s.io/v1alpha1', kinds: ['PriorityClass'], deprecated: 14, removed: 23, replacement: 'scheduling.k8s.io/v1' },
  {
    api: 'storage.k8s.io/v1alpha1',
    kinds: ['VolumeAttachment', 'CSIStorageCapacity'],
    deprecated: 21,
    removed: 24,
    replacement: 'storage.k8s.io/v1',
  },

  { api: 'autoscaling/v2beta1', kinds: ['HorizontalPodAutoscaler'], deprecated: 22, removed: 25, replacement: 'autoscaling/v2' },
  { api: 'batch/v1beta1', kinds: ['CronJob'], deprecated: 21, removed: 25, replacement: 'batch/v1' },
  { api: 'discovery.k8s.io/v1beta1', kinds: ['EndpointSlice'], deprecated: 21, removed: 25, replacement: 'discovery.k8s.io/v1' },
  { api: 'events.k8s.io/v1beta1', kinds: ['Event'], deprecated: 22, removed: 25, replacement: 'events.k8s.io/v1' },
  { api: 'node.k8s.io/v1beta1', kinds: ['RuntimeClass'], deprecated: 22, removed: 25, replacement: 'node.k8s.io/v1' },
  { api: 'policy/v1beta1', kinds: ['PodDisruptionBudget'], deprecated: 21, removed: 25, replacement: 'policy/v1' },
  { api: 'policy/v1beta1', kinds: ['PodSecurityPolicy'], deprecated: 21, removed: 25 },
  { api: 'autoscaling/v2beta2', kinds: ['HorizontalPodAutoscaler'], deprecated: 23, removed: 26, replacement: 'autoscaling/v2' },
  {
    api: 'flowcontrol.apiserver.k8s.io/v1alpha1',
    kinds: FLOW,
    deprecated: 20,
    removed: 24,
    replacement: 'flowcontrol.apiserver.k8s.io/v1',
  },
  { api: 'flowcontrol.apiserver.k8s.io/v1beta1', kinds: FLOW, deprecated: 23, removed: 26, replacement: 'flowcontrol.apiserver.k8s.io/v1' },
  { api: 'resource.k8s.io/v1alpha1', kinds: [], deprecated: 27, removed: 27, replacement: 'resource.k8s.io/v1' },
  { api: 'storage.k8s.io/v1beta1', kinds: ['CSIStorageCapacity'], deprecated: 24, removed: 27, replacement: 'storage.k8s.io/v1' },
  { api: 'flowcontrol.apiserver.k8s.io/v1beta2', kinds: FLOW, deprecated: 26, removed: 29, replacement: 'flowcontrol.apiserver.k8s.io/v1' },
  { api: 'resource.k8s.io/v1alpha2', kinds: [], deprecated: 31, removed: 31, replacement: 'resource.k8s.io/v1' },
  {
    api: 'admissionregistration.k8s.io/v1alpha1',
    kinds: POLICIES,
    deprecated: 29,
    removed: 32,
    replacement: 'admissionregistration.k8s.io/v1',
  },
  { api: 'flowcontrol.apiserver.k8s.io/v1beta3', kinds: FLOW, deprecated: 29, removed: 32, replacement: 'flowcontrol.apiserver.k8s.io/v1' },
  {
    api: 'authentication.k8s.io/v1beta1',
    kinds: ['SelfSubjectReview'],
    deprecated: 30,
    removed: 33,
    replacement: 'authentication.k8s.io/v1',
  },
  {
    api: 'admissionregistration.k8s.io/v1beta1',
    kinds: POLICIES,
    deprecated: 31,
    removed: 34,
    replacement: 'admissionregistration.k8s.io/v1',
  },
  {
    api: 'networking.k8s.io/v1beta1',
    kinds: ['IPAddress', 'ServiceCIDR'],
    deprecated: 34,
    removed: 37,
    replacement: 'networking.k8s.io/v1',
  },
  { api: 'storage.k8s.io/v1beta1', kinds: ['VolumeAttributesClass'], deprecated: 34, removed: 37, replacement: 'storage.k8s.io/v1' },
];

/**
 * Every version that the API groups of Kubernetes have served up to 1.36, from knowledge of the releases. Of a group
 * that is not here nothing is said: it belongs to somebody else.
 */
export const GROUP_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  '': ['v1'],
  'admissionregistration.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'apiextensions.k8s.io': ['v1', 'v1beta1'],
  'apiregistration.k8s.io': ['v1', 'v1beta1'],
  apps: ['v1', 'v1beta2', 'v1beta1'],
  'auditregistration.k8s.io': ['v1alpha1'],
  'authentication.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'authorization.k8s.io': ['v1', 'v1beta1'],
  autoscaling: ['v2', 'v1', 'v2beta2', 'v2beta1', 'v2alpha1'],
  batch: ['v1', 'v1beta1', 'v2alpha1'],
  'certificates.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'coordination.k8s.io': ['v1', 'v1beta1', 'v1alpha1', 'v1alpha2'],
  'discovery.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'events.k8s.io': ['v1', 'v1beta1'],
  extensions: ['v1beta1'],
  'flowcontrol.apiserver.k8s.io': ['v1', 'v1beta3', 'v1beta2', 'v1beta1', 'v1alpha1'],
  'internal.apiserver.k8s.io': ['v1alpha1'],
  'networking.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'node.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  policy: ['v1', 'v1beta1', 'v1alpha1'],
  'rbac.authorization.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'resource.k8s.io': ['v1', 'v1beta2', 'v1beta1', 'v1alpha3', 'v1alpha2', 'v1alpha1'],
  'scheduling.k8s.io': ['v1', 'v1beta1', 'v1alpha1', 'v1alpha2'],
  'settings.k8s.io': ['v1alpha1'],
  'storage.k8s.io': ['v1', 'v1beta1', 'v1alpha1'],
  'storagemigration.k8s.io': ['v1beta1', 'v1alpha1'],
};
