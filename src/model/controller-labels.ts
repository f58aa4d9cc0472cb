/**
 * Labels that the controllers of Kubernetes give to the pods they make, beside those of the template: pkg/controller of
 * Kubernetes (deployment, daemon, history, statefulset, job) and, for Jobs, pkg/registry/batch/job.
 */
import type { Labels } from './labels.ts';

/** In the place of a value that is only known once the controller has made it; no label can have it. */
export const UNKNOWN_VALUE = '?';

const JOB_NAME = ['batch.kubernetes.io/job-name', 'job-name'] as const;
const JOB_UID = ['batch.kubernetes.io/controller-uid', 'controller-uid'] as const;
const JOB_INDEX = 'batch.kubernetes.io/job-completion-index';
const REVISION = 'controller-revision-hash';
export const POD_NAME = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX = 'apps.kubernetes.io/pod-index';

/** Labels that tell the pods or the revisions of one controller apart. */
export const LABELS_OF_ONE: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'rollouts-pod-template-hash',
  'pod-template-generation',
  REVISION,
  POD_NAME,
  POD_INDEX,
  ...JOB_NAME,
  ...JOB_UID,
  JOB_INDEX,
]);

/** What of a workload object decides these labels. */
export interface LabelledBy {
  readonly kind: string;
  /** '' where the server makes it. */
  readonly name: string;
  /** '' where it is not known. */
  readonly uid: string;
  /** Of a CronJob the spec of its Jobs. */
  readonly spec: { readonly completionMode?: unknown; readonly manualSelector?: unknown };
}

/** What every pod of the workload gets; `UNKNOWN_VALUE` where pods differ, or nobody knows before. */
export function controllerLabels({ kind, name, uid, spec }: LabelledBy): Labels {
  switch (kind) {
    case 'Deployment':
      return { 'pod-template-hash': UNKNOWN_VALUE };
    case 'Rollout':
      return { 'rollouts-pod-template-hash': UNKNOWN_VALUE };
    case 'DaemonSet':
      return { [REVISION]: UNKNOWN_VALUE, 'pod-template-generation': UNKNOWN_VALUE };
    case 'StatefulSet':
      return { [REVISION]: UNKNOWN_VALUE, [POD_NAME]: UNKNOWN_VALUE, [POD_INDEX]: UNKNOWN_VALUE };
    case 'Job':
      return jobLabels(name || UNKNOWN_VALUE, uid || UNKNOWN_VALUE, spec);
    case 'CronJob':
      return jobLabels(UNKNOWN_VALUE, UNKNOWN_VALUE, spec);
    default:
      return NONE;
  }
}

const NONE: Labels = Object.freeze({});

function jobLabels(name: string, uid: string, { completionMode, manualSelector }: LabelledBy['spec']): Labels {
  const index = completionMode === 'Indexed' ? { [JOB_INDEX]: UNKNOWN_VALUE } : {};
  // Who selects the pods of a Job by hand gets no labels for it.
  if (manualSelector === true) return index;
  const both = (keys: readonly string[], value: string): [string, string][] => keys.map((key) => [key, value]);
  return { ...Object.fromEntries([...both(JOB_NAME, name), ...both(JOB_UID, uid)]), ...index };
}

/** Those of one pod of a StatefulSet, by its ordinal. */
export function replicaLabels(name: string, ordinal: number): Labels {
  return { [POD_NAME]: `${name}-${ordinal}`, [POD_INDEX]: String(ordinal) };
}
