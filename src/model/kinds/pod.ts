/** core/v1 PodSpec and what it is made of (k8s.io/api core/v1 types.go), as far as a judgement can depend on it. */
import { type Infer, list, mapOf, object } from '../schema.ts';
import { labelSelector, objectMeta } from './meta.ts';

const seLinuxOptions = object({ type: 'string', user: 'string', role: 'string', level: 'string' });
const profile = object({ type: 'string', localhostProfile: 'string' });
const windowsOptions = object({
  hostProcess: 'boolean',
  runAsUserName: 'string',
  gmsaCredentialSpec: 'string',
  gmsaCredentialSpecName: 'string',
});
const httpHeaders = list(object({ name: 'string', value: 'string' }));

const handler = {
  exec: object({ command: list('string') }),
  httpGet: object({ host: 'string', path: 'string', port: 'intOrString', scheme: 'string', httpHeaders }),
  tcpSocket: object({ host: 'string', port: 'intOrString' }),
  grpc: object({ port: 'integer', service: 'string' }),
  sleep: object({ seconds: 'integer' }),
} as const;

const probe = object({
  ...handler,
  initialDelaySeconds: 'integer',
  periodSeconds: 'integer',
  timeoutSeconds: 'integer',
  successThreshold: 'integer',
  failureThreshold: 'integer',
  terminationGracePeriodSeconds: 'integer',
});

const lifecycle = object({ postStart: object(handler), preStop: object(handler), stopSignal: 'string' });

const keyRef = object({ name: 'string', key: 'string', optional: 'boolean' });
const nameRef = object({ name: 'string', optional: 'boolean' });
const fieldRef = object({ apiVersion: 'string', fieldPath: 'string' });
const resourceFieldRef = object({ containerName: 'string', resource: 'string', divisor: 'quantity' });

const securityContext = object({
  privileged: 'boolean',
  allowPrivilegeEscalation: 'boolean',
  readOnlyRootFilesystem: 'boolean',
  runAsNonRoot: 'boolean',
  runAsUser: 'integer',
  runAsGroup: 'integer',
  procMount: 'string',
  capabilities: object({ add: list('string'), drop: list('string') }),
  seLinuxOptions,
  seccompProfile: profile,
  appArmorProfile: profile,
  windowsOptions,
});

const container = object({
  name: 'string',
  image: 'string',
  imagePullPolicy: 'string',
  command: list('string'),
  args: list('string'),
  workingDir: 'string',
  restartPolicy: 'string',
  stdin: 'boolean',
  stdinOnce: 'boolean',
  tty: 'boolean',
  targetContainerName: 'string',
  ports: list(object({ name: 'string', containerPort: 'integer', hostPort: 'integer', hostIP: 'string', protocol: 'string' })),
  env: list(
    object({
      name: 'string',
      value: 'string',
      valueFrom: object({ secretKeyRef: keyRef, configMapKeyRef: keyRef, fieldRef, resourceFieldRef }),
    }),
  ),
  envFrom: list(object({ prefix: 'string', secretRef: nameRef, configMapRef: nameRef })),
  resources: object({
    limits: mapOf('quantity'),
    requests: mapOf('quantity'),
    claims: list(object({ name: 'string', request: 'string' })),
  }),
  volumeMounts: list(
    object({
      name: 'string',
      mountPath: 'string',
      subPath: 'string',
      subPathExpr: 'string',
      readOnly: 'boolean',
      recursiveReadOnly: 'string',
      mountPropagation: 'string',
    }),
  ),
  volumeDevices: list(object({ name: 'string', devicePath: 'string' })),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle,
  securityContext,
});

const keyToPath = list(object({ key: 'string', path: 'string', mode: 'integer' }));
const downwardItems = list(object({ path: 'string', fieldRef, resourceFieldRef, mode: 'integer' }));

/** core/v1 PersistentVolumeClaimSpec */
export const claimSpec = object({
  storageClassName: 'string',
  accessModes: list('string'),
  volumeMode: 'string',
  volumeName: 'string',
  resources: object({ requests: mapOf('quantity'), limits: mapOf('quantity') }),
});

