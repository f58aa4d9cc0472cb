/** The form of a Pod Security control: an id, a level, and its check from each release on that changed it. */
import type { ContainerSpec, ObjectMeta, PodSpec } from '../../model/index.ts';

/** Levels that refuse anything; `privileged` allows everything. */
export type PolicyLevel = 'baseline' | 'restricted';

/** A pod, or the template of one. Paths in answers begin at its `spec` and `metadata`. */
export interface Pod {
  readonly metadata?: ObjectMeta | undefined;
  readonly spec: PodSpec;
}

export interface PlacedContainer {
  readonly spec: ContainerSpec;
  readonly path: string;
}

/** What a check looks at. */
export interface Subject {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of every kind: the standards make no difference between init, main and ephemeral containers. */
  readonly containers: readonly PlacedContainer[];
}

/** Paths of the fields that a control forbids; of a field that is missing, the path where it should stand. */
export type Check = (subject: Subject) => string[];

export interface Control {
  readonly id: string;
  readonly level: PolicyLevel;
  /** What is wrong with a pod that fails it, in a few words. */
  readonly reason: string;
  /** Ascending. A check holds from the minor release `since` of Kubernetes 1 until the next one takes over. */
  readonly versions: readonly { readonly since: number; readonly check: Check }[];
  /** Controls of the baseline that this one stands in for where it is active. */
  readonly overrides?: readonly string[];
}

const NO_ANNOTATIONS = Object.freeze({});
const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

export function toSubject(pod: Pod): Subject {
  const containers: PlacedContainer[] = [];
  for (const list of LISTS) {
    const specs = pod.spec[list] ?? [];
    for (let index = 0; index < specs.length; index += 1) {
      const spec = specs[index];
      if (spec !== undefined) containers.push({ spec, path: `spec.${list}[${index}]` });
    }
  }
  return { spec: pod.spec, annotations: pod.metadata?.annotations ?? NO_ANNOTATIONS, containers };
}

/** The paths of `field` in the containers that a predicate picks. */
export function inContainers(subject: Subject, field: string, isBad: (container: ContainerSpec) => boolean): string[] {
  const paths: string[] = [];
  for (const { spec, path } of subject.containers) if (isBad(spec)) paths.push(`${path}.${field}`);
  return paths;
}

/** Exempts Windows pods, whose kernel has none of what the control is about. */
export function unlessWindows(check: Check): Check {
  return (subject) => (subject.spec.os?.name === 'windows' ? [] : check(subject));
}

/** Exempts pods with a user namespace of their own: root inside is nobody outside. */
export function unlessUserNamespace(check: Check): Check {
  return (subject) => (subject.spec.hostUsers === false ? [] : check(subject));
}
