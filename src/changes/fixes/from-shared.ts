/**
 * Accounts that several workloads share: each holds what any of them needs. A workload that was seen using less than that
 * gets an account of its own, with what its own pods used and nothing else.
 */
import type { Binding } from '../../engines/rbac/index.ts';
import { toPointer, segmentsOf } from '../../lib/field-path.ts';
import { plural } from '../../lib/terminal.ts';
import { type ApiObject, type Workload, refOf } from '../../model/index.ts';
import type { Asked, UseRecord } from '../../record/index.ts';
import type { Patch } from '../../rules/index.ts';
import { carriedBy, isKnownElsewhere } from '../account-objects.ts';
import { refIn } from '../overlay.ts';
import type { AccountUser } from '../requests/evidence.ts';
import { usesOfWorkload } from '../requests/moved.ts';
import type { Evidence } from '../prove.ts';
import type { State } from '../state.ts';
import { type Candidate, candidateOf, isSettled } from './candidate.ts';
import { usedRules } from './used-rules.ts';

const API = 'rbac.authorization.k8s.io';
/** More are no accident, and a list of them helps nobody. */
const MOST_SHARING = 10;

export interface Split {
  readonly candidate: Candidate;
  readonly workload: Workload;
  /** Single rights that the workload has no more. */
  readonly dropped: number;
}

/** Of a state they are asked for more than once. */
const KNOWN = new WeakMap<State, { readonly record: UseRecord; readonly splits: readonly Split[] }>();

export function splitsOf(state: State, { record }: Evidence): readonly Split[] {
  if (record === undefined) return [];
  const known = KNOWN.get(state);
  if (known?.record === record) return known.splits;
  const splits = foundIn(state, record);
  KNOWN.set(state, { record, splits });
  return splits;
}

function foundIn(state: State, record: UseRecord): Split[] {
  const shared = sharedAccounts(state);
  if (shared.length === 0) return [];
  const there = new Map(state.objects.map(({ object }) => [refIn(object), object]));
  const workloads = new Map(state.cluster.workloads.map((workload) => [refOf(workload.object), workload]));
  const requests = new Map<string, UseRecord['requests'][number][]>();
  for (const use of record.requests) {
    if (use.allowed + use.unclear === 0) continue;
    const { name = '' } = record.actors[use.actor] ?? {};
    const list = requests.get(name);
    if (list === undefined) requests.set(name, [use]);
    else list.push(use);
  }
  return shared.flatMap(([account, sharing]) => {
    const asked = requests.get(account) ?? [];
    const object = there.get(refOfAccount(account));
    if (asked.length === 0 || (object !== undefined && isKnownElsewhere(object))) return [];
    const bindings = state.rbac.bindingsOf({ name: account, groups: [] }).map(({ binding }) => binding);
    return sharing.flatMap(({ ref }) => {
      const workload = workloads.get(ref);
      if (bindings.length === 0 || workload === undefined || isSettled(workload.object)) return [];
      const { own } = usesOfWorkload({ ref, from: account }, { actors: record.actors, requests: asked }, sharing);
      const split = own.length === 0 ? undefined : splitOf(there, { workload, account, bindings, used: askedIn(own) });
      return split === undefined ? [] : [split];
    });
  });
}

function sharedAccounts({ surroundings: { users } }: State): [account: string, sharing: AccountUser[]][] {
  const byAccount = new Map<string, AccountUser[]>();
  for (const user of users) {
    const list = byAccount.get(user.account);
    if (list === undefined) byAccount.set(user.account, [user]);
    else list.push(user);
  }
  return [...byAccount].filter(([, sharing]) => sharing.length > 1 && sharing.length <= MOST_SHARING);
}

function refOfAccount(userName: string): string {
  const [, , namespace = '', name = ''] = userName.split(':');
  return `ServiceAccount/${namespace}/${name}`;
}

function askedIn(uses: UseRecord['requests']): Asked[] {
  return uses.map(({ asked }) => asked);
}

type Raw = Readonly<Record<string, unknown>>;

interface Wanted {
  readonly workload: Workload;
  readonly account: string;
  readonly bindings: readonly Binding[];
  readonly used: readonly Asked[];
}

/** Undefined where it uses all that the account may do. */
function splitOf(there: ReadonlyMap<string, Raw>, { workload, account, bindings, used }: Wanted): Split | undefined {
  const { namespace, kind, name } = workload;
  const own = [name, `${name}-own`].find((one) => !there.has(`ServiceAccount/${namespace}/${one}`));
  if (own === undefined) return undefined;
  const byScope = new Map<string, Record<string, unknown>[]>();
  let dropped = 0;
  for (const { namespace: scope, role } of bindings) {
    if (role === undefined) return undefined;
    const asked = used.filter((one) => scope === '' || one.namespace === scope);
    const { rules, dropped: less } = usedRules(
      role.rules.map(({ rule }) => rule),
      asked,
    );
    dropped += less;
    if (rules.length > 0) byScope.set(scope, [...(byScope.get(scope) ?? []), ...rules]);
  }
  if (dropped === 0) return undefined;
  const roles = [...byScope].flatMap(([scope, rules]) => granted({ scope, rules, account: own, namespace }));
  if (roles.some(({ target }) => there.has(target))) return undefined;
  const [, , , shared = ''] = account.split(':');
  const created: Patch = {
    target: `ServiceAccount/${namespace}/${own}`,
    operation: 'create',
    patch: [],
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: own, namespace },
      ...carriedBy(there.get(refOfAccount(account)) ?? {}),
    },
  };
  const moved = runningAs(workload, own);
  const title = `give ${kind} ${namespace}/${name} an account of its own with what it uses of ${namespace}/${shared}: ${plural(dropped, 'right')} less`;
  const objects: ApiObject[] = [workload.object];
  const candidate = candidateOf(objects, [created, ...roles, moved], { title, order: 5, effort: 'medium' });
  return { candidate, workload, dropped };
}

/** A role and its binding for the account `namespace/account`, in one namespace or in all for ''. */
function granted({
  scope,
  rules,
  account,
  namespace,
}: {
  scope: string;
  rules: readonly Record<string, unknown>[];
  account: string;
  namespace: string;
}): Patch[] {
  const isWide = scope === '';
  const name = scope === namespace ? account : `${namespace}-${account}`;
  const metadata = isWide ? { name } : { name, namespace: scope };
  const [role, binding] = isWide ? (['ClusterRole', 'ClusterRoleBinding'] as const) : (['Role', 'RoleBinding'] as const);
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace }];
  const created = (kind: string, body: Readonly<Record<string, unknown>>): Patch => ({
    target: isWide ? `${kind}/${name}` : `${kind}/${scope}/${name}`,
    operation: 'create',
    patch: [],
    object: { apiVersion: `${API}/v1`, kind, metadata, ...body },
  });
  return [created(role, { rules }), created(binding, { roleRef: { apiGroup: API, kind: role, name }, subjects })];
}

function runningAs({ object, podPath, pod }: Workload, account: string): Patch {
  const path = toPointer([...segmentsOf(podPath), 'serviceAccountName']);
  const { serviceAccountName } = pod;
  const edit =
    serviceAccountName === undefined
      ? [{ op: 'add' as const, path, value: account }]
      : [
          { op: 'test' as const, path, value: serviceAccountName },
          { op: 'replace' as const, path, value: account },
        ];
  return { target: refOf(object), operation: 'patch', patch: edit };
}