/** Only the sources that a judgement looks into are typed; every other source keeps its name as a key. */
const volume = object({
  name: 'string',
  hostPath: object({ path: 'string', type: 'string' }),
  emptyDir: object({ medium: 'string', sizeLimit: 'quantity' }),
  secret: object({ secretName: 'string', items: keyToPath, defaultMode: 'integer', optional: 'boolean' }),
  configMap: object({ name: 'string', items: keyToPath, defaultMode: 'integer', optional: 'boolean' }),
  persistentVolumeClaim: object({ claimName: 'string', readOnly: 'boolean' }),
  downwardAPI: object({ items: downwardItems, defaultMode: 'integer' }),
  csi: object({ driver: 'string', readOnly: 'boolean', volumeAttributes: mapOf('string') }),
  ephemeral: object({ volumeClaimTemplate: object({ metadata: objectMeta, spec: claimSpec }) }),
  image: object({ reference: 'string', pullPolicy: 'string' }),
  projected: object({
    defaultMode: 'integer',
    sources: list(
      object({
        secret: object({ name: 'string', items: keyToPath, optional: 'boolean' }),
        configMap: object({ name: 'string', items: keyToPath, optional: 'boolean' }),
        downwardAPI: object({ items: downwardItems }),
        serviceAccountToken: object({ audience: 'string', expirationSeconds: 'integer', path: 'string' }),
        clusterTrustBundle: object({ name: 'string', signerName: 'string', path: 'string' }),
      }),
    ),
  }),
});

const nodeSelectorTerm = object({
  matchExpressions: list(object({ key: 'string', operator: 'string', values: list('string') })),
  matchFields: list(object({ key: 'string', operator: 'string', values: list('string') })),
});
const podAffinityTerm = object({
  labelSelector,
  topologyKey: 'string',
  namespaces: list('string'),
  namespaceSelector: labelSelector,
});
const podAffinity = object({
  requiredDuringSchedulingIgnoredDuringExecution: list(podAffinityTerm),
  preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight: 'integer', podAffinityTerm })),
});

export const podSpec = object({
  containers: list(container),
  initContainers: list(container),
  ephemeralContainers: list(container),
  volumes: list(volume),
  hostNetwork: 'boolean',
  hostPID: 'boolean',
  hostIPC: 'boolean',
  hostUsers: 'boolean',
  shareProcessNamespace: 'boolean',
  serviceAccountName: 'string',
  serviceAccount: 'string',
  automountServiceAccountToken: 'boolean',
  imagePullSecrets: list(object({ name: 'string' })),
  restartPolicy: 'string',
  nodeName: 'string',
  nodeSelector: mapOf('string'),
  runtimeClassName: 'string',
  priorityClassName: 'string',
  schedulerName: 'string',
  hostname: 'string',
  subdomain: 'string',
  dnsPolicy: 'string',
  dnsConfig: object({
    nameservers: list('string'),
    searches: list('string'),
    options: list(object({ name: 'string', value: 'string' })),
  }),
  os: object({ name: 'string' }),
  terminationGracePeriodSeconds: 'integer',
  activeDeadlineSeconds: 'integer',
  // The budget of the pod as a whole, which its containers share (KEP-2837).
  resources: object({ limits: mapOf('quantity'), requests: mapOf('quantity') }),
  hostAliases: list(object({ ip: 'string', hostnames: list('string') })),
  tolerations: list(object({ key: 'string', operator: 'string', value: 'string', effect: 'string', tolerationSeconds: 'integer' })),
  affinity: object({
    nodeAffinity: object({
      requiredDuringSchedulingIgnoredDuringExecution: object({ nodeSelectorTerms: list(nodeSelectorTerm) }),
      preferredDuringSchedulingIgnoredDuringExecution: list(object({ weight: 'integer', preference: nodeSelectorTerm })),
    }),
    podAffinity,
    podAntiAffinity: podAffinity,
  }),
  topologySpreadConstraints: list(
    object({
      maxSkew: 'integer',
      minDomains: 'integer',
      topologyKey: 'string',
      whenUnsatisfiable: 'string',
      labelSelector,
      matchLabelKeys: list('string'),
    }),
  ),
  securityContext: object({
    runAsNonRoot: 'boolean',
    runAsUser: 'integer',
    runAsGroup: 'integer',
    supplementalGroups: list('integer'),
    supplementalGroupsPolicy: 'string',
    fsGroup: 'integer',
    fsGroupChangePolicy: 'string',
    sysctls: list(object({ name: 'string', value: 'string' })),
    seLinuxOptions,
    seccompProfile: profile,
    appArmorProfile: profile,
    windowsOptions,
  }),
});

export const podTemplate = object({ metadata: objectMeta, spec: podSpec });

export type PodSpec = Infer<typeof podSpec>;
export type ContainerSpec = Infer<typeof container>;
export type VolumeSpec = Infer<typeof volume>;
export type ProbeSpec = Infer<typeof probe>;
export type LabelSelector = Infer<typeof labelSelector>;
export type ObjectMeta = Infer<typeof objectMeta>;
