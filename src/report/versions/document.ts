/** What runs in which version, what is wrong with that, and the way on: the answer of `castellan versions` as one document. */
import {
  type Action,
  type ApiUse,
  type ConditionTables,
  type CveVerdict,
  type Instance,
  type Platform,
  type RemovedUse,
  type Tristate,
  type UpgradePlan,
  type VersionData,
  compareVersions,
  judgeCves,
  planUpgrade,
  platformOf,
  productOf,
  skewProblems,
  supportOf,
  withoutVersion,
} from '../../engines/versions/index.ts';
import { type ApiObject, refOf } from '../../model/index.ts';
import type { Gap } from '../../snapshot/index.ts';

export interface Place {
  object: string;
  path: string;
}

export interface ComponentEntry {
  component: string;
  /** Null where what is written names none. */
  version: string | null;
  /** What is written: a version, an image, the name of a system. */
  text: string;
  count: number;
  nodes: string[];
  where: Place[];
  support: SupportEntry | null;
  /** Sentences of the skew policy that it breaks; null where its version is not known though the policy is about it. */
  skew: string[] | null;
  cves: { applies: number; unknown: number };
}

interface SupportEntry {
  product: string;
  cycle: string;
  state: 'supported' | 'maintenance' | 'extended' | 'ended' | 'unlisted';
  active?: string | boolean;
  end?: string | boolean;
  extended?: string | boolean;
  latest?: string;
  behind?: boolean;
}

export interface CveEntry {
  id: string;
  severity: string;
  score?: number;
  published: string;
  title: string;
  component: string;
  applies: Tristate;
  because: string;
  versions: string[];
  nodes: string[];
  where: Place[];
  fixed: string[];
  advice?: string;
  reference?: string;
}

export interface UseEntry {
  how: ApiUse['how'];
  who?: string;
  agent?: string;
  last?: string;
  count: number;
  objects: string[];
}
export interface RemovedEntry {
  api: string;
  kinds: readonly string[];
  removed: string;
  replacement?: string;
  uses: UseEntry[];
}

export interface StepEntry {
  to: string;
  release: string | null;
  actions: { part: Action['part']; components: readonly string[]; text: string }[];
  removed: RemovedEntry[];
  closes: { cves: { id: string; component: string }[]; findings: readonly string[] };
}

export interface VersionsDocument {
  schema: 'castellan/versions/v1';
  /** The day that is judged for. */
  on: string;
  data: { asOf: string };
  kubernetes: { version: string | null; platform: string | null };
  components: ComponentEntry[];
  /** Parts of a control plane that the input does not show. */
  unseen: string[];
  cves: CveEntry[];
  upgrade: { from: string; to: string; steps: StepEntry[]; already: RemovedEntry[]; left: { id: string; component: string }[] } | null;
  /** Whether anything that was asked for tells of requests: without it only objects tell which APIs are in use. */
  requests: { read: boolean };
  gaps: Gap[];
}

export interface VersionsInput {
  instances: readonly Instance[];
  tables: ConditionTables;
  uses: readonly ApiUse[];
  data: VersionData;
  on: string;
  to?: number;
  /** Whether a record or an audit log was read. */
  requestsRead: boolean;
  gaps: readonly Gap[];
}

const MOST_PLACES = 20;
const CONTROL_PLANE = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'] as const;
/** In the order in which people think of them; the rest follows by name. */
const ORDER = [
  ...CONTROL_PLANE,
  'cloud-controller-manager',
  'kubelet',
  'kube-proxy',
  'containerd',
  'cri-o',
  'docker',
  'kernel',
  'os',
  'coredns',
];
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

export function versionsDocument(input: VersionsInput): VersionsDocument {
  const { instances, tables, uses, data, on, to, requestsRead, gaps } = input;
  const platform = platformOf(instances);
  const verdicts = judgeCves(instances, tables, data);
  const plan = planUpgrade({ instances, tables, uses, data, on, ...(to !== undefined && { to }) });
  return {
    schema: 'castellan/versions/v1',
    on,
    data: { asOf: data.asOf },
    kubernetes: { version: serverVersion(instances), platform: platform ?? null },
    components: componentsOf(input, { verdicts, platform }),
    unseen: CONTROL_PLANE.filter((name) => !instances.some(({ component }) => component === name)),
    cves: verdicts.map(cveEntry).toSorted(bySeverity),
    upgrade: plan === undefined ? null : upgradeEntry(plan),
    requests: { read: requestsRead },
    gaps: [...gaps],
  };
}

function serverVersion(instances: readonly Instance[]): string | null {
  return instances.find(({ component, version }) => component === 'kube-apiserver' && version !== undefined)?.version?.text ?? null;
}

interface Judged {
  verdicts: readonly CveVerdict[];
  platform: Platform | undefined;
}

