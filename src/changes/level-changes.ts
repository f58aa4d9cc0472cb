/** Pod Security levels that differ between two states: what namespaces enforce, and what workloads meet. */
import { type Level, LEVELS, levelMet, podSecurityOutlook } from '../engines/pod-security/index.ts';
import { type Cluster, refOf } from '../model/index.ts';

export interface LevelChange {
  readonly subject: string;
  /** What a namespace enforces, or the strictest level that a workload meets. */
  readonly what: 'enforced' | 'met';
  /** Undefined where the subject is in the other state only. */
  readonly before: Level | undefined;
  readonly after: Level | undefined;
  /** The level of its namespace, where that refuses the workload as it is after. */
  readonly refusedBy?: Level;
}

/** By subject, namespaces first. A namespace whose object is not in the input says nothing of what it enforces. */
export function levelChanges(before: Cluster, after: Cluster): LevelChange[] {
  const enforced = enforcedIn(after);
  const namespaces = differing('enforced', enforcedIn(before), enforced);
  const workloads = differing('met', metIn(before), metIn(after)).map((change): LevelChange => {
    const level = enforced.get(`Namespace/${change.subject.split('/')[1] ?? ''}`) ?? 'privileged';
    return change.after !== undefined && isLooser(change.after, level) ? { ...change, refusedBy: level } : change;
  });
  return [...namespaces, ...workloads];
}

export function isLooser(one: Level, other: Level): boolean {
  return LEVELS.indexOf(one) < LEVELS.indexOf(other);
}

function differing(what: LevelChange['what'], old: ReadonlyMap<string, Level>, now: ReadonlyMap<string, Level>): LevelChange[] {
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((subject) => old.get(subject) !== now.get(subject))
    .toSorted()
    .map((subject) => ({ subject, what, before: old.get(subject), after: now.get(subject) }));
}

function enforcedIn(cluster: Cluster): Map<string, Level> {
  return new Map(
    podSecurityOutlook(cluster).flatMap(({ namespace, labels }) =>
      labels === undefined ? [] : [[`Namespace/${namespace}`, labels.enforce?.level ?? 'privileged'] as const],
    ),
  );
}

function metIn(cluster: Cluster): Map<string, Level> {
  const { namespaces, kubernetes } = cluster.tables;
  const met = new Map<string, Level>();
  for (const { workloads } of namespaces.all) {
    for (const { object, variantOf, podMetadata, pod } of workloads) {
      // What runs otherwise than its owner says counts for the owner.
      const subject = refOf((variantOf ?? { object }).object);
      const level = levelMet({ metadata: podMetadata, spec: pod }, `1.${kubernetes.minor}`);
      const known = met.get(subject);
      if (known === undefined || isLooser(level, known)) met.set(subject, level);
    }
  }
  return met;
}
