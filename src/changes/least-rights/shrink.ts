/**
 * Roles as they are, without what nobody was seen using. Each recorded use is put down to one rule that allows it: one
 * that stays as it is before one that can shrink, one in a namespace before one of the whole cluster, a narrow one before
 * one with stars. What is put down to a rule stays in it, the rest goes; so a rule only ever loses.
 */
import {
  type Held,
  type Rbac,
  type RbacRequest,
  type Role,
  type RoleRule,
  type User,
  contentOf,
  ruleAllows,
  uncovered,
} from '../../engines/rbac/index.ts';
import { listIn } from '../../lib/groups.ts';
import type { RequestUse, UseRecord } from '../../record/index.ts';
import { ownerOf } from '../ownership.ts';
import { HandedOn } from '../requests/handed-on.ts';
import { rightText, subjectText } from '../requests/lost.ts';
import { type Need, type NeedOptions, type Wanted, countOf, needsFor, together, usersOf, verbKey } from './needs.ts';
import { type GeneratedRole, RBAC_API } from './new-roles.ts';
import { type NeededRule, rulesFor } from './rules.ts';

export interface Left {
  readonly ref: string;
  readonly why: string;
}

export interface Shrunk {
  readonly roles: readonly GeneratedRole[];
  readonly left: readonly Left[];
}

export interface ShrinkOptions extends NeedOptions {
  /** Only roles that one of these has, by user name; all where left out. */
  readonly only?: ReadonlySet<string>;
}

interface Way {
  readonly held: Held;
  readonly rule: RoleRule;
}

export function shrinkRoles(rbac: Rbac, record: UseRecord, options: ShrinkOptions = {}): Shrunk {
  const users = usersOf(record);
  const active = activeIn(record, users);
  const handedOn = new HandedOn(rbac, record);
  const roles: GeneratedRole[] = [];
  const left: Left[] = [];
  const shrinking = new Map<Role, Map<RoleRule, Wanted[]>>();
  const components = new Set(rbac.roles.filter(({ aggregated }) => aggregated).flatMap(({ rules }) => rules.map(({ source }) => source)));
  for (const role of rbac.roles) {
    const holders = holdersOf(rbac, role);
    if (holders.length === 0 || (options.only !== undefined && !holders.some(({ userName }) => options.only?.has(userName) === true)))
      continue;
    const why = components.has(role.object)
      ? 'its rules are aggregated into another role'
      : reasonToLeave(role, holders, { active, handedOn });
    if (why === undefined) shrinking.set(role, new Map());
    else if (why !== '') left.push({ ref: role.ref, why });
  }
  for (const [rule, wanted] of wantedOf(rbac, { record, users, options }, shrinking)) {
    const own = shrinking.get(rule.role);
    if (own !== undefined) own.set(rule, wanted);
  }
  for (const [role, kept] of shrinking) {
    const shrunk = shrunkRole(rbac, role, { kept, options });
    if (shrunk !== undefined) roles.push(shrunk);
  }
  return { roles, left };
}

/** Each use, put down to the rule that is to keep allowing it; a rule's uses of all who have it come together. */
function wantedOf(
  rbac: Rbac,
  { record, users, options }: { record: UseRecord; users: readonly User[]; options: NeedOptions },
  shrinking: ReadonlyMap<Role, unknown>,
): Map<RoleRule, Wanted[]> {
  const found = new Map<RoleRule, Wanted[]>();
  const seen = new Set(record.requests.map(({ actor, asked }) => `${users[actor]?.name} ${verbKey(asked)}`));
  for (const use of record.requests) {
    const user = users[use.actor];
    if (user === undefined || countOf(use, options) === 0) continue;
    const implied = together(use.asked).filter((asked) => !seen.has(`${user.name} ${verbKey(asked)}`));
    const all: Wanted[] = [{ use, goesWith: undefined }, ...implied.map((asked) => ({ use: { ...use, asked }, goesWith: use.asked.verb }))];
    for (const wanted of all) {
      const ways = allowing(rbac, user, requestOf(wanted.use)).map((way) => ({ way, rank: rankOf(way, shrinking) }));
      const [best] = ways.toSorted((a, b) => a.rank - b.rank);
      if (best !== undefined) listIn(found, best.way.rule).push(wanted);
    }
  }
  return found;
}

function allowing(rbac: Rbac, user: User, request: RbacRequest): Way[] {
  const namespace = 'namespace' in request ? request.namespace : '';
  return rbac
    .bindingsOf(user)
    .filter(({ binding }) => binding.namespace === '' || binding.namespace === namespace)
    .flatMap((held) => (held.binding.role?.rules ?? []).filter(({ rule }) => ruleAllows(rule, request)).map((rule) => ({ held, rule })));
}

