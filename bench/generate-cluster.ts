/**
 * What an API server would answer for a cluster of N Deployments, each with a ReplicaSet of yesterday, one of today and
 * three pods: defaults filled in, the token that admission mounts, status, and the notes of who set which field. An
 * object depends on its number alone.
 */
import { createHash } from 'node:crypto';
import { type Segment, SegmentWriter, type SnapshotParts } from '../src/snapshot/index.ts';
import { type Fields, type Json, podOfWorkload } from './generate.ts';

const TEAMS = 200;
const PODS = 3;
const TIME = '2026-11-20T08:00:00Z';

export function clusterParts(count: number): SnapshotParts {
  const workloads = inNameOrder(count);
  const segments = [
    segmentOf('v1 Namespace namespaces', namespaces()),
    segmentOf('v1 ServiceAccount serviceaccounts', accounts(workloads)),
    segmentOf('v1 ConfigMap configmaps', workloads.map(configMap)),
    segmentOf('v1 Service services', workloads.map(service)),
    segmentOf('v1 Pod pods', pods(workloads)),
    segmentOf('apps/v1 Deployment deployments', each(workloads, deployment)),
    segmentOf('apps/v1 ReplicaSet replicasets', replicaSets(workloads)),
  ];
  return {
    header: {
      kind: 'cluster',
      complete: true,
      kubernetesVersion: '1.34.1',
      cluster: { uid: uid('cluster'), server: 'https://192.0.2.1:6443' },
    },
    gaps: [],
    segments,
  };
}

function segmentOf(id: string, objects: Iterable<Fields>): Segment {
  const [apiVersion = '', kind = '', resource = ''] = id.split(' ');
  const writer = new SegmentWriter({ apiVersion, kind, resource });
  for (const object of objects) writer.add({ kind, apiVersion, ...object });
  return writer.end();
}

interface Workload {
  index: number;
  name: string;
  namespace: string;
  labels: Fields;
}

