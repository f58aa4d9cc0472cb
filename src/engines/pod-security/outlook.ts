/** Which Pod Security level each namespace could enforce today, and which workloads stand in the way of a stricter one. */
import type { Cluster, Labels, Namespace, Workload } from '../../model/index.ts';
import { type PolicyLevel, toSubject } from './control.ts';
import { type Level, LEVELS, activeControls, policyMinor } from './evaluate.ts';

export type Mode = 'enforce' | 'warn' | 'audit';

/** What a label of a Namespace asks for. */
export interface ModeLabel {
  /** As admission takes it: a level that it cannot read means restricted when enforced, else nothing. */
  readonly level: Level;
  /** `latest` or `v1.30`, as written. */
  readonly version: string;
  /** Whether level and version are what Kubernetes knows. */
  readonly valid: boolean;
}

export interface Obstacle {
  readonly workload: Workload;
  /** Ids of the controls that it fails. */
  readonly controls: readonly string[];
}

export interface NamespaceOutlook {
  readonly namespace: string;
  /** Number of workloads that were judged. */
  readonly workloads: number;
  /** The strictest level that admits every workload. */
  readonly possible: Level;
  /** Undefined when the Namespace object is not in the input; a mode without a label is left out. */
  readonly labels: { readonly [M in Mode]?: ModeLabel } | undefined;
  /** Each level above `possible`, the next one first, with what it would refuse. */
  readonly stricter: readonly { readonly level: PolicyLevel; readonly obstacles: readonly Obstacle[] }[];
}

const MODES: readonly Mode[] = ['enforce', 'warn', 'audit'];
const POLICIES = ['baseline', 'restricted'] as const satisfies readonly PolicyLevel[];

/** By name of the namespace; obstacles in the order of the input. */
export function podSecurityOutlook(cluster: Pick<Cluster, 'tables'>): NamespaceOutlook[] {
  const { namespaces, kubernetes } = cluster.tables;
  const minor = policyMinor(`1.${kubernetes.minor}`) ?? 0;
  return namespaces.all.map((namespace) => outlookOf(namespace, minor)).toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
}

function outlookOf(namespace: Namespace, minor: number): NamespaceOutlook {
  const found = obstaclesIn(namespace.workloads, minor);
  const possible = found.findLast(({ obstacles }) => obstacles.length === 0)?.level ?? 'privileged';
  return {
    namespace: namespace.name,
    workloads: namespace.workloads.filter(({ variantOf }) => variantOf === undefined).length,
    possible,
    labels: namespace.object === undefined ? undefined : labelsOf(namespace.object.labels),
    stricter: found.filter(({ level }) => LEVELS.indexOf(level) > LEVELS.indexOf(possible)),
  };
}

/** For each level the workloads that it refuses. A check that two levels share runs once. */
function obstaclesIn(workloads: readonly Workload[], minor: number): { level: PolicyLevel; obstacles: Obstacle[] }[] {
  const found = POLICIES.map((level) => ({ level, active: activeControls(level, minor), obstacles: [] as Obstacle[] }));
  const checks = new Map(found.flatMap(({ active }) => active.map(({ control, check }) => [control.id, check] as const)));
  // What runs otherwise than its owner says stands in the way of that one.
  const failing = new Map<Workload, Set<string>>();
  for (const workload of workloads) {
    const subject = toSubject({ metadata: workload.podMetadata, spec: workload.pod });
    for (const [id, check] of checks) {
      if (check(subject).length === 0) continue;
      const owner = workload.variantOf ?? workload;
      const ids = failing.get(owner);
      if (ids === undefined) failing.set(owner, new Set([id]));
      else ids.add(id);
    }
  }
  for (const [workload, ids] of failing) {
    for (const { active, obstacles } of found) {
      const controls = active.filter(({ control }) => ids.has(control.id)).map(({ control }) => control.id);
      if (controls.length > 0) obstacles.push({ workload, controls });
    }
  }
  return found.map(({ level, obstacles }) => ({ level, obstacles }));
}

function labelsOf(labels: Labels): NonNullable<NamespaceOutlook['labels']> {
  const modes: { [M in Mode]?: ModeLabel } = {};
  for (const mode of MODES) {
    const level = labels[`pod-security.kubernetes.io/${mode}`];
    if (level === undefined) continue;
    const version = labels[`pod-security.kubernetes.io/${mode}-version`] ?? 'latest';
    const known = LEVELS.find((name) => name === level);
    const taken = known ?? (mode === 'enforce' ? 'restricted' : 'privileged');
    modes[mode] = { level: taken, version, valid: known !== undefined && /^(?:latest|v1\.\d{1,3})$/.test(version) };
  }
  return modes;
}
