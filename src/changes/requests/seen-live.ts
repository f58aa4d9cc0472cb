/**
 * Use that a cluster itself shows while it is read, without any log: who leads by a Lease, and who wrote an object lately.
 * It proves that a right is used. That nothing is shown proves nothing: most use leaves no trace of the kind.
 */
import { isRecord, textOf } from '../../lib/record.ts';
import { type Rbac, type User, accountUserName, catalogOf, isNeverNamed } from '../../engines/rbac/index.ts';
import type { Cluster, Workload } from '../../model/index.ts';
import type { Leases, SourceObject } from '../../snapshot/index.ts';
import { type Denial, LEAST_WINDOW, type ShownCode } from '../proof.ts';
import type { Surroundings } from '../surroundings.ts';
import { rightText } from './lost.ts';

type Raw = Readonly<Record<string, unknown>>;

export interface LiveUse {
  /** `system:serviceaccount:shop:cart`. */
  readonly account: string;
  /** The workload whose pods did, where only one runs so: `Deployment/shop/cart`. */
  readonly ref: string | undefined;
  /** One of them was used; which, nobody can tell. */
  readonly verbs: readonly string[];
  readonly apiGroup: string;
  /** With its subresource, as rules write it. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** In seconds since 1970. */
  readonly last: number;
  readonly code: ShownCode;
}

export interface LiveCluster {
  readonly objects: readonly SourceObject[];
  readonly cluster: Cluster;
  readonly surroundings: Surroundings;
  readonly leases: Leases | undefined;
  /** When it was read, in seconds since 1970. */
  readonly readAt: number;
}

/** Of the three weeks before the cluster was read. */
export function liveUsesIn(live: LiveCluster): LiveUse[] {
  const isLate = ({ last }: LiveUse): boolean => last > live.readAt - LEAST_WINDOW;
  return [...leading(live), ...writing(live)].filter(isLate);
}

/**
 * What of it would be refused: where a user may do one of the verbs before and none afterwards. Who may do none of them
 * before is not who it was. `loserOf` gives the user with all groups where something is taken from him.
 */
export function liveDenials(
  { before, after }: { before: Rbac; after: Rbac },
  uses: readonly LiveUse[],
  loserOf: (use: LiveUse) => (User & { readonly afterwards?: User }) | undefined,
): Denial[] {
  const denies = new Map<string, Denial>();
  const losers = new Map<string, ReturnType<typeof loserOf>>();
  for (const use of uses) {
    const who = `${use.account} ${use.ref ?? ''}`;
    if (!losers.has(who)) losers.set(who, loserOf(use));
    const user = losers.get(who);
    if (user === undefined) continue;
    const may = (rights: Rbac, whom: User, verb: string): boolean => {
      const { apiGroup, namespace, name } = use;
      const [resource = '', subresource = ''] = use.resource.split('/');
      const named = isNeverNamed({ verb, subresource }) ? '' : name;
      return rights.authorize(whom, { verb, apiGroup, resource, subresource, namespace, name: named }).allowed;
    };
    const had = use.verbs.filter((verb) => may(before, user, verb));
    if (had.length === 0 || use.verbs.some((verb) => may(after, user.afterwards ?? user, verb))) continue;
    const { apiGroup, resource, namespace, code } = use;
    // Of what was written there may be thousands.
    const names = code === 'leads' ? [use.name] : [];
    const what = rightText({ verb: had.join(' or '), apiGroup, resource, namespace, names, path: '' });
    const known = denies.get(`${user.name}: ${what}`);
    const last = Math.max(use.last, known?.last ?? 0);
    denies.set(`${user.name}: ${what}`, { who: user.name, what, count: 1 + (known?.count ?? 0), last, code });
  }
  return [...denies.values()];
}

/** Client libraries call a holder by the name of its host, which in a pod is the pod's, and put `_` and a number behind it. */
function leading({ surroundings: { pods }, leases }: LiveCluster): LiveUse[] {
  return (leases?.holders ?? []).flatMap(({ namespace, name, holder, renewed }): LiveUse[] => {
    const called = pods.get(holder) ?? pods.get(holder.split('_', 1)[0] ?? '') ?? [];
    const near = called.filter((pod) => pod.namespace === namespace);
    const [pod, more] = near.length > 0 ? near : called;
    if (pod === undefined || more !== undefined) return [];
    const { account, ref } = pod;
    const lease = {
      account,
      ref,
      apiGroup: 'coordination.k8s.io',
      resource: 'leases',
      namespace,
      name,
      last: renewed,
      code: 'leads',
    } as const;
    // Whoever renews a lock has read it, and reads it again when it was lost.
    return [
      { ...lease, verbs: ['get'] },
      { ...lease, verbs: ['update', 'patch'] },
    ];
  });
}

