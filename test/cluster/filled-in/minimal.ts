/** Objects with nothing in them that the API does not ask for, but all the parts in which it fills something in. */
import type { Fields } from './served.ts';

const METADATA = { name: 'minimal', namespace: 'default' };
const LABELS = { app: 'minimal' };
const SELECTOR = { matchLabels: LABELS };
const PROBE = { httpGet: { port: 80 } };

const POD = {
  containers: [
    {
      name: 'app',
      image: 'example.test/app:1',
      ports: [{ containerPort: 80 }],
      livenessProbe: PROBE,
      readinessProbe: { tcpSocket: { port: 80 } },
      startupProbe: { grpc: { port: 80 } },
      lifecycle: { preStop: PROBE },
      resources: { limits: { cpu: '1', memory: '1Gi' } },
      env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      securityContext: {},
    },
  ],
  initContainers: [{ name: 'init', image: 'example.test/app' }],
  volumes: [
    { name: 'plain' },
    { name: 'host', hostPath: { path: '/a' } },
    { name: 'secret', secret: { secretName: 'a' } },
    { name: 'map', configMap: { name: 'a' } },
    { name: 'down', downwardAPI: { items: [{ path: 'a', fieldRef: { fieldPath: 'metadata.name' } }] } },
    { name: 'all', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
    {
      name: 'claim',
      ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } },
    },
  ],
  securityContext: {},
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'a', whenUnsatisfiable: 'ScheduleAnyway' }],
  tolerations: [{ key: 'a' }],
};
const TEMPLATE = { metadata: { labels: LABELS }, spec: { containers: [{ name: 'app', image: 'example.test/app:1' }] } };
const JOB = { template: { spec: { ...TEMPLATE.spec, restartPolicy: 'Never' } } };
const CLAIM = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const WEBHOOK = {
  name: 'a.example.test',
  clientConfig: { service: { namespace: 'default', name: 'a' } },
  rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};
const RBAC = 'rbac.authorization.k8s.io';
const SUBJECTS = [
  { kind: 'User', name: 'a' },
  { kind: 'Group', name: 'b' },
  { kind: 'ServiceAccount', name: 'c', namespace: 'default' },
];

export const MINIMAL: readonly Fields[] = [
  object('v1 Pod', { spec: POD }),
  object('apps/v1 Deployment', { spec: { selector: SELECTOR, template: TEMPLATE } }),
  object('apps/v1 StatefulSet', {
    spec: { selector: SELECTOR, template: TEMPLATE, volumeClaimTemplates: [{ metadata: { name: 'a' }, spec: CLAIM }] },
  }),
  object('apps/v1 DaemonSet', { spec: { selector: SELECTOR, template: TEMPLATE } }),
  object('apps/v1 ReplicaSet', { spec: { selector: SELECTOR, template: TEMPLATE } }),
  object('v1 ReplicationController', { spec: { template: TEMPLATE } }),
  object('batch/v1 Job', { spec: JOB }),
  object('batch/v1 CronJob', { spec: { schedule: '0 0 * * *', jobTemplate: { spec: JOB } } }),
  object('v1 PodTemplate', { template: TEMPLATE }),
  object('v1 Service', { spec: { ports: [{ port: 80 }] } }),
  object('networking.k8s.io/v1 Ingress', { spec: { defaultBackend: { service: { name: 'a', port: { number: 80 } } } } }),
  object('networking.k8s.io/v1 NetworkPolicy', { spec: { ingress: [{ ports: [{ port: 80 }] }] } }),
  object('v1 Secret', {}),
  object('v1 ConfigMap', {}),
  object('v1 ServiceAccount', {}),
  object('v1 LimitRange', { spec: { limits: [{ type: 'Container', max: { cpu: '1' } }] } }),
  object('v1 ResourceQuota', { spec: { hard: { pods: '1' } } }),
  object('v1 PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' } } }),
  object('v1 PersistentVolumeClaim', { spec: CLAIM }),
  object('storage.k8s.io/v1 StorageClass', { provisioner: 'a.example.test' }),
  object('policy/v1 PodDisruptionBudget', { spec: {} }),
  object('autoscaling/v2 HorizontalPodAutoscaler', {
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } },
  }),
  object('scheduling.k8s.io/v1 PriorityClass', { value: 1 }),
  object(`${RBAC}/v1 Role`, { rules: [] }),
  object(`${RBAC}/v1 RoleBinding`, { roleRef: { kind: 'Role', name: 'a' }, subjects: SUBJECTS }),
  object(`${RBAC}/v1 ClusterRoleBinding`, { roleRef: { kind: 'ClusterRole', name: 'a' }, subjects: SUBJECTS }),
  object('admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration', { webhooks: [WEBHOOK] }),
  object('admissionregistration.k8s.io/v1 MutatingWebhookConfiguration', { webhooks: [WEBHOOK] }),
  object('apiregistration.k8s.io/v1 APIService', {
    spec: { group: 'a.test', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { namespace: 'default', name: 'a' } },
    metadata: { name: 'v1.a.test' },
  }),
  object('v1 Namespace', {}),
];

function object(type: string, more: Fields): Fields {
  const [apiVersion, kind] = type.split(' ');
  return { apiVersion, kind, metadata: METADATA, ...more };
}
