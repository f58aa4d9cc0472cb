/** Everything that starts pods, in one form, whatever kind it is written as. */
import { concatPath, parsePath, valueAt } from '../lib/field-path.ts';
import { type KindEntry, KINDS } from './kinds/catalog.ts';
import type { ContainerSpec, ObjectMeta, PodSpec } from './kinds/pod.ts';
import type { Labels } from './labels.ts';
import type { ApiObject } from './objects.ts';
import { isRecord } from './schema.ts';

/** `sidecar` is an init container with restartPolicy Always: it lives as long as the pod and may have probes. */
export type ContainerType = 'container' | 'init' | 'sidecar' | 'ephemeral';

export interface Container {
  readonly workload: Workload;
  readonly type: ContainerType;
  readonly name: string;
  readonly spec: ContainerSpec;
  /** Path inside the object: `spec.template.spec.containers[0]`. */
  readonly path: string;
}

export interface Workload {
  readonly object: ApiObject;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly pod: PodSpec;
  /** Path of the PodSpec inside the object. */
  readonly podPath: string;
  /** Metadata of the pods that it starts. */
  readonly podMetadata: ObjectMeta;
  readonly podMetadataPath: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly containers: readonly Container[];
  /** Name of the service account that its pods run as; `default` where none is named. */
  readonly serviceAccount: string;
  /** A pod that the kubelet made from a file on the node. */
  readonly isMirrorPod: boolean;
  /** Of what runs otherwise than its owner's template says: that owner, under whose name it is told. */
  readonly variantOf: Workload | undefined;
}

const LISTS = [
  ['initContainers', 'init'],
  ['containers', 'container'],
  ['ephemeralContainers', 'ephemeral'],
] as const;

const PARSED_PATHS = new Map<string, ReturnType<typeof parsePath>>();
const NO_LABELS: Labels = Object.freeze({});

const WORKLOADS = new WeakMap<ApiObject, Workload>();

/** The workload that an object is, or undefined for other kinds and for templates that hold no pod at all. */
export function toWorkload(object: ApiObject, variantOf?: Workload): Workload | undefined {
  if (object.known === undefined) return undefined;
  const made = variantOf === undefined ? WORKLOADS.get(object) : undefined;
  if (made !== undefined) return made;
  const entry: KindEntry = KINDS[object.known];
  if (entry.pod === undefined) return undefined;
  const pod = valueAt(object.body, segmentsOf(entry.pod.spec));
  if (!isRecord(pod)) return undefined;
  const metadata = valueAt(object.body, segmentsOf(entry.pod.metadata));
  const workload = build(object, entry.pod, { spec: pod, metadata: isRecord(metadata) ? metadata : {}, variantOf });
  if (variantOf === undefined) WORKLOADS.set(object, workload);
  return workload;
}

interface Template {
  spec: PodSpec;
  metadata: ObjectMeta;
  variantOf: Workload | undefined;
}

function build(object: ApiObject, paths: { spec: string; metadata: string }, template: Template): Workload {
  const { spec: pod, metadata: podMetadata, variantOf } = template;
  const containers: Container[] = [];
  const workload: Workload = {
    object,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    pod,
    podPath: paths.spec,
    podMetadata,
    podMetadataPath: paths.metadata,
    labels: podMetadata.labels ?? NO_LABELS,
    annotations: podMetadata.annotations ?? NO_LABELS,
    containers,
    serviceAccount: pod.serviceAccountName || pod.serviceAccount || 'default',
    isMirrorPod: object.annotations['kubernetes.io/config.mirror'] !== undefined,
    variantOf,
  };
  for (const [list, type] of LISTS) {
    const specs = pod[list] ?? [];
    for (let index = 0; index < specs.length; index += 1) {
      const spec = specs[index] ?? {};
      containers.push({
        workload,
        type: type === 'init' && spec.restartPolicy === 'Always' ? 'sidecar' : type,
        name: spec.name ?? '',
        spec,
        path: concatPath(paths.spec, `${list}[${index}]`),
      });
    }
  }
  return workload;
}

function segmentsOf(path: string): ReturnType<typeof parsePath> {
  let segments = PARSED_PATHS.get(path);
  if (segments === undefined) PARSED_PATHS.set(path, (segments = parsePath(path)));
  return segments;
}
