/**
 * The way from the releases in use to a newer one: one minor at a time for the control plane, nodes after it, as the
 * version skew policy and the upgrade documentation of Kubernetes have it, with what must be changed before each step
 * and what the step closes.
 */
import type { ApiRemoval } from './api-removals.ts';
import { type ApiUse, isUseOf } from './api-uses.ts';
import type { ConditionTables } from './condition.ts';
import { type CveVerdict, judgeCves } from './cves.ts';
import { type VersionData, builtInData } from './data.ts';
import { type Instance, KUBERNETES_COMPONENTS, type Platform, platformOf, productOf } from './inventory.ts';
import { skewProblems } from './skew.ts';
import { isOver, supportOf } from './support.ts';
import { type Version, compareVersions, parseVersion } from './version.ts';

export interface RemovedUse {
  readonly removal: ApiRemoval;
  readonly uses: readonly ApiUse[];
}

export interface Action {
  /** `before`: what must be done first in this step alone; the rest is the order of every step. */
  readonly part: 'before' | 'server' | 'control-plane' | 'nodes';
  readonly components: readonly string[];
  /** In words: what, to which version, and what must hold before. */
  readonly text: string;
}

export interface UpgradeStep {
  /** `1.32`, or a patch of the same minor. */
  readonly to: string;
  /** The newest patch of it that the data knows. */
  readonly release: string | undefined;
  readonly actions: readonly Action[];
  /** APIs that this minor stops serving and that are in use. */
  readonly removed: readonly RemovedUse[];
  readonly closes: { readonly cves: readonly { id: string; component: string }[]; readonly findings: readonly string[] };
}

export interface UpgradePlan {
  readonly from: string;
  readonly to: string;
  readonly steps: readonly UpgradeStep[];
  /** In use although the release that runs, or the oldest one, does not serve them any more. */
  readonly already: readonly RemovedUse[];
  /** What still applies to Kubernetes at the end. */
  readonly left: readonly CveVerdict[];
}

export interface PlanInput {
  readonly instances: readonly Instance[];
  readonly tables: ConditionTables;
  readonly uses: readonly ApiUse[];
  readonly data?: VersionData;
  /** The day that is judged for. */
  readonly on?: string;
  /** Minor to reach; the newest one that has support on that day where left out. */
  readonly to?: number;
}

const AFTER_THE_SERVER = ['kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager'] as const;
const OF_NODES = ['kubelet', 'kube-proxy'] as const;

/** Undefined where no version of an API server is known. */
export function planUpgrade({ instances, tables, uses, data = builtInData(), on = data.asOf, to }: PlanInput): UpgradePlan | undefined {
  const start = oldest(instances.filter(({ component }) => component === 'kube-apiserver'));
  if (start === undefined) return undefined;
  const platform = platformOf(instances);
  const goal = to ?? newestMinor({ data, on, platform }) ?? start.minor;
  const steps: UpgradeStep[] = [];
  let now = instances;
  let open = verdictKeys(judge(now));
  for (let minor = start.minor; minor <= goal; minor += 1) {
    const release = latestOf(minor, { data, platform });
    // Within the first minor only its newest patch is a step.
    if (minor === start.minor && (release === undefined || !isNewer(release, start))) continue;
    const target = parseVersion(release) ?? version(minor);
    const next = now.map((instance) => moved(instance, target));
    const after = verdictKeys(judge(next));
    steps.push({
      to: minor === start.minor ? (release ?? `1.${minor}`) : `1.${minor}`,
      release,
      actions: actionsOf(now, target, data),
      removed: minor === start.minor ? [] : removedIn(minor, { data, uses }),
      closes: {
        cves: [...open].filter(([key]) => !after.has(key)).map(([, { cve, component }]) => ({ id: cve.id, component })),
        findings: closedFindings(now, next, { data, on, platform }),
      },
    });
    now = next;
    open = after;
  }
  return {
    from: start.text,
    to: `1.${goal}`,
    steps,
    already: data.removals.flatMap((removal) =>
      removal.removed !== undefined && removal.removed <= start.minor ? inUse(removal, uses) : [],
    ),
    left: [...open.values()],
  };

  function judge(all: readonly Instance[]): CveVerdict[] {
    return judgeCves(all, tables, data).filter(({ component, applies }) => applies !== 'no' && KUBERNETES_COMPONENTS.has(component));
  }
}

function oldest(instances: readonly Instance[]): Version | undefined {
  return instances
    .flatMap((each) => each.version ?? [])
    .reduce<Version | undefined>((least, each) => (least === undefined || compareVersions(each, least) < 0 ? each : least), undefined);
}

function version(minor: number): Version {
  return { major: 1, minor, patch: undefined, pre: [], vendor: '', text: `1.${minor}` };
}

interface Where {
  data: VersionData;
  platform: Platform | undefined;
}

/** Of the vendor's releases where there is one: OpenShift numbers its own, so there those of Kubernetes count. */
function releasesOf({ data, platform }: Where): readonly { minor: number; latest: string | undefined; released: unknown; end: unknown }[] {
  const vendor = platform === undefined || platform === 'red-hat-openshift' ? undefined : data.products[platform];
  return (
    (vendor ?? data.products.kubernetes)?.releases.map(({ cycle, latest, released, end }) => ({
      minor: parseVersion(cycle)?.minor ?? 0,
      latest,
      released,
      end,
    })) ?? []
  );
}

