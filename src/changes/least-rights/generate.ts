/** Least-privilege roles from recorded use, and the proof that nothing recorded is refused by them. */
import { ANONYMOUS, MASTERS, type Rbac, type User, rbacOfObjects } from '../../engines/rbac/index.ts';
import { groupBy } from '../../lib/groups.ts';
import type { RequestUse, UseRecord } from '../../record/index.ts';
import { HandedOn } from '../requests/handed-on.ts';
import { type NeedOptions, countOf, needsOf, usersOf } from './needs.ts';
import { type GeneratedRole, newRoles } from './new-roles.ts';
import { type Left, requestOf, shrinkRoles } from './shrink.ts';

export interface RefusedUse {
  readonly who: string;
  readonly use: RequestUse;
  readonly why: string;
}

export interface LeastRights {
  readonly roles: readonly GeneratedRole[];
  /** Of new roles; roles that shrink stay bound as they are. */
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
  readonly left: readonly Left[];
  /** Every recorded use, asked again. Refused ones mean that what was generated must not be applied. */
  /** `elsewhere` counts distinct uses that the roles of the input never allowed. */
  readonly replay: {
    readonly elsewhere: number;
    readonly distinct: number;
    readonly requests: number;
    readonly refused: readonly RefusedUse[];
  };
}

export interface LeastOptions extends NeedOptions {
  /** User names; where left out everybody but Kubernetes itself. */
  readonly only?: ReadonlySet<string>;
}

/** New roles and bindings for each subject, as if it had none. */
export function rolesFromUse(record: UseRecord, options: LeastOptions = {}): LeastRights {
  const users = usersOf(record);
  const asked = record.requests.filter((use) => isMeant(users[use.actor], options.only) && countOf(use, options) > 0);
  const roles: GeneratedRole[] = [];
  const bindings: Readonly<Record<string, unknown>>[] = [];
  for (const [name, uses] of [...groupBy(asked, ({ actor }) => users[actor]?.name ?? '')].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const made = newRoles(name, needsOf(uses, options));
    roles.push(...made.roles);
    bindings.push(...made.bindings);
  }
  const after = rbacOfObjects([...roles.map(({ object }) => object), ...bindings]);
  const handedOn = new HandedOn(after, record);
  const isWriter = (name: string): boolean => handedOn.isBy({ kind: 'User', name, userName: name });
  const told = roles.map((role) => (role.holders.some(isWriter) ? { ...role, notes: [...role.notes, WRITER] } : role));
  return { roles: told, bindings, left: [], replay: { elsewhere: 0, ...replayOf(after, asked, { users, options }) } };
}

/** The server asks that inside of the request, and the log has no word of it. */
const WRITER =
  'It wrote roles or bindings, and has to hold what they give or to have escalate and bind, which no log tells: add what it needs of that';

/** The roles of a cluster, each without what was not used. */
export function rolesShrunk(rbac: Rbac, record: UseRecord, options: LeastOptions = {}): LeastRights {
  const users = usersOf(record);
  const { roles, left } = shrinkRoles(rbac, record, options);
  const shrunk = new Map(roles.map(({ ref, object }) => [ref, object]));
  const after = rbacOfObjects([
    ...rbac.roles.map(
      ({ ref, object, rules, aggregated }) =>
        shrunk.get(ref) ?? written(object, aggregated ? rules.map(({ rule }) => rule) : object.body.rules),
    ),
    ...rbac.bindings.map(({ object }) => ({ ...written(object, undefined), roleRef: object.body.roleRef, subjects: object.body.subjects })),
  ]);
  // What the input does not allow either was allowed by something else, or before the rights changed.
  const used = record.requests.filter((use) => countOf(use, options) > 0);
  const asked = used.filter((use) => {
    const user = users[use.actor];
    return user !== undefined && rbac.authorize(user, requestOf(use)).allowed;
  });
  return { roles, bindings: [], left, replay: { elsewhere: used.length - asked.length, ...replayOf(after, asked, { users, options }) } };
}

function written(
  { apiVersion, kind, namespace, name }: { apiVersion: string; kind: string; namespace: string; name: string },
  rules: unknown,
): Record<string, unknown> {
  return { apiVersion, kind, metadata: { name, ...(namespace !== '' && { namespace }) }, ...(rules !== undefined && { rules }) };
}

function replayOf(
  after: Rbac,
  asked: readonly RequestUse[],
  { users, options }: { users: readonly User[]; options: NeedOptions },
): Omit<LeastRights['replay'], 'elsewhere'> {
  const refused: RefusedUse[] = [];
  let requests = 0;
  for (const use of asked) {
    requests += countOf(use, options);
    const user = users[use.actor];
    if (user === undefined) continue;
    if (after.authorize(user, requestOf(use)).allowed) continue;
    const isFolded = use.asked.resource === '' && use.asked.path === '';
    refused.push({
      who: user.name,
      use,
      why: isFolded ? 'there were too many paths to keep each, and a rule with a star is never written' : 'no rule allows it',
    });
  }
  return { distinct: asked.length, requests, refused };
}

/** Rights of Kubernetes' own components are Kubernetes' to know, those of system:masters are in no role. */
function isMeant(user: User | undefined, only: ReadonlySet<string> | undefined): boolean {
  if (user === undefined) return false;
  if (only !== undefined) return only.has(user.name);
  if (user.name.startsWith('system:serviceaccount:')) return !user.name.startsWith('system:serviceaccount:kube-system:');
  return !user.name.startsWith('system:') && user.name !== ANONYMOUS && !user.groups.includes(MASTERS);
}
