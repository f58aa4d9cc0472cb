/**
 * Roles that are bound while the cluster runs: by a pipeline in each of its namespaces, by a service for each tenant. Who
 * holds one now says little of who will, so that what nobody holds may be missed all the same.
 */
import {
  MASTERS,
  type Rbac,
  type Role,
  type RuleContent,
  type User,
  accountOf,
  grantsNothing,
  ruleAllows,
  uncovered,
  withImplicitGroups,
} from '../../engines/rbac/index.ts';
import { listIn, mapIn } from '../../lib/groups.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import type { UnknownBecause } from '../proof.ts';
import { askedText, requestOf } from './asked.ts';
import type { RequestEvidence } from './evidence.ts';
import { RBAC_GROUP } from './handed-on.ts';
import { usesIn } from './uses.ts';

/** A role that gives less afterwards, with what it gives no more. */
interface LessRole {
  readonly role: Role;
  readonly lost: readonly RuleContent[];
}

type Evidence = Pick<RequestEvidence, 'catalog' | 'record' | 'rolesKnown' | 'grantedSince'>;

/** Why others than those who hold a role now may miss what it gives no more. */
export function boundLater(before: Rbac, after: Rbac, evidence: Evidence): UnknownBecause[] {
  const { catalog, record, rolesKnown } = evidence;
  const roles = lessRoles(before, after, catalog);
  if (roles.length === 0) return [];
  const held = heldIn(before);
  const binds = record === undefined ? [] : bindsIn(record);
  const used = record === undefined || !rolesKnown ? new Map<Role, string>() : usedBefore(before, roles, record);
  return roles.flatMap(({ role }): UnknownBecause[] => {
    const isOpen = !held.has(role.object) && (!rolesKnown || isToBeBound(before, role));
    const isBound = binds.some((use) => isOf(use, role) && !isThere(use, role, { before, evidence }));
    if (isOpen || isBound) return [{ code: 'bound-later', about: role.ref }];
    const use = used.get(role);
    return use === undefined ? [] : [{ code: 'bound-later', about: `${role.ref}: ${use}` }];
  });
}

/** What somebody holds: a part of an aggregated role is held by whoever holds that. */
function heldIn({ bindings }: Rbac): Set<Role['object']> {
  const roles = new Set(bindings.flatMap(({ role }) => role ?? []));
  return new Set([...roles].flatMap(({ object, rules }) => [object, ...rules.map(({ source }) => source)]));
}

function lessRoles(before: Rbac, after: Rbac, catalog: Evidence['catalog']): LessRole[] {
  return before.roles.flatMap((role) => {
    const now = after.role(role.ref)?.rules ?? [];
    if (
      now.length === role.rules.length &&
      role.rules.every(({ source, index }, at) => source === now[at]?.source && index === now[at].index)
    )
      return [];
    const missing = uncovered(
      now.map(({ rule }) => rule),
      role.rules.map(({ rule }) => rule),
    );
    const lost = missing
      .map(({ apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs }) => ({
        apiGroups,
        resources,
        resourceNames,
        nonResourceURLs,
        verbs,
      }))
      .filter((rule) => catalog === undefined || !grantsNothing(rule, catalog, role.object.namespace !== ''));
    return lost.length === 0 ? [] : [{ role, lost }];
  });
}

/** Somebody may bind this very role, by its name. */
function isToBeBound({ bindings }: Rbac, { object: { known, namespace, name } }: Role): boolean {
  const resource = known === 'Role' ? 'roles' : 'clusterroles';
  const bind = { verb: 'bind', apiGroup: RBAC_GROUP, resource, subresource: '', namespace, name };
  return bindings.some(
    ({ role, subjects }) =>
      subjects.length > 0 && role?.rules.some(({ rule }) => rule.resourceNames.length > 0 && ruleAllows(rule, bind)) === true,
  );
}

