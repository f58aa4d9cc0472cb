/** The pods of a run: two that answer and up to four that ask, as small and as restricted as pods can be. */
import type { Fields } from './api.ts';
import { PROBER, type ProberConfig } from './prober.ts';
import { LIFETIME, type Run, annotationsOf, labelsOf } from './run.ts';

/**
 * `server` and `other` answer; `near` asks from the node of `server` and `far` from another one where there is one;
 * `outer` asks from a second namespace, in which `abroad` answers.
 */
export const POD_NAMES = ['server', 'other', 'abroad', 'near', 'far', 'outer'] as const;
export type PodName = (typeof POD_NAMES)[number];

export const TARGETS = ['server', 'other', 'abroad'] as const;
export type Target = (typeof TARGETS)[number];
export const CLIENTS = ['near', 'far', 'outer'] as const;
export type Client = (typeof CLIENTS)[number];

export const TCP = [8080, 8081, 8082] as const;
export const UDP = [5353, 5354] as const;
/** Of the first TCP port. */
export const PORT_NAME = 'web';
/** What pods are called in selectors, and a label that two of them share across namespaces. */
export const NAME_LABEL = 'pod';
export const TONE_LABEL = 'tone';
const HIGH: ReadonlySet<PodName> = new Set(['server', 'near', 'abroad', 'outer']);

export interface PodSettings {
  image: string;
  /** Name of a Secret in the namespace of the pod. */
  pullSecret: string | undefined;
  /** The first for all pods but `far`, the second for `far`; left to the scheduler where none is named. */
  nodes: readonly string[];
}

export function namespaceOf(pod: PodName, run: Run): string {
  return pod === 'outer' || pod === 'abroad' ? run.other : run.namespace;
}

/** The second namespace belongs to the first, so that it goes with it. Meshes are asked to keep out of both. */
export function namespaceObject(run: Run, name: string, owner?: Fields): Fields {
  const labels = { ...labelsOf(run), 'pod-security.kubernetes.io/enforce': 'restricted', 'istio-injection': 'disabled' };
  const annotations = { ...annotationsOf(run), 'linkerd.io/inject': 'disabled' };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, annotations, ...(owner !== undefined && { ownerReferences: [owner] }) },
  };
}

/** Whatever is owned by the first namespace is removed with it by the cluster itself. */
export function ownerReference({ namespace: name }: Run, uid: string): Fields {
  return { apiVersion: 'v1', kind: 'Namespace', name, uid };
}

export function podObject(
  name: PodName,
  run: Run,
  { settings, probes }: { settings: PodSettings; probes: ProberConfig['probes'] },
): Fields {
  const answers = (TARGETS as readonly string[]).includes(name);
  const config: ProberConfig = { name, tcp: answers ? TCP : [], udp: answers ? UDP : [], probes, limit: 1000, every: 200 };
  const labels = { ...labelsOf(run), [NAME_LABEL]: name, [TONE_LABEL]: HIGH.has(name) ? 'high' : 'low' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: namespaceOf(name, run), labels: { ...labels, 'sidecar.istio.io/inject': 'false' } },
    spec: {
      ...placement(name, run, settings.nodes),
      ...(settings.pullSecret !== undefined && { imagePullSecrets: [{ name: settings.pullSecret }] }),
      restartPolicy: 'Never',
      activeDeadlineSeconds: LIFETIME,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image: settings.image,
          command: ['node', '-e', PROBER, JSON.stringify(config)],
          ...(answers && { ports: portsOf() }),
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
          resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { cpu: '500m', memory: '128Mi' } },
        },
      ],
    },
  };
}

function portsOf(): Fields[] {
  return [
    ...TCP.map((containerPort, index) => ({ containerPort, protocol: 'TCP', ...(index === 0 && { name: PORT_NAME }) })),
    ...UDP.map((containerPort) => ({ containerPort, protocol: 'UDP' })),
  ];
}

/** Where no node is named, `near` wants to be where `server` is and `far` where it is not; neither insists on it. */
function placement(name: PodName, run: Run, [first, second = first]: readonly string[]): Fields {
  const nodeSelector = { 'kubernetes.io/os': 'linux' };
  if (first !== undefined) {
    const node = name === 'far' ? second : first;
    const term = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    // Whoever names a node means it, tainted or not.
    return { nodeSelector, affinity: { nodeAffinity }, tolerations: [{ operator: 'Exists' }] };
  }
  if (name !== 'near' && name !== 'far') return { nodeSelector };
  const podAffinityTerm = {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { ...labelsOf(run), [NAME_LABEL]: 'server' } },
  };
  const wish = { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
  return { nodeSelector, affinity: name === 'near' ? { podAffinity: wish } : { podAntiAffinity: wish } };
}

/** A copy of the Secret that the user named, for the namespace of a run. */
export function secretObject(run: Run, namespace: string, { name, type, data }: Fields): Fields {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace, labels: labelsOf(run) }, type, data };
}
