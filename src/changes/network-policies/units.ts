/**
 * What a policy can name: a workload by labels that its pods have, or lack, and no others of the namespace. Workloads that
 * no label tells apart are one unit, as what is opened for one is open for all of them.
 */
import { isLabelSelector } from '../../engines/request-info/index.ts';
import { type Labels, mapMatches, selectorMatches } from '../../model/index.ts';
import { type App, type Inventory, isNamespace } from './inventory.ts';

/** Labels, and where no label tells it from others, labels of these that it does not have. */
export interface UnitSelector {
  readonly matchLabels: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: 'DoesNotExist' }[];
}

export interface Unit {
  /** By key; mostly one. */
  readonly apps: readonly App[];
  readonly namespace: string;
  /** Of the policy that is for it; no other unit of the namespace has it. */
  readonly name: string;
  /** Undefined where its pods have no label that could be named. */
  readonly selector: UnitSelector | undefined;
  /** Whether policies are made for it. */
  readonly policed: boolean;
}

/** Given by controllers, or changed with every release: a policy that names them is for nobody after the next one. */
const VOLATILE = [
  /^pod-template-(hash|generation)$/,
  /^controller-revision-hash$/,
  /^statefulset\.kubernetes\.io\//,
  /^apps\.kubernetes\.io\/pod-index$/,
  /^(batch\.kubernetes\.io\/)?(controller-uid|job-name|job-completion-index)$/,
  /^rollouts-pod-template-hash$/,
  /^helm\.sh\/chart$/,
  /^app\.kubernetes\.io\/(version|managed-by)$/,
  /^(chart|heritage|revision|commit|build|release-date)$/,
  /(^|[./-])(git-?commit|git-?sha|image-?tag|config-?hash|checksum)/i,
];
/** Which labels name a workload, the best first; the rest follows by name. */
const TELLING = [
  'app.kubernetes.io/name',
  'app',
  'k8s-app',
  'app.kubernetes.io/component',
  'component',
  'name',
  'app.kubernetes.io/instance',
  'instance',
  'role',
  'tier',
  'version',
];

export class Units {
  readonly all: readonly Unit[];
  readonly #byApp = new Map<App, Unit>();

  constructor(inventory: Inventory) {
    const groups = inventory.apps.filter(({ host }) => !host).map((app) => [app]);
    const told = mergeAlike(inventory, groups);
    const names = namesOf(told.map(({ apps }) => apps[0]));
    this.all = told.map(({ apps, selector }, index) => ({
      apps,
      selector,
      namespace: apps[0]?.namespace ?? '',
      name: names[index] ?? '',
      policed: apps[0]?.policed ?? false,
    }));
    for (const unit of this.all) for (const app of unit.apps) this.#byApp.set(app, unit);
  }

  /** Undefined for what is on the network of its node. */
  of(app: App): Unit | undefined {
    return this.#byApp.get(app);
  }
}

interface Told {
  apps: App[];
  selector: UnitSelector | undefined;
}

/** Groups whose best selector also finds others are put together with them, until each is told apart from the rest. */
function mergeAlike(inventory: Inventory, groups: App[][]): Told[] {
  const open = [...groups];
  const done: Told[] = [];
  for (let group = open.shift(); group !== undefined; group = open.shift()) {
    const selector = selectorOf(inventory, group);
    const rival =
      selector === undefined
        ? undefined
        : [...open, ...done.map(({ apps }) => apps)].find(
            (other) => other[0]?.namespace === group[0]?.namespace && other.some((app) => isSelected(inventory, app, selector)),
          );
    if (rival === undefined) {
      done.push({ apps: group, selector });
      continue;
    }
    const again = open.indexOf(rival);
    if (again >= 0) open.splice(again, 1);
    else
      done.splice(
        done.findIndex(({ apps }) => apps === rival),
        1,
      );
    open.unshift([...group, ...rival].toSorted(byKey));
  }
  return done.toSorted((a, b) => byKey(a.apps[0], b.apps[0]));
}

function byKey(a: App | undefined, b: App | undefined): number {
  return (a?.key ?? '') < (b?.key ?? '') ? -1 : 1;
}

function isSelected({ world }: Inventory, app: App, selector: UnitSelector): boolean {
  return app.pods.some((pod) => selectorMatches(selector, world.pods[pod]?.labels ?? {}));
}