/** In the order of the API server, which is that of namespaces and names. */
function inNameOrder(count: number): Workload[] {
  const all = Array.from({ length: count }, (_, index): Workload => {
    const name = `${['shop', 'cart', 'ledger', 'mailer', 'search', 'reports', 'gateway'][index % 7]}-${index}`;
    return {
      index,
      name,
      namespace: `team-${index % TEAMS}`,
      labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': name.slice(0, 4) },
    };
  });
  const key = ({ namespace, name }: Workload): string => `${namespace}/${name}`;
  return all.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function* each(workloads: readonly Workload[], make: (workload: Workload) => Fields): Generator<Fields> {
  for (const workload of workloads) yield make(workload);
}

function* namespaces(): Generator<Fields> {
  for (let team = 0; team < TEAMS; team += 1) {
    const labels = { 'pod-security.kubernetes.io/enforce': team % 3 === 0 ? 'baseline' : 'privileged' };
    yield { metadata: meta('Namespace', '', `team-${team}`, labels), spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
  }
}

function* accounts(workloads: readonly Workload[]): Generator<Fields> {
  for (let team = 0; team < TEAMS; team += 1) yield { metadata: meta('ServiceAccount', `team-${team}`, 'default') };
  for (const { index, namespace } of workloads) yield { metadata: meta('ServiceAccount', namespace, `account-${index}`) };
}

function configMap({ index, name, namespace }: Workload): Fields {
  return { metadata: meta('ConfigMap', namespace, `settings-${index}`), data: { 'app.yaml': `name: ${name}\nlevel: info\n`.repeat(10) } };
}

function service({ name, namespace, labels }: Workload): Fields {
  const ports = [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }];
  const metadata = { ...meta('Service', namespace, name, labels), managedFields: managedFields(12) };
  return {
    metadata,
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.1', selector: labels, ports, sessionAffinity: 'None' },
    status: { loadBalancer: {} },
  };
}

function deployment(workload: Workload): Fields {
  const { name, namespace, labels } = workload;
  const spec = {
    replicas: PODS,
    selector: { matchLabels: labels },
    template: { metadata: { creationTimestamp: '', labels }, spec: podSpec(workload) },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  };
  // As the reading of a cluster leaves it: what kubectl repeats there may hold anything.
  const applied = 'redacted-by-castellan:copy_of_the_object:placeholder:3870';
  const annotations = { 'deployment.kubernetes.io/revision': '2', 'kubectl.kubernetes.io/last-applied-configuration': applied };
  const metadata = { ...meta('Deployment', namespace, name, labels), annotations, managedFields: managedFields(60) };
  const conditions = ['Available', 'Progressing'].map((type) => ({
    type,
    status: 'True',
    lastUpdateTime: TIME,
    reason: 'Minimum',
    message: 'It has what it needs.',
  }));
  return { metadata, spec, status: { observedGeneration: 2, replicas: PODS, updatedReplicas: PODS, readyReplicas: PODS, conditions } };
}

function* replicaSets(workloads: readonly Workload[]): Generator<Fields> {
  for (const workload of workloads) {
    const sets = [replicaSet(workload, 'old', 0), replicaSet(workload, 'new', PODS)];
    yield* sets.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}

function replicaSet(workload: Workload, age: 'old' | 'new', replicas: number): Fields {
  const { name, namespace } = workload;
  const labels = podLabels(workload, age);
  const pod = podSpec(workload);
  const spec = {
    replicas,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: age === 'new' ? pod : { ...pod, terminationGracePeriodSeconds: 5 } },
  };
  const metadata = {
    ...meta('ReplicaSet', namespace, `${name}-${hashOf(workload, age)}`, labels),
    annotations: { 'deployment.kubernetes.io/desired-replicas': '3', 'deployment.kubernetes.io/revision': age === 'new' ? '2' : '1' },
    ownerReferences: [owner('apps/v1 Deployment', namespace, name)],
    managedFields: managedFields(50),
  };
  return { metadata, spec, status: { replicas, fullyLabeledReplicas: replicas, observedGeneration: 1 } };
}

function* pods(workloads: readonly Workload[]): Generator<Fields> {
  for (const workload of workloads) {
    const own = Array.from({ length: PODS }, (_, number) => pod(workload, number));
    yield* own.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}

function pod(workload: Workload, number: number): Fields {
  const { name, namespace } = workload;
  const set = `${name}-${hashOf(workload, 'new')}`;
  const suffix = uid(`${set}/${number}`).slice(0, 5);
  const node = `node-${(workload.index + number) % 500}`;
  const plain = podSpec(workload);
  const spec = plain.automountServiceAccountToken === false ? plain : withToken(plain, `kube-api-access-${suffix}`);
  const metadata = {
    ...meta('Pod', namespace, `${set}-${suffix}`, podLabels(workload, 'new')),
    generateName: `${set}-`,
    ownerReferences: [owner('apps/v1 ReplicaSet', namespace, set)],
    managedFields: managedFields(70),
  };
  return { metadata, spec: { ...spec, nodeName: node }, status: podStatus(spec, `10.${workload.index % 250}.${number}.7`) };
}

/** As the API server completes it. */
function podSpec({ index }: Workload): Fields {
  const spec = podOfWorkload(index);
  return {
    ...spec,
    serviceAccountName: spec.serviceAccountName ?? 'default',
    serviceAccount: spec.serviceAccountName ?? 'default',
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    securityContext: spec.securityContext ?? {},
    ...(spec.initContainers !== undefined && { initContainers: completed(spec.initContainers, index) }),
    containers: completed(spec.containers, index),
  };
}

function completed(containers: Json | undefined, index: number): Fields[] {
  return (containers as readonly Fields[]).map((container) => ({
    ...container,
    env: [
      ...(container.env as readonly Json[]),
      ...Array.from({ length: 10 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${index}-${at}` })),
    ],
    imagePullPolicy: container.imagePullPolicy ?? 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }));
}

/** What admission adds to every pod: no two have the same name for it. */
function withToken(spec: Fields, name: string): Fields {
  const mount = { name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ];
  const mounted = (spec.containers as readonly Fields[]).map((container) => ({
    ...container,
    volumeMounts: [...(container.volumeMounts as readonly Json[]), mount],
  }));
  const tolerations = ['not-ready', 'unreachable'].map((key) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }));
  return {
    ...spec,
    containers: mounted,
    volumes: [...(spec.volumes as readonly Json[]), { name, projected: { defaultMode: 420, sources } }],
    tolerations,
  };
}

function podStatus(spec: Fields, podIP: string): Fields {
  const conditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    conditions: conditions.map((type) => ({ type, status: 'True', lastProbeTime: '', lastTransitionTime: TIME })),
    hostIP: '192.0.2.7',
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: TIME,
    qosClass: 'Burstable',
    containerStatuses: (spec.containers as readonly Fields[]).map(({ name, image }) => ({
      name: name ?? '',
      image: image ?? '',
      imageID: `registry.example.com/app@sha256:${uid(podIP).repeat(2)}`,
      containerID: `containerd://${uid(podIP + textOf(name)).repeat(2)}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: TIME } },
      lastState: {},
    })),
  };
}

/** One of the larger parts of every object: the tree of all fields that somebody set. */
function managedFields(fields: number): Fields[] {
  const tree = (prefix: string, count: number): Fields =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`f:${prefix}${at}`, at % 7 === 0 ? { '.': {}, 'f:name': {}, 'f:value': {} } : {}]),
    );
  return ['kubectl-client-side-apply', 'kube-controller-manager'].map((manager, at) => ({
    manager,
    operation: 'Update',
    apiVersion: 'v1',
    time: TIME,
    fieldsType: 'FieldsV1',
    fieldsV1: {
      'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {} } },
      [at === 0 ? 'f:spec' : 'f:status']: tree('fieldOfTheObject', at === 0 ? fields : fields / 2),
    },
  }));
}

function meta(kind: string, namespace: string, name: string, labels?: Fields): Fields {
  return {
    name,
    ...(namespace !== '' && { namespace }),
    uid: uid(`${kind}/${namespace}/${name}`),
    resourceVersion: String(Number.parseInt(uid(name).slice(0, 7), 16)),
    generation: 1,
    creationTimestamp: TIME,
    ...(labels !== undefined && { labels }),
  };
}

function owner(id: string, namespace: string, name: string): Fields {
  const [apiVersion = '', kind = ''] = id.split(' ');
  return { apiVersion, kind, name, uid: uid(`${kind}/${namespace}/${name}`), controller: true, blockOwnerDeletion: true };
}

function podLabels(workload: Workload, age: 'old' | 'new'): Fields {
  return { ...workload.labels, 'pod-template-hash': hashOf(workload, age) };
}

function hashOf({ name }: Workload, age: string): string {
  return uid(`${name}/${age}`).slice(0, 10);
}

function nameOf({ metadata }: Fields): string {
  return textOf((metadata as Fields).name);
}

function uid(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