function newestMinor({ on, ...where }: Where & { on: string }): number | undefined {
  const minors = releasesOf(where)
    .filter(({ released, end }) => !(typeof released === 'string' && released > on) && !isOver(end as string | boolean | undefined, on))
    .map(({ minor }) => minor);
  return minors.length === 0 ? undefined : Math.max(...minors);
}

/** The patch of Kubernetes: what a vendor calls its builds says less. */
function latestOf(minor: number, { data }: Where): string | undefined {
  return data.products.kubernetes?.releases.find(({ cycle }) => cycle === `1.${minor}`)?.latest;
}

function isNewer(release: string, start: Version): boolean {
  const parsed = parseVersion(release);
  return parsed !== undefined && start.patch !== undefined && compareVersions(parsed, start) > 0;
}

/** Nothing moves back: what is newer already stays. */
function moved(instance: Instance, target: Version): Instance {
  const { component, version: before } = instance;
  if (
    before === undefined ||
    component === 'kubectl' ||
    !(KUBERNETES_COMPONENTS.has(component) || component === 'cloud-controller-manager')
  )
    return instance;
  return compareVersions(before, target) >= 0 ? instance : { ...instance, version: { ...target, vendor: before.vendor } };
}

function actionsOf(now: readonly Instance[], target: Version, data: VersionData): Action[] {
  const actions: Action[] = [];
  const name = target.text;
  const limit = data.skew.find(({ component, to }) => component === 'kubelet' && to === 'kube-apiserver')?.older ?? 0;
  const late = now.filter(({ component, version: own }) => {
    if (own === undefined || (component !== 'kubelet' && component !== 'kube-proxy')) return false;
    return target.minor - own.minor > limitFor(own, { limit, data });
  });
  if (late.length > 0) {
    const components = [...new Set(late.map(({ component }) => component))];
    const least = Math.max(target.minor - limit, 0);
    actions.push({
      part: 'before',
      components,
      text: `first bring ${components.join(' and ')} on ${countText(late)} to 1.${least} or newer, but not above the API servers: they would be too old beside ${name}`,
    });
  }
  const servers = now.filter(({ component }) => component === 'kube-apiserver');
  const several = servers.filter(({ object }) => object !== undefined).length > 1 ? ', one after the other' : '';
  actions.push({ part: 'server', components: ['kube-apiserver'], text: `kube-apiserver to ${name}${several}` });
  const seen = (all: readonly string[]): string[] => all.filter((component) => now.some((each) => each.component === component));
  const followers = seen(AFTER_THE_SERVER);
  const rest = followers.length > 0 ? followers : AFTER_THE_SERVER.slice(0, 2);
  actions.push({ part: 'control-plane', components: rest, text: `then ${listed(rest)}, once every API server has it` });
  const nodes = seen(OF_NODES);
  if (nodes.length > 0)
    actions.push({
      part: 'nodes',
      components: nodes,
      text: `then ${listed(nodes)}, node by node, drained before; they may wait until the API servers are ${limit} minors ahead`,
    });
  return actions;
}

function limitFor(own: Version, { limit, data }: { limit: number; data: VersionData }): number {
  const before = data.skew.find(({ component, to }) => component === 'kubelet' && to === 'kube-apiserver')?.olderBefore;
  return before !== undefined && own.minor < before.minor ? before.older : limit;
}

function countText(instances: readonly Instance[]): string {
  const nodes = new Set(instances.map(({ node, object }) => node ?? object?.name));
  return nodes.size === 1 ? `${[...nodes][0]}` : `${nodes.size} nodes`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function removedIn(minor: number, { data, uses }: { data: VersionData; uses: readonly ApiUse[] }): RemovedUse[] {
  return data.removals.flatMap((removal) => (removal.removed === minor ? inUse(removal, uses) : []));
}

function inUse(removal: ApiRemoval, uses: readonly ApiUse[]): RemovedUse[] {
  const own = uses.filter((use) => isUseOf(use, removal));
  return own.length === 0 ? [] : [{ removal, uses: own }];
}

function verdictKeys(verdicts: readonly CveVerdict[]): Map<string, CveVerdict> {
  return new Map(verdicts.map((verdict) => [`${verdict.cve.id} ${verdict.component}`, verdict]));
}

/** Rules whose findings were there before and are not after. */
function closedFindings(before: readonly Instance[], after: readonly Instance[], { data, on, platform }: Where & { on: string }): string[] {
  const closed: string[] = [];
  const ended = (all: readonly Instance[]): boolean =>
    all.some((instance) => {
      if (instance.component !== 'kube-apiserver' && instance.component !== 'kubelet') return false;
      const { product, version: own } = productOf(instance, platform) ?? {};
      const state = product === undefined || own === undefined ? undefined : supportOf(product, own, { data, on })?.state;
      return state === 'ended' || state === 'extended';
    });
  if (ended(before) && !ended(after)) closed.push('k8s-version');
  if (skewProblems(before, data).length > 0 && skewProblems(after, data).length === 0) closed.push('version-skew');
  return closed;
}
