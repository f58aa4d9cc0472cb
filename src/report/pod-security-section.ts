/** What every report says of Pod Security levels: what each namespace could enforce today, and what is in the way. */
import { plural, printable } from '../lib/terminal.ts';
import { type Level, type NamespaceOutlook, podSecurityOutlook } from '../engines/pod-security/index.ts';
import { type Cluster, refOf } from '../model/index.ts';

export interface PodSecurityEntry {
  namespace: string;
  /** The strictest level that admits every workload of today. */
  possible: Level;
  /** The level that the namespace enforces; null when it enforces none or its object is not in the input. */
  enforced: Level | null;
  workloads: number;
  /** By stricter level: what it would refuse, and the controls that fail. */
  blockers: Partial<Record<Level, { workload: string; controls: readonly string[] }[]>>;
}

/** Above this many namespaces the screen counts instead of naming each. */
const NAMED = 8;

const outlooks = new WeakMap<Cluster, NamespaceOutlook[]>();

export function podSecurityOf(cluster: Cluster): PodSecurityEntry[] {
  return withWorkloads(cluster).map(({ namespace, possible, labels, workloads, stricter }) => ({
    namespace,
    possible,
    enforced: labels?.enforce?.level ?? null,
    workloads,
    blockers: Object.fromEntries(
      stricter.map(({ level, obstacles }) => [
        level,
        obstacles.map(({ workload, controls }) => ({ workload: refOf(workload.object), controls })),
      ]),
    ),
  }));
}

/** Short sentences, one a namespace; with many namespaces one a level. */
export function podSecurityLines(cluster: Cluster): string[] {
  const all = withWorkloads(cluster);
  return all.length <= NAMED ? all.map(sentence) : summary(all);
}

function sentence({ namespace, possible, labels, workloads, stricter }: NamespaceOutlook): string {
  const name = printable(namespace);
  const refused = stricter.find(({ level }) => level === labels?.enforce?.level)?.obstacles.length ?? 0;
  if (refused > 0) return `${name}: enforces ${labels?.enforce?.level}, which refuses ${refused} of ${plural(workloads, 'workload')}`;
  if (labels?.enforce?.level === possible && possible !== 'privileged') return `${name}: ${possible} enforced`;
  const next = stricter[0];
  if (possible === 'restricted' || next === undefined) return `${name}: ${possible} possible today`;
  const inTheWay = `${next.obstacles.length} of ${plural(workloads, 'workload')}`;
  return possible === 'privileged'
    ? `${name}: privileged needed by ${inTheWay}`
    : `${name}: ${possible} possible today, ${inTheWay} short of ${next.level}`;
}

function summary(all: readonly NamespaceOutlook[]): string[] {
  const levels: readonly Level[] = ['restricted', 'baseline', 'privileged'];
  return levels.flatMap((level) => {
    const at = all.filter((outlook) => outlook.possible === level);
    if (at.length === 0) return [];
    const names =
      at
        .slice(0, 4)
        .map((outlook) => printable(outlook.namespace))
        .join(', ') + (at.length > 4 ? ', …' : '');
    const verb = level === 'privileged' ? 'privileged needed' : `${level} possible today`;
    return [`${verb} in ${plural(at.length, 'namespace')} (${names})`];
  });
}

function withWorkloads(cluster: Cluster): NamespaceOutlook[] {
  let made = outlooks.get(cluster);
  if (made === undefined) outlooks.set(cluster, (made = podSecurityOutlook(cluster).filter(({ workloads }) => workloads > 0)));
  return made;
}
