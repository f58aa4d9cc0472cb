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
import type { RequestUse, UseRecord } from '../../record/index.ts';
import type { UnknownBecause } from '../proof.ts';
import { askedText, requestOf } from './asked.ts';
import type { RequestEvidence } from './evidence.ts';
import { RBAC_GROUP } from './handed-on.ts';

/** A role that gives less afterwards, with what it gives no more. */
interface LessRole {
  readonly role: Role;
  readonly lost: readonly RuleContent[];
}

type Evidence = Pick<RequestEvidence, 'catalog' | 'record' | 'rolesKnown'>;

/** Why others than those who hold a role now may miss what it gives no more. */
export function boundLater(before: Rbac, after: Rbac, { catalog, record, rolesKnown }: Evidence): UnknownBecause[] {
  return lessRoles(before, after, catalog).flatMap(({ role, lost }): UnknownBecause[] => {
    const doubt: UnknownBecause = { code: 'bound-later', about: role.ref };
    // A part of an aggregated role is held by whoever holds that.
    const isHeld = (one: Role | undefined): boolean => one === role || one?.rules.some(({ source }) => source === role.object) === true;
    const isBound = before.bindings.some((binding) => isHeld(binding.role));
    if (!isBound && !rolesKnown) return [doubt];
    if (!isBound && isToBeBound(before, role)) return [doubt];
    if (record === undefined) return [];
    if (wasBound(role, record)) return [doubt];
    const use = rolesKnown ? usedBefore(before, { role, lost }, record) : undefined;
    return use === undefined ? [] : [{ ...doubt, about: `${role.ref}: ${use}` }];
  });
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

/** Somebody may bind this very role. */
function isToBeBound({ bindings }: Rbac, { object: { known, name } }: Role): boolean {
  const resource = known === 'Role' ? 'roles' : 'clusterroles';
  return bindings.some(({ role, subjects }) => {
    if (subjects.length === 0) return false;
    return role?.rules.some(
      ({ rule }) => rule.verbs.includes('bind') && rule.resources.includes(resource) && rule.resourceNames.includes(name),
    );
  });
}

/** Whether somebody made a binding to it while the record was made. Who only writes one again that is there binds nobody new. */
function wasBound({ object: { known, name, namespace } }: Role, { requests }: UseRecord): boolean {
  const resource = known === 'Role' ? 'roles' : 'clusterroles';
  const isSeen = ({ allowed, unclear }: RequestUse): boolean => allowed + unclear > 0;
  return requests.some((use) => {
    const { asked, actor } = use;
    if (asked.through !== 'implied' || asked.verb !== 'bind' || asked.resource !== resource || !isSeen(use)) return false;
    if ((asked.name ?? name) !== name || (known === 'Role' && asked.namespace !== namespace)) return false;
    return requests.some(
      (other) =>
        other.actor === actor &&
        other.asked.verb === 'create' &&
        other.asked.apiGroup === RBAC_GROUP &&
        other.asked.resource.endsWith('bindings') &&
        other.asked.namespace === asked.namespace &&
        isSeen(other),
    );
  });
}

/** What was done by somebody who may not do it now, and may have held the role. */
function usedBefore(before: Rbac, { role, lost }: LessRole, { actors, requests }: UseRecord): string | undefined {
  const users = actors.map((actor) => withImplicitGroups(actor));
  const { namespace } = role.object;
  const use = requests.find(({ actor, asked, allowed }) => {
    const user = users[actor];
    if (allowed === 0 || asked.through !== 'request' || user === undefined || isOfKubernetes(user)) return false;
    if (namespace !== '' && asked.namespace !== namespace) return false;
    const request = requestOf(asked);
    return lost.some((rule) => ruleAllows(rule, request)) && !before.authorize(user, request).allowed;
  });
  return use === undefined ? undefined : `${users[use.actor]?.name ?? ''} ${askedText(use.asked)}`;
}

/** Nodes have another authorizer, and what is part of Kubernetes is not bound by anybody. */
function isOfKubernetes({ name, groups }: User): boolean {
  const account = accountOf(name);
  if (account !== undefined) return account.namespace === 'kube-system';
  return name.startsWith('system:') || groups.includes(MASTERS);
}
