/** Whether components are near enough to each other, by the version skew policy of Kubernetes. */
import { type SkewLimit, type VersionData, builtInData } from './data.ts';
import type { Instance } from './inventory.ts';
import type { Version } from './version.ts';

export interface SkewVerdict {
  /** In words, what is too far from what. */
  readonly because: string;
  readonly limit: SkewLimit;
  /** What it is too far from. */
  readonly from: Version;
}

/**
 * What of the policy a version breaks, beside API servers of these versions. Of several API servers the oldest decides
 * what is too new, and the newest what is too old: a component may reach either. Empty where all holds.
 */
export function skewOf(component: string, version: Version, { apiServers, data = builtInData() }: Beside): SkewVerdict[] {
  return data.skew
    .filter((limit) => limit.component === component && limit.to === 'kube-apiserver')
    .flatMap((limit) => broken(limit, version, apiServers) ?? []);
}

interface Beside {
  apiServers: readonly Version[];
  data?: VersionData;
}

/** Of a kube-proxy and the kubelets of the nodes that it runs on. */
export function skewToKubelets(
  component: string,
  version: Version,
  { kubelets, data = builtInData() }: { kubelets: readonly Version[]; data?: VersionData },
): SkewVerdict[] {
  return data.skew
    .filter((limit) => limit.component === component && limit.to === 'kubelet-of-node')
    .flatMap((limit) => broken(limit, version, kubelets) ?? []);
}

function broken(limit: SkewLimit, version: Version, others: readonly Version[]): SkewVerdict | undefined {
  const [first] = others;
  if (first === undefined) return undefined;
  const oldest = others.reduce((least, each) => (minors(each) < minors(least) ? each : least), first);
  const newest = others.reduce((most, each) => (minors(each) > minors(most) ? each : most), first);
  const { olderBefore } = limit;
  const older = olderBefore !== undefined && version.minor < olderBefore.minor ? Math.min(olderBefore.older, limit.older) : limit.older;
  const other = limit.to === 'kube-apiserver' ? 'API server' : 'kubelet';
  const above = minors(version) - minors(oldest);
  if (above > limit.newer)
    return { limit, from: oldest, because: `${minorsText(above)} newer than the ${other} ${oldest.text}, where ${allowed(limit.newer)}` };
  const below = minors(newest) - minors(version);
  if (below > older)
    return { limit, from: newest, because: `${minorsText(below)} older than the ${other} ${newest.text}, where ${allowed(older)}` };
  return undefined;
}

/** Another major version is farther than any number of minors. */
function minors({ major, minor }: Version): number {
  return major * 1000 + minor;
}

function minorsText(count: number): string {
  return count === 1 ? 'one minor' : `${count} minors`;
}

function allowed(count: number): string {
  return count === 0 ? 'none is allowed' : count === 1 ? 'one is allowed' : `${count} are allowed`;
}

export interface SkewProblem {
  /** Stays the same while minors do. */
  readonly key: string;
  readonly component: string;
  readonly version: Version;
  readonly because: string;
  readonly instances: readonly Instance[];
}

/** Everything of an inventory that breaks the policy, instances of one version together. */
export function skewProblems(instances: readonly Instance[], data: VersionData = builtInData()): SkewProblem[] {
  const apiServers = versionsOf(instances, 'kube-apiserver');
  const kubelets = kubeletsByNode(instances);
  const problems = new Map<string, { problem: SkewProblem; instances: Instance[] }>();
  for (const instance of instances) {
    const { component, version } = instance;
    if (version === undefined) continue;
    const verdicts = skewOf(component, version, { apiServers, data });
    if (component === 'kube-proxy') {
      // One that runs everywhere is near to all of them.
      const near = instance.node === undefined ? [...kubelets.values()].flat() : (kubelets.get(instance.node) ?? []);
      verdicts.push(...skewToKubelets(component, version, { kubelets: near, data }));
    }
    for (const { because, limit, from } of verdicts) {
      const key = `${component} 1.${version.minor} ${limit.to} 1.${from.minor}`;
      const known = problems.get(key);
      if (known !== undefined) known.instances.push(instance);
      else {
        const list = [instance];
        problems.set(key, { instances: list, problem: { key, component, version, because, instances: list } });
      }
    }
  }
  return [...problems.values()].map(({ problem }) => problem);
}

function kubeletsByNode(instances: readonly Instance[]): Map<string, Version[]> {
  const found = new Map<string, Version[]>();
  for (const { component, version, node = '' } of instances) {
    if (component !== 'kubelet' || version === undefined) continue;
    const list = found.get(node);
    if (list === undefined) found.set(node, [version]);
    else list.push(version);
  }
  return found;
}

function versionsOf(instances: readonly Instance[], component: string): Version[] {
  return instances.flatMap((each) => (each.component === component && each.version !== undefined ? [each.version] : []));
}

/** Components that the policy is about, whose version is not known: nothing can be said of them. */
export function withoutVersion(instances: readonly Instance[], data: VersionData = builtInData()): Instance[] {
  const judged = new Set(data.skew.map(({ component }) => component));
  return instances.filter(({ component, version }) => version === undefined && judged.has(component));
}
