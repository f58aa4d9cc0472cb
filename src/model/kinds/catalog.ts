/**
 * The kinds that Castellan reads into: API groups that serve or served them, whether they live in a namespace,
 * their shape, and where a workload keeps its pod template. Every other kind is kept whole and untyped.
 */
import { mapIn } from '../../lib/groups.ts';
import { type Infer, type Shape, list, mapOf, object } from '../schema.ts';
import { labelSelector, objectMeta } from './meta.ts';
import { claimSpec, podSpec, podTemplate } from './pod.ts';

const template = podTemplate;
const replicas = 'integer';
const objectReference = { kind: 'string', namespace: 'string', name: 'string', apiVersion: 'string' } as const;

const policyRules = list(
  object({
    verbs: list('string'),
    apiGroups: list('string'),
    resources: list('string'),
    resourceNames: list('string'),
    nonResourceURLs: list('string'),
  }),
);
const subjects = list(object({ kind: 'string', apiGroup: 'string', name: 'string', namespace: 'string' }));
const roleRef = object({ apiGroup: 'string', kind: 'string', name: 'string' });
const aggregationRule = object({ clusterRoleSelectors: list(labelSelector) });

const networkPolicyPeers = list(
  object({
    podSelector: labelSelector,
    namespaceSelector: labelSelector,
    ipBlock: object({ cidr: 'string', except: list('string') }),
  }),
);
const networkPolicyPorts = list(object({ protocol: 'string', port: 'intOrString', endPort: 'integer' }));

const ciliumRule = object({
  endpointSelector: labelSelector,
  ingress: list('any'),
  ingressDeny: list('any'),
  egress: list('any'),
  egressDeny: list('any'),
  enableDefaultDeny: object({ ingress: 'boolean', egress: 'boolean' }),
});

const ingressBackend = object({
  service: object({ name: 'string', port: object({ name: 'string', number: 'integer' }) }),
  resource: object({ apiGroup: 'string', kind: 'string', name: 'string' }),
  // extensions/v1beta1 and networking.k8s.io/v1beta1
  serviceName: 'string',
  servicePort: 'intOrString',
});

const namedRules = list(
  object({
    resourceNames: list('string'),
    operations: list('string'),
    apiGroups: list('string'),
    apiVersions: list('string'),
    resources: list('string'),
    scope: 'string',
  }),
);
const policyMatch = object({
  namespaceSelector: labelSelector,
  objectSelector: labelSelector,
  resourceRules: namedRules,
  excludeResourceRules: namedRules,
  matchPolicy: 'string',
});
const expressions = list(object({ name: 'string', expression: 'string' }));
const admissionPolicy = object({
  failurePolicy: 'string',
  paramKind: object({ apiVersion: 'string', kind: 'string' }),
  matchConstraints: policyMatch,
  matchConditions: expressions,
  variables: expressions,
  validations: list(object({ expression: 'string' })),
  auditAnnotations: list(object({ key: 'string', valueExpression: 'string' })),
});
const admissionPolicyBinding = object({
  policyName: 'string',
  paramRef: object({ name: 'string', namespace: 'string', selector: labelSelector, parameterNotFoundAction: 'string' }),
  matchResources: policyMatch,
  validationActions: list('string'),
});

const webhooks = list(
  object({
    name: 'string',
    failurePolicy: 'string',
    sideEffects: 'string',
    timeoutSeconds: 'integer',
    namespaceSelector: labelSelector,
    objectSelector: labelSelector,
    matchConditions: list(object({ name: 'string', expression: 'string' })),
    clientConfig: object({
      url: 'string',
      caBundle: 'string',
      service: object({ namespace: 'string', name: 'string', path: 'string', port: 'integer' }),
    }),
    rules: list(
      object({
        operations: list('string'),
        apiGroups: list('string'),
        apiVersions: list('string'),
        resources: list('string'),
        scope: 'string',
      }),
    ),
  }),
);

const parentRefs = list(object({ ...objectReference, group: 'string', sectionName: 'string', port: 'integer' }));
const backendRefs = list(
  object({ group: 'string', kind: 'string', name: 'string', namespace: 'string', port: 'integer', weight: 'integer' }),
);
const route = object({ parentRefs, hostnames: list('string'), rules: list(object({ backendRefs })) });

const metric = object({
  type: 'string',
  resource: object({ name: 'string', target: object({ type: 'string', averageUtilization: 'integer' }) }),
});

