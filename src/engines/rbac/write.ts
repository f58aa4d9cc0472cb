/**
 * Whether a user may write a role or a binding: the request itself, and then that he hands out no more than he has
 * (pkg/registry/rbac/{,cluster}role{,binding}/policybased/storage.go and pkg/registry/rbac/escalation_check.go).
 */
import { type ApiObject, type BindingObject, type RoleObject, refOf } from '../../model/index.ts';
import { FULL_AUTHORITY, type SingleRight, uncovered } from './covers.ts';
import { MASTERS, type User } from './identity.ts';
import type { Decision, Rbac } from './rbac.ts';
import { contentOf } from './read.ts';
import type { RuleContent } from './rule.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

export type RbacObject = RoleObject | BindingObject;

export interface WriteRequest {
  /** create, update, patch, delete or deletecollection. A patch is given as the object that it makes. */
  readonly verb: string;
  readonly object: RbacObject;
}

export interface WriteDecision {
  readonly allowed: boolean;
  /** Which check lets it through, or stops it. */
  readonly decidedBy: 'authorization' | 'bind' | 'escalate' | 'covers' | 'aggregation';
  /** The grant by which it is allowed, where one alone decides. */
  readonly by?: Extract<Decision, { allowed: true }>['by'];
  /** The rights that he would hand out and does not have, one by one. */
  readonly missing?: readonly SingleRight[];
  /** Why the server refuses it though nobody's rights stand against it. */
  readonly refused?: string;
}

export function authorizeWrite(rbac: Rbac, user: User, write: WriteRequest): WriteDecision {
  const { verb, object } = write;
  const old = verb === 'create' ? undefined : existing(rbac, object);
  const decision = decide(rbac, user, { write, old });
  if (!decision.allowed || isRole(object) || verb === 'delete' || verb === 'deletecollection') return decision;
  const refused = refusal(object, old);
  return refused === undefined ? decision : { ...decision, allowed: false, refused };
}

function decide(rbac: Rbac, user: User, { write, old }: { write: WriteRequest; old: RbacObject | undefined }): WriteDecision {
  const { verb, object } = write;
  const asked = (what: string, name: string): Decision =>
    rbac.authorize(user, {
      verb: what,
      apiGroup: RBAC_GROUP,
      resource: resourceOf(object),
      subresource: '',
      name,
      namespace: object.namespace,
    });
  const named = verb === 'create' || verb === 'deletecollection' ? '' : object.name;
  const base = asked(verb, named);
  if (!base.allowed) return { allowed: false, decidedBy: 'authorization' };
  const plain: WriteDecision = { allowed: true, decidedBy: 'authorization', by: base.by };
  if (verb === 'delete' || verb === 'deletecollection') return plain;
  // What is not there yet is created by an update, which is asked for by name.
  if (verb !== 'create' && old === undefined && !asked('create', named).allowed) return { allowed: false, decidedBy: 'authorization' };
  if (user.groups.includes(MASTERS)) return plain;
  if (isRole(object)) {
    const escalate = asked('escalate', named);
    if (escalate.allowed) return { allowed: true, decidedBy: 'escalate', by: escalate.by };
  }
  // Metadata that garbage collection needs may be written by whoever may write at all. An update must name the very
  // object for that; a patch always does.
  const isThatOne = verb === 'patch' || object.metadata.uid === old?.metadata.uid;
  if (old !== undefined && isThatOne && saysTheSame(object, old)) return plain;
  return isRole(object) ? writeRole(rbac, user, { object, old }) : writeBinding(rbac, user, object);
}

function writeRole(rbac: Rbac, user: User, { object, old }: { object: RoleObject; old: RbacObject | undefined }): WriteDecision {
  const owned = rulesOf(rbac, user, object.namespace);
  const missing = uncovered(owned, (object.body.rules ?? []).map(contentOf));
  if (missing.length > 0) return { allowed: false, decidedBy: 'covers', missing };
  if (!hasAggregation(object) && !hasAggregation(old)) return { allowed: true, decidedBy: 'covers' };
  const authority = uncovered(owned, FULL_AUTHORITY);
  return authority.length > 0
    ? { allowed: false, decidedBy: 'aggregation', missing: authority }
    : { allowed: true, decidedBy: 'aggregation' };
}

function writeBinding(rbac: Rbac, user: User, object: BindingObject): WriteDecision {
  const { kind = '', name = '', apiGroup = RBAC_GROUP } = object.body.roleRef ?? {};
  if (kind === 'ClusterRole' || kind === 'Role') {
    const bind = rbac.authorize(user, {
      verb: 'bind',
      apiGroup,
      resource: kind === 'Role' ? 'roles' : 'clusterroles',
      subresource: '',
      name,
      namespace: object.namespace,
    });
    if (bind.allowed) return { allowed: true, decidedBy: 'bind', by: bind.by };
  }
  const ref = refOf({ kind, namespace: kind === 'Role' ? object.namespace : '', name });
  const role = kind === 'Role' && object.namespace === '' ? undefined : rbac.role(ref);
  if (role === undefined) {
    return { allowed: false, decidedBy: 'covers', missing: [], refused: `${ref} is not there, so that only bind lets it be bound` };
  }
  const missing = uncovered(
    rulesOf(rbac, user, object.namespace),
    role.rules.map(({ rule }) => rule),
  );
  return missing.length > 0 ? { allowed: false, decidedBy: 'covers', missing } : { allowed: true, decidedBy: 'covers' };
}

/** What validation says of a binding after everybody's rights are looked at. */
function refusal(object: BindingObject, old: RbacObject | undefined): string | undefined {
  const { kind, name = '' } = object.body.roleRef ?? {};
  if (kind !== 'ClusterRole' && (kind !== 'Role' || object.namespace === ''))
    return `a ${object.kind} cannot name a ${kind ?? 'role without kind'}`;
  if (old === undefined || isRole(old)) return undefined;
  const before = old.body.roleRef;
  return before?.kind === kind && (before?.name ?? '') === name ? undefined : 'the role of a binding cannot be changed';
}

function rulesOf(rbac: Rbac, user: User, namespace: string): RuleContent[] {
  return rbac.rulesFor(user, namespace).map(({ rule }) => rule);
}

function existing(rbac: Rbac, object: RbacObject): RbacObject | undefined {
  const ref = refOf(object);
  return isRole(object) ? rbac.role(ref)?.object : rbac.binding(ref)?.object;
}

function isRole(object: RbacObject): object is RoleObject {
  return object.known === 'Role' || object.known === 'ClusterRole';
}

function resourceOf({ known }: RbacObject): string {
  return `${String(known).toLowerCase()}s`;
}

function hasAggregation(object: RbacObject | undefined): boolean {
  return object?.known === 'ClusterRole' && object.body.aggregationRule !== undefined;
}

/** Equal but for owners and finalizers; an empty list is as good as none. */
function saysTheSame(a: RbacObject, b: RbacObject): boolean {
  return JSON.stringify(contentsOf(a)) === JSON.stringify(contentsOf(b));
}

function contentsOf({ body, labels, annotations }: RbacObject): unknown {
  const { rules, aggregationRule, subjects, roleRef } = body as ApiObject<'ClusterRole'>['body'] & BindingObject['body'];
  return [
    (rules ?? []).map((rule) => Object.values(contentOf(rule))),
    aggregationRule ?? 0,
    (subjects ?? []).map(({ kind, name, namespace = '' }) => [kind, name, namespace]),
    roleRef?.kind ?? '',
    roleRef?.name ?? '',
    sorted(labels),
    sorted(annotations),
  ];
}

function sorted(map: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
