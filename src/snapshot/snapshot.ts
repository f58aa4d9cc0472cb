/** What a cluster, or a set of manifests that should become one, is at one time. */
import type { PathSegment } from '../lib/field-path.ts';
import type { PackedEvents } from '../lib/yaml-events.ts';
import type { CloudCluster } from './cloud-cluster.ts';
import type { NodeFacts } from './node-facts.ts';
import type { ProbeFacts } from './probe-facts.ts';

/** Where the bytes of an object stand, so that any of its fields can be shown with line and column on demand. */
export interface Origin {
  /** File as the user named it; `-` is standard input. */
  source: string;
  /** Text of the document that holds the object; undefined for objects that came from a server. */
  text?: string;
  /** What the reading noted of the places in `text`; where it is left out the text is read again for them. */
  events?: PackedEvents;
  /** Line of the file, from 1, on which `text` begins. */
  line: number;
  format: 'yaml' | 'json';
  /** Path of the object inside its document: empty, or `['items', 3]` in a List. */
  prefix: readonly PathSegment[];
  /** Of an object of a cluster: whether its source is at hand, so that it can be changed there. */
  sourced?: boolean;
  /** UID of the cluster that the object was read from. */
  cluster?: string;
}

export interface SourceObject {
  object: Readonly<Record<string, unknown>>;
  origin: Origin;
  /** `metadata.managedFields` as JSON, where a server keeps record of who set which field; they are not in `object` then. */
  managedFields?: string | undefined;
}

/** What could not be read or judged, and why. Part of every answer, never dropped. */
export interface Gap {
  /** What is missing: a file, a document (`file.yaml:12`), a kind, an API. */
  scope: string;
  code: GapCode;
  /** In words, on one line. */
  reason: string;
  /** What cannot be said because of it. */
  effect: string;
}

export type GapCode =
  | 'yaml-syntax'
  | 'json-syntax'
  | 'duplicate-key'
  | 'binary'
  | 'encoding'
  | 'too-large'
  | 'too-deep'
  | 'alias-bomb'
  | 'unreadable'
  | 'symlink-loop'
  | 'template'
  | 'helm-missing'
  | 'helm-failed'
  | 'kustomize-missing'
  | 'kustomize-failed'
  | 'kustomize-remote'
  | 'not-kubernetes'
  | 'incomplete-object'
  | 'list-unreadable'
  | 'namespace-absent'
  | 'duplicate-object'
  | 'rule-failed'
  | 'needs-other-input'
  | 'other-authorizer'
  // Of clusters.
  | 'forbidden'
  | 'list-failed'
  | 'list-changed'
  | 'not-collected'
  | 'secret-in-annotation'
  | 'secret-values'
  // Of nodes.
  | 'processes-unseen'
  | 'sockets-unseen'
  // Of ports.
  | 'port-silent'
  | 'port-unknown'
  | 'tls-unreadable'
  | 'kubelet-unvouched';

/** Whether something behind such a gap was not judged that might have been found wanting. Every code must decide. */
const LOSES: Record<GapCode, boolean> = {
  'yaml-syntax': true,
  'json-syntax': true,
  // The last value was judged, as kubectl would apply it.
  'duplicate-key': false,
  'duplicate-object': false,
  binary: true,
  // The bytes were replaced and the rest was judged.
  encoding: false,
  'too-large': true,
  'too-deep': true,
  'alias-bomb': true,
  unreadable: true,
  'symlink-loop': true,
  template: true,
  'helm-missing': true,
  'helm-failed': true,
  'kustomize-missing': true,
  'kustomize-failed': true,
  'kustomize-remote': true,
  'not-kubernetes': false,
  'incomplete-object': true,
  'list-unreadable': true,
  // Everything that is there was judged; it is told what would make it more exact.
  'namespace-absent': false,
  'rule-failed': true,
  // Not asked of this input.
  'needs-other-input': false,
  // Everything was read; whether more is allowed is decided elsewhere.
  'other-authorizer': false,
  forbidden: true,
  'list-failed': true,
  // The list was read to its end, but not at one moment.
  'list-changed': false,
  // Left out on purpose: no rule reads it.
  'not-collected': false,
  'secret-in-annotation': false,
  'secret-values': false,
  'processes-unseen': true,
  'sockets-unseen': false,
  'port-silent': true,
  // Nobody said what it is.
  'port-unknown': false,
  'tls-unreadable': true,
  // What it said was judged.
  'kubelet-unvouched': false,
};