/** The selector of the workload itself, and as many labels more as it takes. */
function selectorOf(inventory: Inventory, group: readonly App[]): UnitSelector | undefined {
  if (!isNamespace(group[0]?.namespace ?? '')) return undefined;
  const common = commonLabels(inventory, group);
  const telling = Object.keys(common)
    .filter((key) => !VOLATILE.some((pattern) => pattern.test(key)) && isLabel(key, common[key] ?? ''))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const others = inventory.apps.filter((app) => app.namespace === group[0]?.namespace && !group.includes(app) && !app.host);
  const podsOf = (apps: readonly App[]): Labels[] => apps.flatMap(({ pods }) => pods.map((pod) => inventory.world.pods[pod]?.labels ?? {}));
  const own = group.length === 1 ? (group[0]?.matchLabels ?? {}) : {};
  const selector: Record<string, string> = {};
  for (const key of telling) if (own[key] === common[key]) selector[key] = common[key] ?? '';
  let rivals = podsOf(others).filter((labels) => mapMatches(selector, labels));
  for (const key of telling) {
    if (Object.keys(selector).length > 0 && rivals.length === 0) break;
    const left = rivals.filter((labels) => labels[key] === common[key]);
    if (left.length === rivals.length && Object.keys(selector).length > 0) continue;
    selector[key] = common[key] ?? '';
    rivals = left;
  }
  if (Object.keys(selector).length === 0) return undefined;
  const absent = absentLabels(podsOf(group), rivals);
  return { matchLabels: sorted(selector), ...(absent.length > 0 && { matchExpressions: absent }) };
}

/** Keys that others have and none of its own pods: each tells more of the others from it, if not all. */
function absentLabels(own: readonly Labels[], others: readonly Labels[]): NonNullable<UnitSelector['matchExpressions']> {
  const isStable = (key: string): boolean => !VOLATILE.some((pattern) => pattern.test(key)) && isLabel(key, '');
  const keys = [...new Set(others.flatMap((labels) => Object.keys(labels)))]
    .filter((key) => isStable(key) && !own.some((labels) => Object.hasOwn(labels, key)))
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const found: string[] = [];
  let left = others;
  for (const key of keys) {
    const fewer = left.filter((labels) => !Object.hasOwn(labels, key));
    if (fewer.length === left.length) continue;
    found.push(key);
    left = fewer;
  }
  return found.map((key) => ({ key, operator: 'DoesNotExist' }));
}

/** That the server takes; another one would make it refuse the policy. */
function isLabel(key: string, value: string): boolean {
  return /^[\w./-]*$/.test(key + value) && isLabelSelector(`${key}=${value}`);
}

function rank(key: string): number {
  const at = TELLING.indexOf(key);
  return at < 0 ? TELLING.length : at;
}

function commonLabels({ world }: Inventory, group: readonly App[]): Labels {
  const [first = {}, ...rest] = group.flatMap(({ pods }) => pods.map((pod) => world.pods[pod]?.labels ?? {}));
  return Object.fromEntries(Object.entries(first).filter(([key, value]) => rest.every((labels) => labels[key] === value)));
}

function sorted(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The name of the workload, with its kind where several have it. */
function namesOf(apps: readonly (App | undefined)[]): string[] {
  const bases = apps.map((app) => cleanName(app?.name ?? ''));
  const placed = apps.map((app, index) => `${app?.namespace}/${bases[index]}`);
  const taken = new Set<string>();
  return apps.map((app, index) => {
    const base = bases[index] ?? '';
    const isShared = base === DEFAULT_DENY || placed.indexOf(placed[index] ?? '') !== placed.lastIndexOf(placed[index] ?? '');
    const wanted = isShared ? `${base}-${app?.kind.toLowerCase()}` : base;
    let name = wanted;
    for (let count = 2; taken.has(`${app?.namespace}/${name}`); count += 1) name = `${wanted}-${count}`;
    taken.add(`${app?.namespace}/${name}`);
    return name;
  });
}

/** Names of pods that get their ends from the server, and of objects that it would not take, are no names of policies. */
function cleanName(name: string): string {
  const clean = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return clean === '' ? 'workload' : clean.slice(0, 200);
}

/** The name of the policy that is for all pods of a namespace. */
export const DEFAULT_DENY = 'default-deny';