export interface KindEntry {
  /** API groups that serve or served the kind; '' is the core group. */
  readonly groups: readonly string[];
  readonly namespaced: boolean;
  readonly shape: { readonly fields: Readonly<Record<string, Shape>> };
  /** Where a workload's pod template stands: the path of its PodSpec and of the template's metadata. */
  readonly pod?: { readonly spec: string; readonly metadata: string };
}

const POD_TEMPLATE = { spec: 'spec.podTemplate.spec', metadata: 'spec.podTemplate.metadata' } as const;
const TEMPLATE = { spec: 'spec.template.spec', metadata: 'spec.template.metadata' } as const;

export const KINDS = {
  Pod: {
    groups: [''],
    namespaced: true,
    pod: { spec: 'spec', metadata: 'metadata' },
    shape: object({ spec: podSpec, status: object({ phase: 'string' }) }),
  },
  PodTemplate: {
    groups: [''],
    namespaced: true,
    pod: { spec: 'template.spec', metadata: 'template.metadata' },
    shape: object({ template }),
  },
  Deployment: {
    groups: ['apps', 'extensions'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({
      spec: object({
        replicas,
        selector: labelSelector,
        template,
        strategy: object({ type: 'string', rollingUpdate: object({ maxSurge: 'intOrString', maxUnavailable: 'intOrString' }) }),
        minReadySeconds: 'integer',
        revisionHistoryLimit: 'integer',
        progressDeadlineSeconds: 'integer',
        paused: 'boolean',
      }),
    }),
  },
  StatefulSet: {
    groups: ['apps'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({
      spec: object({
        replicas,
        selector: labelSelector,
        template,
        serviceName: 'string',
        podManagementPolicy: 'string',
        updateStrategy: object({ type: 'string', rollingUpdate: object({ partition: 'integer' }) }),
        volumeClaimTemplates: list(object({ metadata: objectMeta, spec: claimSpec })),
      }),
    }),
  },
  DaemonSet: {
    groups: ['apps', 'extensions'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({
      spec: object({
        selector: labelSelector,
        template,
        updateStrategy: object({ type: 'string', rollingUpdate: object({ maxUnavailable: 'intOrString' }) }),
      }),
    }),
  },
  ReplicaSet: {
    groups: ['apps', 'extensions'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({ spec: object({ replicas, selector: labelSelector, template }) }),
  },
  ReplicationController: {
    groups: [''],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({ spec: object({ replicas, selector: mapOf('string'), template }) }),
  },
  Job: {
    groups: ['batch'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({
      spec: object({
        parallelism: 'integer',
        completions: 'integer',
        backoffLimit: 'integer',
        ttlSecondsAfterFinished: 'integer',
        activeDeadlineSeconds: 'integer',
        suspend: 'boolean',
        selector: labelSelector,
        template,
      }),
    }),
  },
  CronJob: {
    groups: ['batch'],
    namespaced: true,
    pod: { spec: 'spec.jobTemplate.spec.template.spec', metadata: 'spec.jobTemplate.spec.template.metadata' },
    shape: object({
      spec: object({
        schedule: 'string',
        timeZone: 'string',
        startingDeadlineSeconds: 'integer',
        concurrencyPolicy: 'string',
        suspend: 'boolean',
        successfulJobsHistoryLimit: 'integer',
        failedJobsHistoryLimit: 'integer',
        jobTemplate: object({
          metadata: objectMeta,
          spec: object({
            parallelism: 'integer',
            completions: 'integer',
            backoffLimit: 'integer',
            ttlSecondsAfterFinished: 'integer',
            activeDeadlineSeconds: 'integer',
            selector: labelSelector,
            template,
          }),
        }),
      }),
      status: object({ lastScheduleTime: 'string', lastSuccessfulTime: 'string' }),
    }),
  },
  DeploymentConfig: {
    groups: ['apps.openshift.io', ''],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({ spec: object({ replicas, selector: mapOf('string'), template, strategy: object({ type: 'string' }) }) }),
  },
  Rollout: {
    groups: ['argoproj.io'],
    namespaced: true,
    pod: TEMPLATE,
    shape: object({
      spec: object({ replicas, selector: labelSelector, template, workloadRef: object({ kind: 'string', name: 'string' }) }),
    }),
  },
  // Sandboxes for agents (sigs.k8s.io/agent-sandbox); the template brings the policy that its controller writes.
  Sandbox: {
    groups: ['agents.x-k8s.io'],
    namespaced: true,
    pod: POD_TEMPLATE,
    shape: object({ spec: object({ replicas, podTemplate: template }) }),
  },
  SandboxTemplate: {
    groups: ['extensions.agents.x-k8s.io'],
    namespaced: true,
    pod: POD_TEMPLATE,
    shape: object({
      spec: object({
        podTemplate: template,
        networkPolicyManagement: 'string',
        networkPolicy: object({
          ingress: list(object({ from: networkPolicyPeers, ports: networkPolicyPorts })),
          egress: list(object({ to: networkPolicyPeers, ports: networkPolicyPorts })),
        }),
      }),
    }),
  },

  Namespace: { groups: [''], namespaced: false, shape: object({ spec: 'any', status: 'any' }) },
  Node: {
    groups: [''],
    namespaced: false,
    shape: object({
      spec: object({
        providerID: 'string',
        unschedulable: 'boolean',
        taints: list(object({ key: 'string', value: 'string', effect: 'string' })),
      }),
      status: object({
        addresses: list(object({ type: 'string', address: 'string' })),
        daemonEndpoints: object({ kubeletEndpoint: object({ Port: 'integer' }) }),
        nodeInfo: object({
          kubeletVersion: 'string',
          containerRuntimeVersion: 'string',
          kernelVersion: 'string',
          osImage: 'string',
          operatingSystem: 'string',
        }),
      }),
    }),
  },
  ServiceAccount: {
    groups: [''],
    namespaced: true,
    shape: object({
      automountServiceAccountToken: 'boolean',
      secrets: list(object({ name: 'string' })),
      imagePullSecrets: list(object({ name: 'string' })),
    }),
  },
  Secret: {
    groups: [''],
    namespaced: true,
    shape: object({ type: 'string', immutable: 'boolean', data: mapOf('any'), stringData: mapOf('any') }),
  },
  ConfigMap: { groups: [''], namespaced: true, shape: object({ immutable: 'boolean', data: mapOf('string'), binaryData: mapOf('any') }) },
  LimitRange: {
    groups: [''],
    namespaced: true,
    shape: object({
      spec: object({
        limits: list(
          object({
            type: 'string',
            default: mapOf('quantity'),
            defaultRequest: mapOf('quantity'),
            max: mapOf('quantity'),
            min: mapOf('quantity'),
            maxLimitRequestRatio: mapOf('quantity'),
          }),
        ),
      }),
    }),
  },
  ResourceQuota: {
    groups: [''],
    namespaced: true,
    shape: object({ spec: object({ hard: mapOf('quantity'), scopes: list('string'), scopeSelector: 'any' }) }),
  },
  PersistentVolume: {
    groups: [''],
    namespaced: false,
    shape: object({
      spec: object({
        storageClassName: 'string',
        accessModes: list('string'),
        capacity: mapOf('quantity'),
        hostPath: object({ path: 'string', type: 'string' }),
        local: object({ path: 'string' }),
        claimRef: object({ namespace: 'string', name: 'string' }),
        csi: object({ driver: 'string', volumeAttributes: mapOf('string') }),
        persistentVolumeReclaimPolicy: 'string',
      }),
    }),
  },
  PersistentVolumeClaim: {
    groups: [''],
    namespaced: true,
    shape: object({ spec: claimSpec }),
  },
  StorageClass: {
    groups: ['storage.k8s.io'],
    namespaced: false,
    shape: object({ provisioner: 'string', parameters: mapOf('string'), reclaimPolicy: 'string', allowVolumeExpansion: 'boolean' }),
  },
  Service: {
    groups: [''],
    namespaced: true,
    shape: object({
      spec: object({
        type: 'string',
        selector: mapOf('string'),
        clusterIP: 'string',
        externalIPs: list('string'),
        externalName: 'string',
        externalTrafficPolicy: 'string',
        loadBalancerIP: 'string',
        loadBalancerClass: 'string',
        loadBalancerSourceRanges: list('string'),
        publishNotReadyAddresses: 'boolean',
        ports: list(
          object({
            name: 'string',
            port: 'integer',
            targetPort: 'intOrString',
            nodePort: 'integer',
            protocol: 'string',
            appProtocol: 'string',
          }),
        ),
      }),
    }),
  },
  Endpoints: { groups: [''], namespaced: true, shape: object({ subsets: 'any' }) },
  Ingress: {
    groups: ['networking.k8s.io', 'extensions'],
    namespaced: true,
    shape: object({
      spec: object({
        ingressClassName: 'string',
        defaultBackend: ingressBackend,
        backend: ingressBackend,
        tls: list(object({ hosts: list('string'), secretName: 'string' })),
        rules: list(
          object({
            host: 'string',
            http: object({ paths: list(object({ path: 'string', pathType: 'string', backend: ingressBackend })) }),
          }),
        ),
      }),
    }),
  },
  NetworkPolicy: {
    groups: ['networking.k8s.io', 'extensions'],
    namespaced: true,
    shape: object({
      spec: object({
        podSelector: labelSelector,
        policyTypes: list('string'),
        ingress: list(object({ from: networkPolicyPeers, ports: networkPolicyPorts })),
        egress: list(object({ to: networkPolicyPeers, ports: networkPolicyPorts })),
      }),
    }),
  },
  CiliumNetworkPolicy: { groups: ['cilium.io'], namespaced: true, shape: object({ spec: ciliumRule, specs: list(ciliumRule) }) },
  CiliumClusterwideNetworkPolicy: {
    groups: ['cilium.io'],
    namespaced: false,
    shape: object({ spec: ciliumRule, specs: list(ciliumRule) }),
  },
  // Read by the network engine, which checks every field itself.
  AdminNetworkPolicy: { groups: ['policy.networking.k8s.io'], namespaced: false, shape: object({ spec: 'any' }) },
  BaselineAdminNetworkPolicy: { groups: ['policy.networking.k8s.io'], namespaced: false, shape: object({ spec: 'any' }) },
  ClusterNetworkPolicy: { groups: ['policy.networking.k8s.io'], namespaced: false, shape: object({ spec: 'any' }) },
  Route: { groups: ['route.openshift.io'], namespaced: true, shape: object({ spec: 'any' }) },
  GatewayClass: { groups: ['gateway.networking.k8s.io'], namespaced: false, shape: object({ spec: 'any' }) },
  ReferenceGrant: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: 'any' }) },
  Gateway: {
    groups: ['gateway.networking.k8s.io', 'networking.istio.io'],
    namespaced: true,
    shape: object({
      spec: object({
        gatewayClassName: 'string',
        listeners: list(
          object({ name: 'string', hostname: 'string', port: 'integer', protocol: 'string', tls: 'any', allowedRoutes: 'any' }),
        ),
        selector: mapOf('string'),
        servers: list(
          object({ hosts: list('string'), port: object({ name: 'string', number: 'integer', protocol: 'string' }), tls: 'any' }),
        ),
      }),
    }),
  },
  HTTPRoute: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: route }) },
  GRPCRoute: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: route }) },
  TLSRoute: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: route }) },
  TCPRoute: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: route }) },
  UDPRoute: { groups: ['gateway.networking.k8s.io'], namespaced: true, shape: object({ spec: route }) },
  VirtualService: {
    groups: ['networking.istio.io'],
    namespaced: true,
    shape: object({
      spec: object({
        hosts: list('string'),
        gateways: list('string'),
        http: list(object({ route: list(object({ destination: object({ host: 'string', port: object({ number: 'integer' }) }) })) })),
      }),
    }),
  },
  ServiceMonitor: {
    groups: ['monitoring.coreos.com'],
    namespaced: true,
    shape: object({
      spec: object({
        selector: labelSelector,
        namespaceSelector: object({ any: 'boolean', matchNames: list('string') }),
        endpoints: 'any',
      }),
    }),
  },
  Role: { groups: ['rbac.authorization.k8s.io'], namespaced: true, shape: object({ rules: policyRules }) },
  ClusterRole: { groups: ['rbac.authorization.k8s.io'], namespaced: false, shape: object({ rules: policyRules, aggregationRule }) },
  RoleBinding: { groups: ['rbac.authorization.k8s.io'], namespaced: true, shape: object({ subjects, roleRef }) },
  ClusterRoleBinding: { groups: ['rbac.authorization.k8s.io'], namespaced: false, shape: object({ subjects, roleRef }) },
  PodDisruptionBudget: {
    groups: ['policy'],
    namespaced: true,
    shape: object({
      spec: object({
        selector: labelSelector,
        minAvailable: 'intOrString',
        maxUnavailable: 'intOrString',
        unhealthyPodEvictionPolicy: 'string',
      }),
    }),
  },
  HorizontalPodAutoscaler: {
    groups: ['autoscaling'],
    namespaced: true,
    shape: object({
      spec: object({
        minReplicas: 'integer',
        maxReplicas: 'integer',
        scaleTargetRef: object({ apiVersion: 'string', kind: 'string', name: 'string' }),
        metrics: list(metric),
        targetCPUUtilizationPercentage: 'integer',
      }),
    }),
  },
  ScaledObject: {
    groups: ['keda.sh'],
    namespaced: true,
    shape: object({
      spec: object({
        scaleTargetRef: object({ apiVersion: 'string', kind: 'string', name: 'string' }),
        minReplicaCount: 'integer',
        maxReplicaCount: 'integer',
      }),
    }),
  },
  PriorityClass: {
    groups: ['scheduling.k8s.io'],
    namespaced: false,
    shape: object({ value: 'integer', globalDefault: 'boolean', preemptionPolicy: 'string' }),
  },
  // Add-ons whose objects make a Secret.
  Certificate: { groups: ['cert-manager.io'], namespaced: true, shape: object({ spec: object({ secretName: 'string' }) }) },
  ExternalSecret: {
    groups: ['external-secrets.io', 'kubernetes-client.io'],
    namespaced: true,
    shape: object({ spec: object({ target: object({ name: 'string' }) }) }),
  },
  SealedSecret: {
    groups: ['bitnami.com'],
    namespaced: true,
    shape: object({ spec: object({ template: object({ metadata: objectMeta }) }) }),
  },
  SecretProviderClass: {
    groups: ['secrets-store.csi.x-k8s.io'],
    namespaced: true,
    shape: object({ spec: object({ secretObjects: list(object({ secretName: 'string' })) }) }),
  },
  ValidatingWebhookConfiguration: { groups: ['admissionregistration.k8s.io'], namespaced: false, shape: object({ webhooks }) },
  MutatingWebhookConfiguration: { groups: ['admissionregistration.k8s.io'], namespaced: false, shape: object({ webhooks }) },
  ValidatingAdmissionPolicy: {
    groups: ['admissionregistration.k8s.io'],
    namespaced: false,
    shape: object({ spec: admissionPolicy }),
  },
  ValidatingAdmissionPolicyBinding: {
    groups: ['admissionregistration.k8s.io'],
    namespaced: false,
    shape: object({ spec: admissionPolicyBinding }),
  },
  CustomResourceDefinition: {
    groups: ['apiextensions.k8s.io'],
    namespaced: false,
    shape: object({
      spec: object({
        group: 'string',
        scope: 'string',
        names: object({ kind: 'string', plural: 'string', singular: 'string' }),
        versions: list(object({ name: 'string', served: 'boolean', storage: 'boolean', deprecated: 'boolean' })),
      }),
    }),
  },
  APIService: {
    groups: ['apiregistration.k8s.io'],
    namespaced: false,
    shape: object({
      spec: object({
        insecureSkipTLSVerify: 'boolean',
        caBundle: 'string',
        group: 'string',
        version: 'string',
        service: object({ namespace: 'string', name: 'string' }),
      }),
    }),
  },
  // Policies that name image registries: constraints of the Gatekeeper library, and Kyverno's.
  K8sAllowedRepos: {
    groups: ['constraints.gatekeeper.sh'],
    namespaced: false,
    shape: object({ spec: object({ parameters: object({ repos: list('string') }) }) }),
  },
  K8sAllowedReposv2: {
    groups: ['constraints.gatekeeper.sh'],
    namespaced: false,
    shape: object({ spec: object({ parameters: object({ allowedImages: list('string') }) }) }),
  },
  ClusterPolicy: {
    groups: ['kyverno.io'],
    namespaced: false,
    shape: object({
      spec: object({ rules: list(object({ name: 'string', validate: object({ pattern: 'any', anyPattern: list('any') }) })) }),
    }),
  },
  KubeletConfiguration: {
    groups: ['kubelet.config.k8s.io'],
    namespaced: false,
    shape: object({
      authentication: object({
        anonymous: object({ enabled: 'boolean' }),
        webhook: object({ enabled: 'boolean' }),
        x509: object({ clientCAFile: 'string' }),
      }),
      authorization: object({ mode: 'string' }),
      address: 'string',
      port: 'integer',
      readOnlyPort: 'integer',
      healthzBindAddress: 'string',
      enableSystemLogQuery: 'boolean',
      streamingConnectionIdleTimeout: 'string',
      makeIPTablesUtilChains: 'boolean',
      eventRecordQPS: 'integer',
      tlsCertFile: 'string',
      tlsPrivateKeyFile: 'string',
      tlsMinVersion: 'string',
      tlsCipherSuites: list('string'),
      serverTLSBootstrap: 'boolean',
      rotateCertificates: 'boolean',
      featureGates: mapOf('boolean'),
      podPidsLimit: 'integer',
      seccompDefault: 'boolean',
    }),
  },
  KubeProxyConfiguration: {
    groups: ['kubeproxy.config.k8s.io'],
    namespaced: false,
    shape: object({ metricsBindAddress: 'string', healthzBindAddress: 'string' }),
  },
  // Files that the API server reads, where they are in the input.
  AdmissionConfiguration: {
    groups: ['apiserver.config.k8s.io', 'apiserver.k8s.io'],
    namespaced: false,
    shape: object({ plugins: list(object({ name: 'string', path: 'string', configuration: 'any' })) }),
  },
  AuthenticationConfiguration: {
    groups: ['apiserver.config.k8s.io'],
    namespaced: false,
    shape: object({ anonymous: object({ enabled: 'boolean', conditions: list(object({ path: 'string' })) }), jwt: list('any') }),
  },
  AuthorizationConfiguration: {
    groups: ['apiserver.config.k8s.io'],
    namespaced: false,
    shape: object({ authorizers: list(object({ type: 'string', name: 'string' })) }),
  },
  EncryptionConfiguration: {
    groups: ['apiserver.config.k8s.io'],
    namespaced: false,
    shape: object({ resources: list(object({ resources: list('string'), providers: list(mapOf('any')) })) }),
  },
  Policy: {
    groups: ['audit.k8s.io'],
    namespaced: false,
    shape: object({
      rules: list(
        object({
          level: 'string',
          users: list('string'),
          userGroups: list('string'),
          verbs: list('string'),
          namespaces: list('string'),
          nonResourceURLs: list('string'),
          resources: list(object({ group: 'string', resources: list('string'), resourceNames: list('string') })),
        }),
      ),
    }),
  },
} as const satisfies Record<string, KindEntry>;

