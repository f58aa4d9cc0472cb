/**
 * Who holds which role, as far as a rule of posture needs it: bindings joined with their roles. Exact authorization
 * (escalation, aggregation, implicit groups of certificates) is the rbac engine's matter.
 */
import { type Labels, selectorMatches } from './labels.ts';
import type { BodyOf } from './kinds/catalog.ts';
import type { LabelSelector } from './kinds/pod.ts';
import type { ApiObject } from './objects.ts';

export type PolicyRule = NonNullable<BodyOf<'ClusterRole'>['rules']>[number];
export type RoleObject = ApiObject<'Role'> | ApiObject<'ClusterRole'>;
export type BindingObject = ApiObject<'RoleBinding'> | ApiObject<'ClusterRoleBinding'>;

export interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  /** Of a ServiceAccount. */
  namespace: string;
}

export interface Grant {
  binding: BindingObject;
  /** Undefined where the binding names a role that is not in the input. */
  role: RoleObject | undefined;
  subjects: readonly Subject[];
  /** '' grants everywhere. */
  namespace: string;
}

export class Access {
  readonly grants: readonly Grant[];
  readonly #byRole = new Map<string, Grant[]>();
  readonly #bySubject = new Map<string, Grant[]>();
  readonly #byBinding = new Map<BindingObject, Grant>();
  readonly #clusterRoles: readonly ApiObject<'ClusterRole'>[];
  readonly #parts = new Map<RoleObject, readonly ApiObject<'ClusterRole'>[]>();
  #byLabel: Map<string, ApiObject<'ClusterRole'>[]> | undefined;
  #aggregators: Map<RoleObject, ApiObject<'ClusterRole'>[]> | undefined;
  #circles: ReadonlySet<RoleObject> | undefined;
  #granting: Set<RoleObject> | undefined;

