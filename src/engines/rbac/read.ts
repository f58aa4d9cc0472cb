/** Objects → world: bindings joined with roles, aggregation to its fixpoint, equal rules interned. */
import { mapIn } from '../../lib/groups.ts';
import { textOf } from '../../lib/record.ts';
import {
  Access,
  type ApiObject,
  type BindingObject,
  type Cluster,
  type PolicyRule,
  type RoleObject,
  isRecord,
  refOf,
  toApiObject,
} from '../../model/index.ts';
import { accountOf, accountUserName, isAccount } from './identity.ts';
import { Rbac } from './rbac.ts';
import type { Rule, RuleContent } from './rule.ts';
import type { Binding, BoundSubject, Role, RoleRule, Subject } from './world.ts';

export interface RbacObjects {
  readonly roles: readonly ApiObject<'Role'>[];
  readonly clusterRoles: readonly ApiObject<'ClusterRole'>[];
  readonly roleBindings: readonly ApiObject<'RoleBinding'>[];
  readonly clusterRoleBindings: readonly ApiObject<'ClusterRoleBinding'>[];
}

/** Of a cluster's tables, made once for each cluster. */
export function rbacOf({ tables }: Pick<Cluster, 'tables'>): Rbac {
  const { access } = tables;
  let world = WORLDS.get(access);
  if (world === undefined) {
    world = readRbac({
      roles: tables.Role.all,
      clusterRoles: tables.ClusterRole.all,
      roleBindings: tables.RoleBinding.all,
      clusterRoleBindings: tables.ClusterRoleBinding.all,
    });
    WORLDS.set(access, world);
  }
  return world;
}
const WORLDS = new WeakMap<object, Rbac>();

/** Of plain objects; those of other kinds count for nothing. */
export function rbacOfObjects(objects: readonly Record<string, unknown>[]): Rbac {
  const known: { [K in RbacKind]: ApiObject<K>[] } = { Role: [], ClusterRole: [], RoleBinding: [], ClusterRoleBinding: [] };
  for (const [index, object] of objects.entries()) {
    if (!isRecord(object.metadata ?? {}) || !Object.hasOwn(known, textOf(object.kind))) continue;
    const read = toApiObject({ object, origin: { source: `objects[${index}]`, line: 1, format: 'json', prefix: [] } }, index);
    if (!('code' in read) && read.known !== undefined) (known[read.known as RbacKind] as ApiObject[]).push(read);
  }
  return readRbac({
    roles: known.Role,
    clusterRoles: known.ClusterRole,
    roleBindings: known.RoleBinding,
    clusterRoleBindings: known.ClusterRoleBinding,
  });
}
type RbacKind = 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding';

/** Of two objects of one name the last is in force, as when both are applied. */
export function readRbac(objects: RbacObjects): Rbac {
  const clusterRoles = inForce(objects.clusterRoles);
  const access = new Access(
    [],
    clusterRoles.map(({ object }) => object),
    [],
  );
  const roles = new Roles(access);
  for (const { ref, object } of [...clusterRoles, ...inForce(objects.roles)]) roles.add(object, ref);
  const subjects = new Subjects();
  const bindings: Binding[] = [];
  for (const { ref, object } of [...inForce(objects.clusterRoleBindings), ...inForce(objects.roleBindings)]) {
    const { kind = '', name = '' } = object.body.roleRef ?? {};
    const role = refOf({ kind, namespace: kind === 'Role' ? object.namespace : '', name });
    bindings.push({
      id: bindings.length,
      ref,
      object,
      namespace: object.namespace,
      roleRef: role,
      // A cluster role binding that names a Role finds none: roles lie in namespaces and it lies in none.
      role: kind === 'Role' && object.namespace === '' ? undefined : roles.byRef.get(role),
      subjects: subjects.of(object),
    });
  }
  return new Rbac({ rules: roles.rules, roles: [...roles.byRef.values()], roleRules: roles.roleRules, bindings, subjects: subjects.all });
}

function inForce<O extends RoleObject | BindingObject>(objects: readonly O[]): { ref: string; object: O }[] {
  const last = new Map<string, { ref: string; object: O }>();
  const nameless: { ref: string; object: O }[] = [];
  for (const object of objects) {
    const ref = refOf(object);
    // What has no name of its own yet is never the same object.
    if (object.name === '' || object.name.endsWith('*')) nameless.push({ ref, object });
    else last.set(ref, { ref, object });
  }
  return [...last.values(), ...nameless];
}