export type Kind = keyof typeof KINDS;
export type BodyOf<K extends Kind> = Infer<(typeof KINDS)[K]['shape']>;

/** Kinds of Kubernetes itself that have no namespace and are not in KINDS; a namespace on them means nothing. */
const CLUSTER_SCOPED = new Set([
  'RuntimeClass',
  'IngressClass',
  'GatewayClass',
  'CSIDriver',
  'CSINode',
  'VolumeAttachment',
  'CertificateSigningRequest',
  'FlowSchema',
  'PriorityLevelConfiguration',
  'PodSecurityPolicy',
  'SelfSubjectAccessReview',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'AdminNetworkPolicy',
  'BaselineAdminNetworkPolicy',
  'ClusterNetworkPolicy',
  'GlobalNetworkPolicy',
  'ClusterIssuer',
  'ClusterPolicy',
  'SecurityContextConstraints',
  'ComponentStatus',
  'ClusterTrustBundle',
  'ServiceCIDR',
  'IPAddress',
  'PodSecurityConfiguration',
  'ImageReview',
  'TokenReview',
  'SubjectAccessReview',
]);

/** The entry of a kind when the object's API group serves it: a Service of knative is not a Service. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  if (!Object.hasOwn(KINDS, kind)) return undefined;
  const group = groupOf(apiVersion);
  const groups: readonly string[] = KINDS[kind as Kind].groups;
  // With no apiVersion, or with the core group's on a kind that moved out of it, the object is invalid, yet what it
  // means is plain: nobody but Kubernetes names kinds in the core group.
  return groups.includes(group) || group === '' ? (kind as Kind) : undefined;
}

export function isNamespaced(apiVersion: string, kind: string): boolean {
  const known = kindOf(apiVersion, kind);
  return known === undefined ? !CLUSTER_SCOPED.has(kind) : KINDS[known].namespaced;
}

/** What is read of the kind of an object before all else. */
export interface KindRead {
  readonly known: Kind | undefined;
  readonly group: string;
  readonly namespaced: boolean;
}

const READ = new Map<string, Map<string, KindRead>>();

/** A cluster has many objects of few kinds: each kind is read once. */
export function readKind(apiVersion: string, kind: string): KindRead {
  const ofVersion = mapIn(READ, apiVersion);
  let read = ofVersion.get(kind);
  if (read === undefined) {
    read = { known: kindOf(apiVersion, kind), group: groupOf(apiVersion), namespaced: isNamespaced(apiVersion, kind) };
    ofVersion.set(kind, read);
  }
  return read;
}

/** `apps` of `apps/v1`; the core group is ''. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