/** Instances of one version together. */
function componentsOf({ instances, data, on }: VersionsInput, { verdicts, platform }: Judged): ComponentEntry[] {
  const groups = new Map<string, Instance[]>();
  for (const instance of instances) {
    const key = `${instance.component} ${instance.product ?? ''} ${instance.version?.text ?? instance.text}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [instance]);
    else group.push(instance);
  }
  const problems = skewProblems(instances, data);
  const silent = new Set(withoutVersion(instances, data));
  return [...groups.values()]
    .toSorted(([a], [b]) => compareInstances(a, b))
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const members = new Set(group);
      const { product, version } = productOf(first, platform) ?? {};
      const support = product === undefined || version === undefined ? undefined : supportOf(product, version, { data, on });
      const holes = (applies: Tristate): number =>
        verdicts.filter((verdict) => verdict.applies === applies && verdict.instances.some((each) => members.has(each))).length;
      return [
        {
          component: first.component,
          version: first.version?.text ?? null,
          text: first.text,
          count: group.length,
          nodes: nodesOf(group),
          where: placesOf(group),
          support: support === undefined || product === undefined ? null : supportEntry(product, support),
          skew: silent.has(first)
            ? null
            : [...new Set(problems.filter((problem) => problem.instances.some((each) => members.has(each))).map(({ because }) => because))],
          cves: { applies: holes('yes'), unknown: holes('unknown') },
        },
      ];
    });
}

function supportEntry(product: string, { state, cycle, release, behind }: NonNullable<ReturnType<typeof supportOf>>): SupportEntry {
  const { active, end, extended, latest } = release ?? {};
  return {
    product,
    cycle,
    state,
    ...(active !== undefined && { active }),
    ...(end !== undefined && { end }),
    ...(extended !== undefined && { extended }),
    ...(latest !== undefined && { latest }),
    ...(behind !== undefined && { behind }),
  };
}

function compareInstances(one: Instance | undefined, other: Instance | undefined): number {
  if (one === undefined || other === undefined) return 0;
  const place = ({ component }: Instance): number => (ORDER.includes(component) ? ORDER.indexOf(component) : ORDER.length);
  const byName = place(one) - place(other) || compareTexts(one.component, other.component);
  if (byName !== 0) return byName;
  if (one.version === undefined || other.version === undefined)
    return Number(one.version === undefined) - Number(other.version === undefined);
  return compareVersions(one.version, other.version) || compareTexts(one.text, other.text);
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function nodesOf(instances: readonly Instance[]): string[] {
  return [...new Set(instances.flatMap(({ node }) => node ?? []))].toSorted();
}

function placesOf(instances: readonly Instance[], evidence: readonly { object: ApiObject; path: string }[] = []): Place[] {
  const own = instances.map(({ object, path }) => ({ object: object === undefined ? 'API server' : refOf(object), path }));
  return [...own.slice(0, MOST_PLACES), ...evidence.slice(0, MOST_PLACES).map(({ object, path }) => ({ object: refOf(object), path }))];
}

function cveEntry({ cve, component, applies, because, instances, fixed, evidence }: CveVerdict): CveEntry {
  const { id, severity, score, published, title, advice, reference } = cve;
  return {
    id,
    severity,
    ...(score !== undefined && { score }),
    published,
    title,
    component,
    applies,
    because,
    versions: [...new Set(instances.map(({ version, text }) => version?.text ?? text))].toSorted(),
    nodes: nodesOf(instances),
    where: placesOf(instances, evidence),
    fixed: [...fixed],
    ...(advice !== undefined && { advice }),
    ...(reference !== undefined && { reference }),
  };
}

const VERDICTS: readonly Tristate[] = ['yes', 'unknown', 'no'];

function bySeverity(one: CveEntry, other: CveEntry): number {
  return (
    VERDICTS.indexOf(one.applies) - VERDICTS.indexOf(other.applies) ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    (other.score ?? 0) - (one.score ?? 0) ||
    compareTexts(one.id, other.id)
  );
}

function upgradeEntry({ from, to, steps, already, left }: UpgradePlan): NonNullable<VersionsDocument['upgrade']> {
  return {
    from,
    to,
    steps: steps.map(({ to: minor, release, actions, removed, closes }) => ({
      to: minor,
      release: release ?? null,
      actions: actions.map(({ part, components, text }) => ({ part, components, text })),
      removed: removed.map(removedEntry),
      closes: { cves: [...closes.cves], findings: closes.findings },
    })),
    already: already.map(removedEntry),
    left: left.map(({ cve, component }) => ({ id: cve.id, component })),
  };
}

function removedEntry({ removal, uses }: RemovedUse): RemovedEntry {
  const { api, kinds, removed, replacement } = removal;
  return {
    api,
    kinds,
    removed: `1.${removed}`,
    ...(replacement !== undefined && { replacement }),
    uses: uses.map(({ how, who, agent, last, count, objects }) => ({
      how,
      ...(who !== undefined && { who }),
      ...(agent !== undefined && { agent }),
      ...(last !== undefined && { last }),
      count,
      objects: objects.slice(0, MOST_PLACES).map(refOf),
    })),
  };
}