class Roles {
  readonly rules: Rule[] = [];
  readonly roleRules: RoleRule[] = [];
  readonly byRef = new Map<string, Role>();
  readonly #byContent = new Map<string, Rule>();
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  add(object: RoleObject, ref: string): void {
    const aggregated = isAggregated(object);
    const rules: RoleRule[] = [];
    // Several without a name of their own may be called alike: the id of the next must not be that of one of them.
    const id = this.byRef.get(ref)?.id ?? this.byRef.size;
    const role: Role = { id, ref, object, aggregated, rules };
    for (const source of aggregated ? this.#access.sourcesOf(object) : [object]) {
      const { rules: written = NONE } = source.body;
      for (let index = 0; index < written.length; index += 1) {
        const entry = { id: this.roleRules.length, role, rule: this.#intern(written[index] ?? {}), source, index };
        rules.push(entry);
        this.roleRules.push(entry);
      }
    }
    this.byRef.set(role.ref, role);
  }

  #intern(rule: PolicyRule): Rule {
    const content = contentOf(rule);
    const key = contentKey(content);
    let known = this.#byContent.get(key);
    if (known === undefined) {
      known = { id: this.rules.length, ...content };
      this.rules.push(known);
      this.#byContent.set(key, known);
    }
    return known;
  }
}

const NONE: readonly never[] = Object.freeze([]);

/** The lists that a rule leaves out, as empty ones. */
export function contentOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): RuleContent {
  return {
    verbs: verbs ?? NONE,
    apiGroups: apiGroups ?? NONE,
    resources: resources ?? NONE,
    resourceNames: resourceNames ?? NONE,
    nonResourceURLs: nonResourceURLs ?? NONE,
  };
}

/** Texts of rules never hold the two separators, as no name of Kubernetes does; a rule that had one would match nothing. */
function contentKey({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: RuleContent): string {
  return `${listKey(verbs)}\u0002${listKey(apiGroups)}\u0002${listKey(resources)}\u0002${listKey(resourceNames)}\u0002${listKey(nonResourceURLs)}`;
}

function listKey(list: readonly string[]): string {
  return list.length === 0 ? '' : `${list.length}:${list.length === 1 ? list[0] : list.join('\u0001')}`;
}

/** An empty list of selectors is an aggregation rule too, though a server would not take it. */
function isAggregated(role: RoleObject): boolean {
  return role.known === 'ClusterRole' && role.body.aggregationRule !== undefined;
}

type BindingSubject = NonNullable<BindingObject['body']['subjects']>[number];

/** Subjects by the names that users carry (validation.appliesToUser): API groups of subjects are not looked at. */
class Subjects {
  readonly all: Subject[] = [];
  readonly #byKey = new Map<string, Subject>();
  /** What accounts are known as, by namespace and name: most are named more than once. */
  readonly #accounts = new Map<string, Map<string, Subject>>();

  of(binding: BindingObject): readonly BoundSubject[] {
    const { subjects = NONE } = binding.body;
    const [only] = subjects;
    if (subjects.length > 1 || only === undefined) return subjects.flatMap((each, index) => this.#bound(each, binding, index) ?? []);
    // A list that grows to one takes five times the memory, and most bindings have one subject.
    const bound = this.#bound(only, binding, 0);
    return bound === undefined ? NONE : [bound];
  }

  #bound({ kind, name = '', namespace = '' }: BindingSubject, binding: BindingObject, index: number): BoundSubject | undefined {
    // The API server stores no subject without a name, and nobody signs in under none.
    if (name === '') return undefined;
    if (kind === 'User') return { subject: this.#user(name), index };
    if (kind === 'Group') return { subject: this.#intern({ kind, name, namespace: '', userName: '' }), index };
    // In a ClusterRoleBinding there is no namespace to take instead of the one that is left out.
    const home = namespace || binding.namespace;
    return kind === 'ServiceAccount' && home !== '' ? { subject: this.#account(home, name), index } : undefined;
  }

  #account(namespace: string, name: string): Subject {
    const known = mapIn(this.#accounts, namespace);
    let subject = known.get(name);
    if (subject !== undefined) return subject;
    const userName = accountUserName({ namespace, name });
    // Where it can be none, the name is that of some user.
    const isOne = isAccount({ namespace, name });
    subject = isOne ? this.#intern({ kind: 'ServiceAccount', namespace, name, userName }) : this.#user(userName);
    known.set(name, subject);
    return subject;
  }

  #user(userName: string): Subject {
    const account = accountOf(userName);
    return account === undefined
      ? this.#intern({ kind: 'User', name: userName, namespace: '', userName })
      : this.#intern({ kind: 'ServiceAccount', ...account, userName });
  }

  #intern(subject: Omit<Subject, 'id'>): Subject {
    const key = subject.kind === 'Group' ? `g${subject.name}` : `u${subject.userName}`;
    let known = this.#byKey.get(key);
    if (known === undefined) {
      known = { id: this.all.length, ...subject };
      this.all.push(known);
      this.#byKey.set(key, known);
    }
    return known;
  }
}
