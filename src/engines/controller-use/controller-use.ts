/**
 * With which credentials the controllers of the controller manager really act. With --use-service-account-credentials
 * each has a token of its own account in kube-system; what is left to the manager itself is to make these accounts and
 * tokens, to keep token Secrets, to read, to lead, and to ask who it is that talks to it (controller_utils.go and
 * controllermanager.go of cmd/kube-controller-manager; logs of 1.31 and 1.36 started both ways agree).
 */
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import { componentRoleRefs } from '../rbac/index.ts';

/** Whose credential all controllers share without accounts of their own. */
export const CONTROLLER_MANAGER = 'system:kube-controller-manager';
const NAMESPACE = 'kube-system';
const ACCOUNT = `system:serviceaccount:${NAMESPACE}:`;

/** What one user was seen to do. */
export interface Seen {
  readonly user: string;
  /** `create replicasets.apps`; undefined where only who acted matters. */
  readonly what: string | undefined;
  readonly count: number;
  /** Seconds since 1970. */
  readonly first: number;
  readonly last: number;
}

export interface ControllerUse {
  /** Controllers that acted with an account of their own, by account. */
  readonly own: readonly Seen[];
  /** What only controllers do, and was done with the credential of the controller manager. */
  readonly shared: readonly Seen[];
}

/** What a record shows of it: both lists are empty where the log leaves controllers out. */
export function controllerUseIn(record: UseRecord): ControllerUse {
  const accounts = controllerAccounts();
  const feigned = impersonatedIn(record);
  const own = new Map<string, Seen>();
  const shared = new Map<string, Seen>();
  for (const use of record.requests) {
    const actor = record.actors[use.actor];
    if (actor === undefined || use.asked.through !== 'request' || feigned(actor.name)) continue;
    // A pod with the account of a controller is none.
    if (accounts.has(actor.name) && actor.bound !== 'pod') note(own, actor.name, { user: actor.name, what: undefined, use });
    if (actor.name !== CONTROLLER_MANAGER || !isOfController(use.asked)) continue;
    const what = wordsOf(use.asked);
    note(shared, what, { user: actor.name, what, use });
  }
  return { own: inOrder(own), shared: inOrder(shared) };
}

/** Of those that the cloud controller manager runs as well nobody could say which of the two acted. */
const OF_CLOUDS: ReadonlySet<string> = new Set(['node-controller', 'service-controller', 'route-controller']);

function controllerAccounts(): ReadonlySet<string> {
  const names = componentRoleRefs().flatMap((ref) => /\/system:controller:(.+)$/.exec(ref)?.[1] ?? []);
  return new Set(names.filter((name) => !OF_CLOUDS.has(name)).map((name) => `${ACCOUNT}${name}`));
}

/** Users whose requests somebody else may have made. */
function impersonatedIn({ requests }: UseRecord): (user: string) => boolean {
  const users = new Set<string>();
  for (const { asked } of requests) {
    const { through, resource, namespace, name } = asked;
    if (through !== 'impersonation') continue;
    // Too many to be told one by one: it may have been any of them.
    if (resource === 'users') users.add(name ?? CONTROLLER_MANAGER);
    if (resource === 'serviceaccounts' && namespace === NAMESPACE) users.add(`${ACCOUNT}${name ?? ''}`);
  }
  const anyAccount = users.has(ACCOUNT);
  return (user) => users.has(user) || (anyAccount && user.startsWith(ACCOUNT));
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);
/** Leading and its events, and questions about who talks to it and may. */
const OWN_GROUPS: ReadonlySet<string> = new Set(['coordination.k8s.io', 'events.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io']);
/** Whoever signs tokens keeps their Secrets, and names them in accounts. */
const OF_TOKENS: ReadonlySet<string> = new Set(['secrets', 'serviceaccounts']);
/** What it led by before there were leases. */
const OLD_LOCKS: ReadonlySet<string> = new Set(['endpoints', 'configmaps']);

/** Whether it is a write that the manager itself never makes. */
function isOfController({ verb, apiGroup, resource, namespace, name }: Asked): boolean {
  if (!WRITES.has(verb) || resource === '' || OWN_GROUPS.has(apiGroup)) return false;
  if (apiGroup !== '') return true;
  if (resource === 'events') return false;
  // The accounts of controllers lie in kube-system; those of everybody else are made by a controller.
  if (OF_TOKENS.has(resource)) return resource === 'serviceaccounts' && verb === 'create' && namespace !== NAMESPACE;
  const isLock = namespace === NAMESPACE && (name === undefined || name === '' || name === 'kube-controller-manager');
  return !(OLD_LOCKS.has(resource) && isLock);
}

function wordsOf({ verb, apiGroup, resource, subresource }: Asked): string {
  const plain = subresource === '' ? resource : `${resource}/${subresource}`;
  return `${verb} ${apiGroup === '' ? plain : `${plain}.${apiGroup}`}`;
}

function note(seen: Map<string, Seen>, key: string, { user, what, use }: Pick<Seen, 'user' | 'what'> & { use: RequestUse }): void {
  const count = use.allowed + use.denied + use.unclear;
  const before = seen.get(key);
  seen.set(key, {
    user,
    what,
    count: count + (before?.count ?? 0),
    first: Math.min(use.first, before?.first ?? Infinity),
    last: Math.max(use.last, before?.last ?? -Infinity),
  });
}

/** The most frequent first. */
function inOrder(seen: ReadonlyMap<string, Seen>): Seen[] {
  return [...seen].toSorted(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1)).map(([, each]) => each);
}
