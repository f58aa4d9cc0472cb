/** Which known holes the components of an inventory have, and whether what else they need is there. */
import type { Cve, VersionData } from './data.ts';
import { builtInData } from './data.ts';
import type { ConditionTables, Evidence } from './condition.ts';
import { judgeCondition } from './conditions.ts';
import type { Instance } from './inventory.ts';
import { type Range, type Tristate, type Version, fixedFor, inRanges } from './version.ts';

/** A record for `kubernetes` counts for each of these. */
const PARTS_OF_KUBERNETES = new Set(['kube-apiserver', 'kubelet', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy']);

/** The holes that a version of a component has, by version alone. */
export function cvesOf(
  component: string,
  version: Version,
  data: VersionData = builtInData(),
): { cve: Cve; affected: 'yes' | 'unknown' }[] {
  return data.cves.flatMap((cve) => {
    const affected = affects(cve, component, version);
    return affected === 'no' ? [] : [{ cve, affected }];
  });
}

function affects(cve: Cve, component: string, version: Version): Tristate {
  const ranges = rangesOf(cve, component);
  return ranges.length === 0 ? 'no' : inRanges(version, ranges);
}

export function rangesOf({ affected }: Cve, component: string): readonly Range[] {
  return affected.flatMap(({ components, ranges }) => {
    const named = components.includes(component) || (components.includes('kubernetes') && PARTS_OF_KUBERNETES.has(component));
    return named ? ranges : [];
  });
}

export interface CveVerdict {
  readonly cve: Cve;
  readonly component: string;
  /** `yes`: it can be used; `no`: the version has it, but what it needs is not there. */
  readonly applies: Tristate;
  /** A clause that says why. */
  readonly because: string;
  readonly instances: readonly Instance[];
  /** The releases that fix it, for the versions in use; empty where there is none. */
  readonly fixed: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** What closes a hole: a release, or what is to be set where there is none. A clause. */
export function endOf({ fixed, advice }: { fixed: readonly string[]; advice?: string | undefined }): string {
  if (fixed.length > 0) return `fixed in ${fixed.join(', ')}`;
  return advice === undefined
    ? 'no release fixes it'
    : `no release fixes it: ${advice.charAt(0).toLowerCase()}${advice.slice(1).replace(/\.$/, '')}`;
}

/** One verdict for each hole and component; those that no version in the inventory has are left out. */
export function judgeCves(instances: readonly Instance[], tables: ConditionTables, data: VersionData = builtInData()): CveVerdict[] {
  const byComponent = new Map<string, Instance[]>();
  for (const instance of instances) {
    const list = byComponent.get(instance.component);
    if (list === undefined) byComponent.set(instance.component, [instance]);
    else list.push(instance);
  }
  return data.cves.flatMap((cve) => {
    const components = componentsOf(cve, byComponent);
    return components.flatMap((component) => judgeOne(cve, component, { instances: byComponent.get(component) ?? [], tables }) ?? []);
  });
}

/** A hole of Kubernetes as a whole is told of one component: the one that is named, or the first that was seen. */
function componentsOf(cve: Cve, seen: ReadonlyMap<string, unknown>): string[] {
  const named = [...new Set(cve.affected.flatMap(({ components }) => components))].filter((component) => component !== 'kubernetes');
  const found = named.filter((component) => seen.has(component));
  if (!cve.affected.some(({ components }) => components.includes('kubernetes'))) return found;
  const whole = cve.told === undefined ? [...PARTS_OF_KUBERNETES].find((component) => seen.has(component)) : cve.told;
  return whole === undefined || !seen.has(whole) || found.includes(whole) ? found : [...found, whole];
}

interface Among {
  instances: readonly Instance[];
  tables: ConditionTables;
}

function judgeOne(cve: Cve, component: string, { instances, tables }: Among): CveVerdict | undefined {
  const ranges = rangesOf(cve, component);
  const known = new Map<string, Tristate>();
  const judged = instances.flatMap((instance) => {
    const { version } = instance;
    // Without a fix every version has it, also one that is not known.
    if (version === undefined)
      return cve.affected.every(({ ranges: all }) => all.every(isOpenEnded)) ? [{ instance, affected: 'yes' as const }] : [];
    // A large cluster has thousands of nodes of one version.
    let affected = known.get(version.text);
    if (affected === undefined) known.set(version.text, (affected = inRanges(version, ranges)));
    return affected === 'no' ? [] : [{ instance, affected }];
  });
  if (judged.length === 0) return undefined;
  const affected = judged.map(({ instance }) => instance);
  const certain = judged.some((each) => each.affected === 'yes');
  const condition = cve.needs === undefined ? undefined : judgeCondition(cve.needs, { component, instances: affected, tables });
  const applies = condition === undefined ? 'yes' : condition.holds;
  const meant = condition?.instances ?? affected;
  const versions = new Map(meant.flatMap(({ version }) => (version === undefined ? [] : [[version.text, version] as const])));
  return {
    cve,
    component,
    applies: applies === 'yes' && !certain ? 'unknown' : applies,
    because: because({ certain, condition: condition?.because }),
    instances: meant,
    fixed: [...new Set([...versions.values()].flatMap((version) => fixedFor(version, ranges) ?? []))],
    evidence: condition?.evidence ?? [],
  };
}

function isOpenEnded({ introduced, fixed }: Range): boolean {
  return introduced === '0' && fixed === undefined;
}

function because({ certain, condition }: { certain: boolean; condition: string | undefined }): string {
  const version = certain ? 'the version has it' : 'the version names no patch, which decides';
  if (condition === undefined) return certain ? `${version}, and no setting changes that` : version;
  return certain ? condition : `${version}; ${condition}`;
}
