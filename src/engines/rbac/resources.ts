/**
 * The resources that Kubernetes serves, as the discovery of its API servers 1.31 and 1.36 with every version on lists
 * them, and those that only the authorizer hears of: subresources of the kubelet and of the controllers.
 */

export interface ResourceFacts {
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** The abbreviations of kubectl. */
  readonly short?: readonly string[];
  /** With the verbs of each. */
  readonly subresources?: Readonly<Record<string, readonly string[]>>;
}

const ALL = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;
const STATUS = ['get', 'update', 'patch'] as const;

/** By API group, '' being the core group, and the name of the resource. */
export const RESOURCES: Readonly<Record<string, Readonly<Record<string, ResourceFacts>>>> = {
  '': {
    bindings: { kind: 'Binding', namespaced: true, verbs: ['create'] },
    componentstatuses: { kind: 'ComponentStatus', namespaced: false, verbs: ['get', 'list'], short: ['cs'] },
    configmaps: { kind: 'ConfigMap', namespaced: true, verbs: ALL, short: ['cm'] },
    endpoints: { kind: 'Endpoints', namespaced: true, verbs: ALL, short: ['ep'] },
    events: { kind: 'Event', namespaced: true, verbs: ALL, short: ['ev'] },
    limitranges: { kind: 'LimitRange', namespaced: true, verbs: ALL, short: ['limits'] },
    namespaces: {
      kind: 'Namespace',
      namespaced: false,
      verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      short: ['ns'],
      subresources: { finalize: ['update'], status: STATUS },
    },
    nodes: {
      kind: 'Node',
      namespaced: false,
      verbs: ALL,
      short: ['no'],
      subresources: {
        checkpoint: ['create'],
        configz: ['get'],
        healthz: ['get'],
        log: ['get'],
        metrics: ['get'],
        pods: ['get'],
        proxy: ['get', 'create', 'update', 'patch', 'delete'],
        spec: ['get'],
        stats: ['get'],
        status: STATUS,
      },
    },
    persistentvolumeclaims: {
      kind: 'PersistentVolumeClaim',
      namespaced: true,
      verbs: ALL,
      short: ['pvc'],
      subresources: { status: STATUS },
    },
    persistentvolumes: { kind: 'PersistentVolume', namespaced: false, verbs: ALL, short: ['pv'], subresources: { status: STATUS } },
    pods: {
      kind: 'Pod',
      namespaced: true,
      verbs: ALL,
      short: ['po'],
      subresources: {
        attach: ['get', 'create'],
        binding: ['create'],
        ephemeralcontainers: STATUS,
        eviction: ['create'],
        exec: ['get', 'create'],
        log: ['get'],
        portforward: ['get', 'create'],
        proxy: ['get', 'create', 'update', 'patch', 'delete'],
        resize: STATUS,
        status: STATUS,
      },
    },
    podtemplates: { kind: 'PodTemplate', namespaced: true, verbs: ALL },
    replicationcontrollers: {
      kind: 'ReplicationController',
      namespaced: true,
      verbs: ALL,
      short: ['rc'],
      subresources: { scale: STATUS, status: STATUS },
    },
    resourcequotas: { kind: 'ResourceQuota', namespaced: true, verbs: ALL, short: ['quota'], subresources: { status: STATUS } },
    secrets: { kind: 'Secret', namespaced: true, verbs: ALL },
    serviceaccounts: { kind: 'ServiceAccount', namespaced: true, verbs: ALL, short: ['sa'], subresources: { token: ['create'] } },
    services: {
      kind: 'Service',
      namespaced: true,
      verbs: ALL,
      short: ['svc'],
      subresources: { proxy: ['get', 'create', 'update', 'patch', 'delete'], status: STATUS },
    },
  },
  'admissionregistration.k8s.io': {
    mutatingadmissionpolicies: { kind: 'MutatingAdmissionPolicy', namespaced: false, verbs: ALL },
    mutatingadmissionpolicybindings: { kind: 'MutatingAdmissionPolicyBinding', namespaced: false, verbs: ALL },
    mutatingwebhookconfigurations: { kind: 'MutatingWebhookConfiguration', namespaced: false, verbs: ALL },
    validatingadmissionpolicies: { kind: 'ValidatingAdmissionPolicy', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
    validatingadmissionpolicybindings: { kind: 'ValidatingAdmissionPolicyBinding', namespaced: false, verbs: ALL },
    validatingwebhookconfigurations: { kind: 'ValidatingWebhookConfiguration', namespaced: false, verbs: ALL },
  },
  'apiextensions.k8s.io': {
    customresourcedefinitions: {
      kind: 'CustomResourceDefinition',
      namespaced: false,
      verbs: ALL,
      short: ['crd', 'crds'],
      subresources: { status: STATUS },
    },
  },
  'apiregistration.k8s.io': {
    apiservices: { kind: 'APIService', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
  },
  apps: {
    controllerrevisions: { kind: 'ControllerRevision', namespaced: true, verbs: ALL },
    daemonsets: { kind: 'DaemonSet', namespaced: true, verbs: ALL, short: ['ds'], subresources: { status: STATUS } },
    deployments: { kind: 'Deployment', namespaced: true, verbs: ALL, short: ['deploy'], subresources: { scale: STATUS, status: STATUS } },
    replicasets: { kind: 'ReplicaSet', namespaced: true, verbs: ALL, short: ['rs'], subresources: { scale: STATUS, status: STATUS } },
    statefulsets: { kind: 'StatefulSet', namespaced: true, verbs: ALL, short: ['sts'], subresources: { scale: STATUS, status: STATUS } },
  },
  'authentication.k8s.io': {
    selfsubjectreviews: { kind: 'SelfSubjectReview', namespaced: false, verbs: ['create'] },
    tokenreviews: { kind: 'TokenReview', namespaced: false, verbs: ['create'] },
  },
  'authorization.k8s.io': {
    localsubjectaccessreviews: { kind: 'LocalSubjectAccessReview', namespaced: true, verbs: ['create'] },
    selfsubjectaccessreviews: { kind: 'SelfSubjectAccessReview', namespaced: false, verbs: ['create'] },
    selfsubjectrulesreviews: { kind: 'SelfSubjectRulesReview', namespaced: false, verbs: ['create'] },
    subjectaccessreviews: { kind: 'SubjectAccessReview', namespaced: false, verbs: ['create'] },
  },
  autoscaling: {
    horizontalpodautoscalers: {
      kind: 'HorizontalPodAutoscaler',
      namespaced: true,
      verbs: ALL,
      short: ['hpa'],
      subresources: { status: STATUS },
    },
  },
  batch: {
    cronjobs: { kind: 'CronJob', namespaced: true, verbs: ALL, short: ['cj'], subresources: { status: STATUS } },
    jobs: { kind: 'Job', namespaced: true, verbs: ALL, subresources: { status: STATUS } },
  },
  'certificates.k8s.io': {
    certificatesigningrequests: {
      kind: 'CertificateSigningRequest',
      namespaced: false,
      verbs: ALL,
      short: ['csr'],
      subresources: { approval: STATUS, nodeclient: ['create'], selfnodeclient: ['create'], status: STATUS },
    },
    clustertrustbundles: { kind: 'ClusterTrustBundle', namespaced: false, verbs: ALL },
    podcertificaterequests: { kind: 'PodCertificateRequest', namespaced: true, verbs: ALL, subresources: { status: STATUS } },
  },
  'coordination.k8s.io': {
    leasecandidates: { kind: 'LeaseCandidate', namespaced: true, verbs: ALL },
    leases: { kind: 'Lease', namespaced: true, verbs: ALL },
  },
  'discovery.k8s.io': {
    endpointslices: { kind: 'EndpointSlice', namespaced: true, verbs: ALL },
  },
  'events.k8s.io': {
    events: { kind: 'Event', namespaced: true, verbs: ALL, short: ['ev'] },
  },
  extensions: {
    ingresses: { kind: 'Ingress', namespaced: true, verbs: ALL, short: ['ing'], subresources: { status: STATUS } },
  },
  'flowcontrol.apiserver.k8s.io': {
    flowschemas: { kind: 'FlowSchema', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
    prioritylevelconfigurations: { kind: 'PriorityLevelConfiguration', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
  },
  'internal.apiserver.k8s.io': {
    storageversions: { kind: 'StorageVersion', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
  },
  'metrics.k8s.io': {
    nodes: { kind: 'NodeMetrics', namespaced: false, verbs: ['get', 'list'] },
    pods: { kind: 'PodMetrics', namespaced: true, verbs: ['get', 'list'] },
  },
  'networking.k8s.io': {
    ingressclasses: { kind: 'IngressClass', namespaced: false, verbs: ALL },
    ingresses: { kind: 'Ingress', namespaced: true, verbs: ALL, short: ['ing'], subresources: { status: STATUS } },
    ipaddresses: { kind: 'IPAddress', namespaced: false, verbs: ALL, short: ['ip'] },
    networkpolicies: { kind: 'NetworkPolicy', namespaced: true, verbs: ALL, short: ['netpol'] },
    servicecidrs: { kind: 'ServiceCIDR', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
  },
  'node.k8s.io': {
    runtimeclasses: { kind: 'RuntimeClass', namespaced: false, verbs: ALL },
  },
  policy: {
    poddisruptionbudgets: { kind: 'PodDisruptionBudget', namespaced: true, verbs: ALL, short: ['pdb'], subresources: { status: STATUS } },
    podsecuritypolicies: { kind: 'PodSecurityPolicy', namespaced: false, verbs: ALL, short: ['psp'] },
  },
  'rbac.authorization.k8s.io': {
    clusterrolebindings: { kind: 'ClusterRoleBinding', namespaced: false, verbs: ALL },
    clusterroles: { kind: 'ClusterRole', namespaced: false, verbs: ALL },
    rolebindings: { kind: 'RoleBinding', namespaced: true, verbs: ALL },
    roles: { kind: 'Role', namespaced: true, verbs: ALL },
  },
  'resource.k8s.io': {
    deviceclasses: { kind: 'DeviceClass', namespaced: false, verbs: ALL },
    devicetaintrules: { kind: 'DeviceTaintRule', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
    podschedulingcontexts: { kind: 'PodSchedulingContext', namespaced: true, verbs: ALL, subresources: { status: STATUS } },
    resourceclaims: {
      kind: 'ResourceClaim',
      namespaced: true,
      verbs: ALL,
      subresources: { binding: ['update', 'patch'], driver: [], status: STATUS },
    },
    resourceclaimtemplates: { kind: 'ResourceClaimTemplate', namespaced: true, verbs: ALL },
    resourcepoolstatusrequests: { kind: 'ResourcePoolStatusRequest', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
    resourceslices: { kind: 'ResourceSlice', namespaced: false, verbs: ALL },
  },
  'scheduling.k8s.io': {
    priorityclasses: { kind: 'PriorityClass', namespaced: false, verbs: ALL, short: ['pc'] },
    workloads: { kind: 'Workload', namespaced: true, verbs: ALL, short: ['wl'] },
  },
  'storage.k8s.io': {
    csidrivers: { kind: 'CSIDriver', namespaced: false, verbs: ALL },
    csinodes: { kind: 'CSINode', namespaced: false, verbs: ALL },
    csistoragecapacities: { kind: 'CSIStorageCapacity', namespaced: true, verbs: ALL },
    storageclasses: { kind: 'StorageClass', namespaced: false, verbs: ALL, short: ['sc'] },
    volumeattachments: { kind: 'VolumeAttachment', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
    volumeattributesclasses: { kind: 'VolumeAttributesClass', namespaced: false, verbs: ALL, short: ['vac'] },
  },
  'storagemigration.k8s.io': {
    storageversionmigrations: { kind: 'StorageVersionMigration', namespaced: false, verbs: ALL, subresources: { status: STATUS } },
  },
};

interface Virtual {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly namespaced: boolean;
}

/**
 * What nobody can read or write, but the server asks the authorizer about: identities to act as, signers to act for,
 * roles to hand out.
 */
export const VIRTUAL: readonly Virtual[] = [
  { group: '', resource: 'users', verbs: ['impersonate'], namespaced: false },
  { group: '', resource: 'groups', verbs: ['impersonate'], namespaced: false },
  { group: '', resource: 'serviceaccounts', verbs: ['impersonate'], namespaced: true },
  { group: 'authentication.k8s.io', resource: 'uids', verbs: ['impersonate', 'impersonate:user-info'], namespaced: false },
  { group: 'authentication.k8s.io', resource: 'userextras', verbs: ['impersonate', 'impersonate:user-info'], namespaced: false },
  { group: 'authentication.k8s.io', resource: 'users', verbs: ['impersonate:user-info'], namespaced: false },
  { group: 'authentication.k8s.io', resource: 'groups', verbs: ['impersonate:user-info'], namespaced: false },
  { group: 'authentication.k8s.io', resource: 'serviceaccounts', verbs: ['impersonate:serviceaccount'], namespaced: true },
  {
    group: 'authentication.k8s.io',
    resource: 'nodes',
    verbs: ['impersonate:arbitrary-node', 'impersonate:associated-node'],
    namespaced: false,
  },
  { group: 'certificates.k8s.io', resource: 'signers', verbs: ['approve', 'sign', 'attest'], namespaced: false },
  { group: 'rbac.authorization.k8s.io', resource: 'roles', verbs: ['bind', 'escalate'], namespaced: true },
  { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verbs: ['bind', 'escalate'], namespaced: true },
  { group: 'policy', resource: 'podsecuritypolicies', verbs: ['use'], namespaced: true },
  { group: 'extensions', resource: 'podsecuritypolicies', verbs: ['use'], namespaced: true },
];