/** Gaps that `--strict` does not let pass, and that a gate speaks of. */
export const LOSSES: ReadonlySet<GapCode> = new Set((Object.keys(LOSES) as GapCode[]).filter((code) => LOSES[code]));

/** Whether a file that another version wrote means a gap that this one knows. */
export function isGapCode(value: unknown): value is GapCode {
  return typeof value === 'string' && Object.hasOwn(LOSES, value);
}

/** Documents met while reading: every one is either judged or stands in a gap. */
export interface ReadCounts {
  files: number;
  /** Documents that hold anything at all. */
  documents: number;
  /** Documents that gave at least one Kubernetes object. */
  judged: number;
  /** Valid documents that are no Kubernetes objects (values files, compose files): not a loss of coverage. */
  foreign: number;
}

/** What stays the same as long as the cluster lives, whatever its address or the name of a context. */
export interface ClusterIdentity {
  /** UID of the namespace kube-system; undefined where it may not be read. */
  uid?: string;
  /** Address of the API server. */
  server: string;
}

/** A kind that the server has, but whose objects are not here, or not all of them. */
export interface MissingKind {
  group: string;
  kind: string;
  resource: string;
  why: 'forbidden' | 'failed';
}

/** By name: `ALPHA`, `BETA`, `GA` or `DEPRECATED`, and whether it is on. */
export type FeatureGates = Record<string, { stage: string; enabled: boolean }>;

/** What an API server was asked for since it started, and did not refuse. */
export interface RequestCounters {
  /** Seconds since 1970. */
  since: number;
  /** `LIST secrets`, `PUT deployments.apps/scale`: verbs as the metrics name them. */
  asked: readonly string[];
}

/** Who led by a Lease when the cluster was read. */
export interface LeaseHolder {
  namespace: string;
  name: string;
  /** As the holder calls itself: mostly the name of its pod, with a number behind it. */
  holder: string;
  /** Seconds since 1970. */
  renewed: number;
}

export interface Leases {
  /** Without those of nodes and of API servers. */
  holders: readonly LeaseHolder[];
  /** How many API servers renewed theirs in time. */
  servers?: number;
}

export interface SnapshotHeader {
  /** `cluster` was just read from an API server, `snapshot` from a file that somebody wrote then; `nodes` are facts of nodes alone, `cloud` a provider's description. */
  kind: 'manifests' | 'cluster' | 'snapshot' | 'nodes' | 'cloud' | 'ports';
  /** `1.34` or `1.34.1`, where known. */
  kubernetesVersion?: string;
  /** Whether every object of the cluster is here: absence then means absence. */
  complete: boolean;
  /** The rest is known of clusters only. */
  cluster?: ClusterIdentity;
  /** When reading began, RFC 3339 in UTC with seconds. */
  takenAt?: string;
  /** Version of Castellan that read the cluster. */
  takenBy?: string;
  /** Of the API server, where its metrics may be read. */
  features?: FeatureGates;
  /** Of the one API server that was asked for its metrics. */
  counters?: RequestCounters;
  /** Where Leases may be listed. */
  leases?: Leases;
  /** How many kinds were asked for; `missing` are among them. */
  kinds?: number;
  missing?: readonly MissingKind[];
  /** Only these namespaces were read. */
  namespaces?: readonly string[];
  /** Resources that were left out on purpose, because they change by themselves: `events`, `leases.coordination.k8s.io`. */
  leftOut?: readonly string[];
  /** Names were replaced, so that the file can be shown to others. */
  anonymized?: boolean;
}

export interface Snapshot {
  header: SnapshotHeader;
  /** In a steady order. A large cluster is not held in memory: each walk over it reads its segments again. */
  objects: Iterable<SourceObject>;
  counts: ReadCounts;
  gaps: Gap[];
  /** What was collected on nodes, each once. */
  nodes?: readonly NodeFacts[];
  /** What providers say of the cluster. */
  clouds?: readonly CloudCluster[];
  /** What ports answered. */
  probe?: ProbeFacts;
}