/** Clients of people and pipelines, and names that any program may have. */
const ANYBODY =
  /^(kubectl|helm|flux|argocd|terraform|tofu|pulumi|ansible|oc|k9s|lens|kustomize|curl|wget|bash|sh|ash|python\d?|node|java|ruby|go|main|manager|controller|operator|server|agent|app|api|worker|client|program|unknown|before-first-apply|Mozilla|Go-http-client|OpenAPI-Generator|okhttp|kubernetes)$/i;

/** Accounts that a program may run as, by the names that managed fields may call it. */
interface Program {
  readonly accounts: Set<string>;
  readonly refs: Set<string>;
  /** Whether one of them is started by that name, and not just called so. */
  isStarted: boolean;
}

/** Clients that say nothing else are called by the program that they are. Known is who it was only where that is one account. */
function* writing({ objects, cluster, surroundings: { users }, readAt }: LiveCluster): Generator<LiveUse> {
  const programs = programsOf(cluster.tables.workloads.all);
  const catalog = catalogOf(cluster);
  const plurals = new Map<string, string | undefined>();
  for (const { object, managedFields } of objects) {
    if (managedFields === undefined) continue;
    const { namespace, name, creationTimestamp }: Raw = isRecord(object.metadata) ? object.metadata : {};
    for (const { manager, operation, subresource, time } of entriesOf(managedFields)) {
      const last = Date.parse(textOf(time)) / 1000;
      const program = programs.get(textOf(manager));
      const [account, more] = program?.accounts ?? [];
      if (program?.isStarted !== true || account === undefined || more !== undefined || Number.isNaN(last) || last > readAt) continue;
      const [group, kind] = [groupOf(textOf(object.apiVersion)), textOf(object.kind)];
      const key = `${group}/${kind}`;
      if (!plurals.has(key)) plurals.set(key, pluralOf(catalog.group(group)?.values() ?? [], kind));
      const plural = plurals.get(key);
      if (plural === undefined) continue;
      const [ref, other] = program.refs;
      const isOnly = other === undefined && users.filter((user) => user.account === account).every((user) => user.ref === ref);
      yield {
        account,
        ref: isOnly ? ref : undefined,
        // A merge patch is told as an update too, and whoever created the object wrote it in that second.
        verbs: operation === 'Apply' ? ['patch'] : time === creationTimestamp ? ['create', 'update', 'patch'] : ['update', 'patch'],
        apiGroup: group,
        resource: typeof subresource === 'string' && subresource !== '' ? `${plural}/${subresource}` : plural,
        namespace: textOf(namespace),
        name: textOf(name),
        last,
        code: 'wrote',
      };
    }
  }
}

function programsOf(workloads: Iterable<Workload>): ReadonlyMap<string, Program> {
  const programs = new Map<string, Program>();
  for (const { kind, namespace, name, serviceAccount, containers, isMirrorPod } of workloads) {
    if (isMirrorPod) continue;
    const account = accountUserName({ namespace, name: serviceAccount });
    const started = new Set(containers.map(({ spec }) => programOf(spec)));
    for (const called of new Set([...started, name, serviceAccount, ...containers.map((container) => container.name)])) {
      if (called === '' || ANYBODY.test(called)) continue;
      let program = programs.get(called);
      if (program === undefined) programs.set(called, (program = { accounts: new Set(), refs: new Set(), isStarted: false }));
      program.accounts.add(account);
      program.refs.add(`${kind}/${namespace}/${name}`);
      program.isStarted ||= started.has(called);
    }
  }
  return programs;
}

/** What a container starts: the program of its command, else what its image is called. */
function programOf({ command, image = '' }: { command?: readonly string[]; image?: string }): string {
  const [first] = command ?? [];
  if (first !== undefined) return first.split('/').at(-1) ?? '';
  const [repository = ''] = image.split('@', 1);
  return (repository.split('/').at(-1) ?? '').replace(/:.*$/, '');
}

function entriesOf(text: string): Raw[] {
  try {
    const list = JSON.parse(text) as unknown;
    return Array.isArray(list) ? (list as unknown[]).filter(isRecord) : [];
  } catch {
    return [];
  }
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function pluralOf(resources: Iterable<{ readonly resource: string; readonly names: readonly string[] }>, kind: string): string | undefined {
  for (const { resource, names } of resources) if (names.includes(kind.toLowerCase())) return resource;
  return undefined;
}