  constructor(roles: readonly ApiObject<'Role'>[], clusterRoles: readonly ApiObject<'ClusterRole'>[], bindings: readonly BindingObject[]) {
    this.#clusterRoles = clusterRoles;
    const byName = new Map<string, RoleObject>();
    for (const role of clusterRoles) byName.set(roleKey(role), role);
    for (const role of roles) byName.set(roleKey(role), role);
    this.grants = bindings.map((binding) => {
      const { kind = '', name = '' } = binding.body.roleRef ?? {};
      const role = byName.get(kind === 'Role' ? `Role/${binding.namespace}/${name}` : `ClusterRole//${name}`);
      return { binding, role, subjects: subjectsOf(binding), namespace: binding.namespace };
    });
    for (const grant of this.grants) {
      this.#byBinding.set(grant.binding, grant);
      if (grant.role !== undefined) push(this.#byRole, roleKey(grant.role), grant);
      for (const subject of grant.subjects) push(this.#bySubject, subjectKey(subject), grant);
    }
  }

  /** The grants that hand out a role. Folders hold variants of one role side by side: each is judged as the one in force. */
  grantsOf(role: RoleObject): readonly Grant[] {
    return this.#byRole.get(roleKey(role)) ?? [];
  }

  /** The grants that name a subject itself, without those of its groups. */
  grantsTo(subject: Subject): readonly Grant[] {
    return this.#bySubject.get(subjectKey(subject)) ?? [];
  }

  /** Every grant that a service account has: named itself, or by one of the groups that it is always in. */
  grantsToServiceAccount(namespace: string, name: string): readonly Grant[] {
    return [
      ...this.grantsTo({ kind: 'ServiceAccount', namespace, name }),
      ...this.grantsTo({ kind: 'User', namespace: '', name: `system:serviceaccount:${namespace}:${name}` }),
      ...this.grantsTo({ kind: 'Group', namespace: '', name: `system:serviceaccounts:${namespace}` }),
      ...this.grantsTo({ kind: 'Group', namespace: '', name: 'system:serviceaccounts' }),
      ...this.grantsTo({ kind: 'Group', namespace: '', name: 'system:authenticated' }),
    ];
  }

  grantOf(binding: BindingObject): Grant | undefined {
    return this.#byBinding.get(binding);
  }

  /** The grants that hand out the rules of a role: its own, and those of every role that aggregates it. */
  grantsReaching(role: RoleObject): readonly Grant[] {
    const aggregators = this.#aggregatorsOf(role);
    if (aggregators.length === 0) return this.grantsOf(role);
    const reached = new Set<RoleObject>([role]);
    for (const each of reached) for (const above of this.#aggregatorsOf(each)) reached.add(above);
    return [...reached].flatMap((each) => this.grantsOf(each));
  }

  /** The roles that aggregation adds to a role. */
  partsOf(role: RoleObject): readonly ApiObject<'ClusterRole'>[] {
    const selectors = role.known === 'ClusterRole' ? role.body.aggregationRule?.clusterRoleSelectors : undefined;
    if (selectors === undefined || selectors.length === 0) return NO_PARTS;
    let parts = this.#parts.get(role);
    if (parts === undefined) this.#parts.set(role, (parts = this.#selectedBy(selectors, role)));
    return parts;
  }

  /**
   * Whether the rules that stand in a role count for nothing, as the controller replaces them by those of its parts.
   * It never replaces them by none at all: without a part that has rules, what stands there stays. And what goes round
   * in a circle of roles depends on which of them is written first, so there it counts too.
   */
  isOverwritten(role: RoleObject): boolean {
    return this.partsOf(role).some((part) => this.#withRules().has(part)) && !this.#circular().has(role);
  }

  /** The rules that a role grants: its own, or those that aggregation puts in their place, through every level. */
  rulesOf(role: RoleObject): readonly PolicyRule[] {
    if (this.partsOf(role).length === 0) return role.body.rules ?? [];
    return this.sourcesOf(role).flatMap((each) => each.body.rules ?? []);
  }

  /** The roles whose written rules a role grants: itself, or in its place the parts that aggregation leads to. */
  sourcesOf(role: RoleObject): readonly RoleObject[] {
    const all = new Set<RoleObject>([role]);
    for (const each of all) for (const part of this.partsOf(each)) all.add(part);
    return [...all].filter((each) => !this.isOverwritten(each));
  }

  /** Roles that grant something: by rules of their own, or by those of a part. */
  #withRules(): ReadonlySet<RoleObject> {
    if (this.#granting === undefined) {
      this.#granting = new Set<RoleObject>(this.#clusterRoles.filter((role) => (role.body.rules ?? []).length > 0));
      for (const role of this.#granting) for (const above of this.#aggregatorsOf(role)) this.#granting.add(above);
    }
    return this.#granting;
  }

  /** Roles whose parts lead back to themselves, or to a role that is so. */
  #circular(): ReadonlySet<RoleObject> {
    if (this.#circles === undefined) {
      const open = new Map<RoleObject, number>();
      for (const role of this.#clusterRoles) open.set(role, this.partsOf(role).length);
      const settled = [...open.keys()].filter((role) => open.get(role) === 0);
      for (const role of settled) {
        for (const above of this.#aggregatorsOf(role)) {
          const left = (open.get(above) ?? 0) - 1;
          open.set(above, left);
          if (left === 0) settled.push(above);
        }
      }
      this.#circles = new Set([...open].filter(([, left]) => left > 0).map(([role]) => role));
    }
    return this.#circles;
  }

  #selectedBy(selectors: readonly LabelSelector[], role: RoleObject): readonly ApiObject<'ClusterRole'>[] {
    const parts = new Set<ApiObject<'ClusterRole'>>();
    for (const selector of selectors) {
      for (const other of this.#labelled(selector.matchLabels)) {
        if (other !== role && selectorMatches(selector, other.labels)) parts.add(other);
      }
    }
    return [...parts];
  }

  #aggregatorsOf(role: RoleObject): readonly ApiObject<'ClusterRole'>[] {
    if (this.#aggregators === undefined) {
      this.#aggregators = new Map();
      for (const above of this.#clusterRoles) for (const part of this.partsOf(above)) push(this.#aggregators, part, above);
    }
    return this.#aggregators.get(role) ?? [];
  }

  /** The roles that may carry all of the labels: those that carry the rarest. */
  #labelled(labels: Labels | undefined): readonly ApiObject<'ClusterRole'>[] {
    if (this.#byLabel === undefined) {
      this.#byLabel = new Map();
      for (const role of this.#clusterRoles) for (const key in role.labels) push(this.#byLabel, `${key}=${role.labels[key]}`, role);
    }
    let best = this.#clusterRoles;
    for (const key in labels) {
      const holders = this.#byLabel.get(`${key}=${labels[key]}`) ?? [];
      if (holders.length < best.length) best = holders;
    }
    return best;
  }
}

const NO_PARTS: readonly ApiObject<'ClusterRole'>[] = [];

/**
 * The subjects of a binding. A service account without a namespace is one of the namespace of its RoleBinding; in a
 * ClusterRoleBinding, which has none, it names nobody.
 */
export function subjectsOf(binding: BindingObject): Subject[] {
  const subjects: Subject[] = [];
  for (const { kind, name = '', namespace = '' } of binding.body.subjects ?? []) {
    if (kind === 'User' || kind === 'Group') subjects.push({ kind, name, namespace: '' });
    else if (kind === 'ServiceAccount') subjects.push({ kind, name, namespace: namespace || binding.namespace });
  }
  return subjects;
}

/**
 * Whether an entry of a rule's `resources` covers a resource (`pods/exec`): `*` covers everything and `*\/exec` the
 * subresource of every resource, but `pods/*` covers nothing in RBAC.
 */
export function coversResource(entry: string, resource: string): boolean {
  return entry === '*' || entry === resource || (entry.startsWith('*/') && resource.endsWith(entry.slice(1)));
}

function roleKey(role: RoleObject): string {
  return role.known === 'Role' ? `Role/${role.namespace}/${role.name}` : `ClusterRole//${role.name}`;
}

function subjectKey(subject: Subject): string {
  return `${subject.kind}/${subject.kind === 'ServiceAccount' ? subject.namespace : ''}/${subject.name}`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