function rankOf({ held, rule }: Way, shrinking: ReadonlyMap<Role, unknown>): number {
  const { verbs, apiGroups, resources, nonResourceURLs } = rule.rule;
  const stars = [verbs, apiGroups, resources, nonResourceURLs].filter((list) => list.some((one) => one.includes('*'))).length;
  return (shrinking.has(rule.role) ? 100 : 0) + (held.binding.namespace === '' ? 10 : 0) + stars;
}

export function requestOf({ asked }: Pick<RequestUse, 'asked'>): RbacRequest {
  const { verb, apiGroup, resource, subresource, namespace, name = '', path } = asked;
  return resource === '' ? { verb, path } : { verb, apiGroup, resource, subresource, namespace, name };
}

/** No more names than the rule had. */
function inside({ rule: { resourceNames } }: RoleRule, need: Need): Need {
  const names = resourceNames.length === 0 ? need.names : (need.names?.filter((name) => resourceNames.includes(name)) ?? resourceNames);
  return { ...need, names };
}

function shrunkRole(
  rbac: Rbac,
  role: Role,
  { kept, options }: { kept: ReadonlyMap<RoleRule, readonly Wanted[]>; options: NeedOptions },
): GeneratedRole | undefined {
  const rules: NeededRule[] = role.rules.flatMap((rule) => {
    // Where a role is bound does not change, and its rules say nothing of namespaces.
    const wanted = (kept.get(rule) ?? []).map(({ use, goesWith }) => ({
      use: { ...use, asked: { ...use.asked, namespace: '' } },
      goesWith,
    }));
    return rulesFor(needsFor(wanted, options).map((need) => inside(rule, need)));
  });
  const after = rules.map(({ rule }) => contentOf(rule));
  const lost = uncovered(
    after,
    role.rules.map(({ rule }) => rule),
  );
  if (lost.length === 0) return undefined;
  const { object } = role;
  const { kind, name, namespace } = object;
  const dropped = lost.map(({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs }) =>
    rightText({
      namespace: '',
      verb: verbs[0] ?? '',
      apiGroup: apiGroups[0] ?? '',
      resource: resources[0] ?? '',
      names: resourceNames,
      path: nonResourceURLs[0] ?? '',
    }),
  );
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...annotations } = object.annotations;
  const metadata = {
    name,
    ...(namespace !== '' && { namespace }),
    ...(Object.keys(object.labels).length > 0 && { labels: object.labels }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
  return {
    ref: role.ref,
    object: { apiVersion: `${RBAC_API}/v1`, kind, metadata, rules: rules.map(({ rule }) => rule) },
    holders: holdersOf(rbac, role).map((subject) => subjectText(subject)),
    rules,
    dropped: [...new Set(dropped)],
    notes: notesOn(rbac, role, new Set([...kept.values()].flat().map(({ use }) => use.asked.namespace))),
  };
}

/** A role that is bound in the whole cluster though it was used in few namespaces only. */
function notesOn(rbac: Rbac, role: Role, used: ReadonlySet<string>): string[] {
  const { where } = ownerOf(role.object);
  const notes = where === '' ? [] : [`Change it ${where}`];
  const namespaces = [...used].toSorted();
  const wide = rbac.bindings.filter((binding) => binding.role === role && binding.namespace === '');
  if (wide.length > 0 && namespaces.length > 0 && !namespaces.includes(''))
    notes.push(
      `Used in ${namespaces.join(', ')} only: a RoleBinding there could take the place of ${wide.map(({ ref }) => ref).join(', ')}`,
    );
  return notes;
}

function holdersOf(rbac: Rbac, role: Role): Rbac['subjects'] {
  const found = rbac.bindings.filter((binding) => binding.role === role).flatMap(({ subjects }) => subjects.map(({ subject }) => subject));
  return [...new Set(found)];
}

/** '' where it is not worth a word. */
function reasonToLeave(
  role: Role,
  holders: Rbac['subjects'],
  { active, handedOn }: { active: ReadonlySet<string>; handedOn: HandedOn },
): string | undefined {
  if (ownerOf(role.object).kind === 'bootstrap') return '';
  if (role.aggregated) return 'its rules are aggregated from other roles';
  const silent = holders.filter((subject) => !active.has(subject.kind === 'Group' ? `group ${subject.name}` : `user ${subject.userName}`));
  if (silent.length > 0) return `the record has nothing of ${silent.map((subject) => subjectText(subject)).join(', ')}`;
  const writers = holders.filter((subject) => handedOn.isBy(subject));
  if (writers.length === 0) return undefined;
  return `${writers.map((subject) => subjectText(subject)).join(', ')} wrote roles or bindings, and has to hold what they give`;
}

/** `user NAME` and `group NAME` of everybody who did something. */
function activeIn({ requests }: UseRecord, users: readonly User[]): Set<string> {
  const active = new Set<string>();
  for (const index of new Set(requests.map(({ actor }) => actor))) {
    const user = users[index];
    if (user === undefined) continue;
    active.add(`user ${user.name}`);
    for (const group of user.groups) active.add(`group ${group}`);
  }
  return active;
}