/** Roles that somebody bound in making a binding. Who only writes one again that is there binds nobody new. */
function bindsIn(record: UseRecord): RequestUse[] {
  const ofRbac = usesIn(record)
    .inGroup(RBAC_GROUP)
    .filter(({ allowed, unclear }) => allowed + unclear > 0);
  const placeOf = ({ actor, asked }: RequestUse): string => `${actor} ${asked.namespace}`;
  const makers = new Set(ofRbac.filter(({ asked }) => asked.verb === 'create' && asked.resource.endsWith('bindings')).map(placeOf));
  return ofRbac.filter((use) => use.asked.through === 'implied' && use.asked.verb === 'bind' && makers.has(placeOf(use)));
}

/** What has no name any more may have been any. */
function isOf({ asked }: RequestUse, { object: { known, name, namespace } }: Role): boolean {
  if ((asked.name ?? name) !== name) return false;
  return known === 'Role' ? asked.resource === 'roles' && asked.namespace === namespace : asked.resource === 'clusterroles';
}

const SOON = 60;

/** Whether what was made are the bindings of today, by when they were made. */
function isThere(
  { asked, allowed, unclear, first, last }: RequestUse,
  role: Role,
  { before, evidence }: { before: Rbac; evidence: Evidence },
): boolean {
  const made = before.bindings
    .filter((binding) => binding.role === role && binding.namespace === asked.namespace)
    .flatMap(({ ref }) => evidence.grantedSince?.get(ref) ?? [])
    .filter((time) => time > first - SOON);
  const isNear = (one: number, other: number): boolean => Math.abs(one - other) < SOON;
  return allowed + unclear <= made.length && isNear(Math.min(...made), first) && isNear(Math.max(...made), last);
}

/** What was done by somebody who may not do it now, and may have held a role: each request is looked at once, for all roles. */
function usedBefore(before: Rbac, roles: readonly LessRole[], record: UseRecord): Map<Role, string> {
  const wanted = new WantedRules(roles);
  const found = new Map<Role, string>();
  for (const [index, actor] of record.actors.entries()) {
    const user = withImplicitGroups(actor);
    if (isOfKubernetes(user)) continue;
    const decide = before.authorizer(user);
    for (const { asked, allowed } of usesIn(record).of(index)) {
      if (allowed === 0 || asked.through !== 'request') continue;
      const may = wanted.for(asked);
      if (may.length === 0) continue;
      const request = requestOf(asked);
      if (decide(request).allowed) continue;
      for (const { role, rule } of may) {
        const { namespace } = role.object;
        if (found.has(role) || (namespace !== '' && asked.namespace !== namespace) || !ruleAllows(rule, request)) continue;
        found.set(role, `${user.name} ${askedText(asked)}`);
      }
    }
  }
  return found;
}

interface WantedRule {
  readonly role: Role;
  readonly rule: RuleContent;
}

const PATHS = '/';

/** What roles give no more, by resource without what is below that, then by verb. */
class WantedRules {
  readonly #rules = new Map<string, Map<string, WantedRule[]>>();
  readonly #known = new Map<string, Map<string, readonly WantedRule[]>>();

  constructor(roles: readonly LessRole[]) {
    for (const { role, lost } of roles) {
      for (const rule of lost) {
        const whats = [...rule.resources.map((one) => one.split('/', 1)[0] ?? ''), ...(rule.nonResourceURLs.length > 0 ? [PATHS] : [])];
        for (const what of whats) for (const verb of rule.verbs) listIn(mapIn(this.#rules, what), verb).push({ role, rule });
      }
    }
  }

  /** Those that may have allowed a request. */
  for({ verb, resource }: Asked): readonly WantedRule[] {
    const what = resource === '' ? PATHS : resource;
    const known = mapIn(this.#known, what);
    let rules = known.get(verb);
    if (rules === undefined) known.set(verb, (rules = this.#of(verb, what)));
    return rules;
  }

  #of(verb: string, what: string): readonly WantedRule[] {
    const lists = [what, '*'].map((one) => this.#rules.get(one));
    return lists.flatMap((list) => [...(list?.get(verb) ?? []), ...(list?.get('*') ?? [])]);
  }
}

/** Nodes have another authorizer, and what is part of Kubernetes is not bound by anybody. */
function isOfKubernetes({ name, groups }: User): boolean {
  const account = accountOf(name);
  if (account !== undefined) return account.namespace === 'kube-system';
  return name.startsWith('system:') || groups.includes(MASTERS);
}
