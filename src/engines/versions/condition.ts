/** What conditions are asked of and what they answer: whether a hole can be used, beside the version. */
import type { ApiObject, Tables } from '../../model/index.ts';
import type { Instance } from './inventory.ts';
import type { Tristate } from './version.ts';

/** The tables that conditions look at. */
export const CONDITION_TABLES = [
  'kubernetes',
  'completeness',
  'workloads',
  'access',
  'Node',
  'Service',
  'ServiceAccount',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'CustomResourceDefinition',
  'APIService',
  'ValidatingWebhookConfiguration',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'KubeletConfiguration',
  'collected',
] as const satisfies readonly (keyof Tables)[];
export type ConditionTables = Pick<Tables, (typeof CONDITION_TABLES)[number]>;

export interface Judged {
  readonly holds: Tristate;
  /** A clause: why it applies, why not, or what decides. */
  readonly because: string;
  /** Objects and fields that say so. */
  readonly evidence?: readonly Evidence[];
  /** The instances that are meant, where not all are. */
  readonly instances?: readonly Instance[];
}
export interface Evidence {
  readonly object: ApiObject;
  readonly path: string;
}

/** What a condition is asked of: the instances of one component in an affected version. */
export interface Question {
  readonly component: string;
  readonly instances: readonly Instance[];
  readonly tables: ConditionTables;
  /** What stands after the colon of `needs`. */
  readonly argument: string;
}

/** What is not there is absent where everything was read, and else not known. */
export function absent({ completeness }: ConditionTables, what: string): Judged {
  return completeness.complete
    ? { holds: 'no', because: `the cluster has no ${what}` }
    : { holds: 'unknown', because: `it needs ${what}, and the input is not the whole cluster` };
}

export function found(what: string, objects: readonly ApiObject[], path: string): Judged {
  const [first] = objects;
  const more = objects.length > 1 ? ` and ${objects.length - 1} more` : '';
  return {
    holds: 'yes',
    because: `${what}: ${first === undefined ? '' : nameIn(first)}${more}`,
    evidence: objects.slice(0, 10).map((object) => ({ object, path })),
  };
}

function nameIn({ kind, namespace, name }: ApiObject): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
