/**
 * A world with its indexes: what a user is bound to, which rules answer a request, who holds those rules. Each index is
 * made when first asked for and linear in what it holds.
 */
import { MASTERS, type User } from './identity.ts';
import { type RbacRequest, type ResourceRequest, isResourceRequest } from './request.ts';
import { ALL, type Rule, includesOrAll, nameMatches, ruleAllows, urlMatches } from './rule.ts';
import type { Binding, BoundSubject, Grant, Role, RoleRule, Subject } from './world.ts';

export interface World {
  readonly rules: readonly Rule[];
  readonly roles: readonly Role[];
  readonly roleRules: readonly RoleRule[];
  readonly bindings: readonly Binding[];
  readonly subjects: readonly Subject[];
}

export type Decision =
  | { readonly allowed: true; readonly by: Grant }
  /** Members of system:masters are let through before RBAC is asked. */
  | { readonly allowed: true; readonly by: typeof MASTERS }
  | { readonly allowed: false };

/** What to ask of rules: a request, or one that leaves its name or its namespace open. */
export type Action =
  | (Omit<ResourceRequest, 'name' | 'namespace'> & { readonly name?: string | undefined })
  | { readonly verb: string; readonly path: string };

/** A rule that allows an action. */
export interface Match {
  readonly rule: Rule;
  /** Only for objects of these names; undefined for all. */
  readonly names: readonly string[] | undefined;
}

/** A rule of a binding's role that allows an action, inside of the binding's namespace. */
export interface Allowance extends Match {
  readonly binding: Binding;
  readonly roleRule: RoleRule;
}

/** A binding that applies to a user, and the first of its subjects that is him. */
export interface Held {
  readonly binding: Binding;
  readonly subject: BoundSubject;
}

const NO_BINDINGS: readonly Held[] = [];
const DENIED: Decision = { allowed: false };
const OF_MASTERS: Decision = { allowed: true, by: MASTERS };

/** `held` in the order of the authorizer. */
function decided(held: readonly Held[], request: RbacRequest): Decision {
  const namespace = isResourceRequest(request) ? request.namespace : '';
  for (const { binding, subject } of held) {
    if (binding.role === undefined || (binding.namespace !== '' && binding.namespace !== namespace)) continue;
    for (const rule of binding.role.rules) if (ruleAllows(rule.rule, request)) return { allowed: true, by: { binding, subject, rule } };
  }
  return DENIED;
}

export class Rbac implements World {
  readonly rules: readonly Rule[];
  readonly roles: readonly Role[];
  readonly roleRules: readonly RoleRule[];
  readonly bindings: readonly Binding[];
  readonly subjects: readonly Subject[];
  #byUser: Map<string, Held[]> | undefined;
  #byGroup: Map<string, Held[]> | undefined;
  #roles: Map<string, Role> | undefined;
  #bindings: Map<string, Binding> | undefined;
  #rulesByVerb: Map<string, Map<string, Rule[]>> | undefined;
  #rulesOfUrls: readonly Rule[] | undefined;
  #roleRulesOf: RoleRule[][] | undefined;
  #bindingsOf: Binding[][] | undefined;

  constructor({ rules, roles, roleRules, bindings, subjects }: World) {
    this.rules = rules;
    this.roles = roles;
    this.roleRules = roleRules;
    this.bindings = bindings;
    this.subjects = subjects;
  }

  /** By what bindings name it: `ClusterRole/view`, `Role/shop/reader`. */
  role(ref: string): Role | undefined {
    this.#roles ??= new Map(this.roles.map((role) => [role.ref, role]));
    return this.#roles.get(ref);
  }

  /** `ClusterRoleBinding/x`, `RoleBinding/shop/x`. */
  binding(ref: string): Binding | undefined {
    this.#bindings ??= new Map(this.bindings.map((binding) => [binding.ref, binding]));
    return this.#bindings.get(ref);
  }

  /** Whether the API server's authorizer lets a user do it; the first grant in its order is the reason. */
  authorize(user: User, request: RbacRequest): Decision {
    return user.groups.includes(MASTERS) ? OF_MASTERS : decided(this.bindingsOf(user), request);
  }

  /** As `authorize`, for many requests of one user: his bindings are put together once. */
  authorizer(user: User): (request: RbacRequest) => Decision {
    if (user.groups.includes(MASTERS)) return () => OF_MASTERS;
    const held = this.bindingsOf(user);
    return (request) => decided(held, request);
  }

  /** The bindings that apply to a user, by name or by one of the groups given; in order. */
  bindingsOf({ name, groups }: User): readonly Held[] {
    const { byUser, byGroup } = this.#holders();
    const own = byUser.get(name) ?? NO_BINDINGS;
    const lists = [own, ...groups.map((group) => byGroup.get(group) ?? NO_BINDINGS)].filter((list) => list.length > 0);
    if (lists.length < 2) return lists[0] ?? NO_BINDINGS;
    const first = new Map<number, Held>();
    for (const held of lists.flat()) {
      const known = first.get(held.binding.id);
      if (known === undefined || held.subject.index < known.subject.index) first.set(held.binding.id, held);
    }
    return [...first.values()].toSorted((a, b) => a.binding.id - b.binding.id);
  }

  /** The bindings that name a subject itself, without those of its groups. */
  bindingsNaming(subject: Subject): readonly Held[] {
    const { byUser, byGroup } = this.#holders();
    return (subject.kind === 'Group' ? byGroup.get(subject.name) : byUser.get(subject.userName)) ?? NO_BINDINGS;
  }

  /**
   * The rules that a user has in a namespace, those of the whole cluster among them; in '' only those. What
   * system:masters may do stands in no rule.
   */
  rulesFor(user: User, namespace: string): RoleRule[] {
    return this.bindingsOf(user)
      .filter(({ binding }) => binding.namespace === '' || binding.namespace === namespace)
      .flatMap(({ binding }) => binding.role?.rules ?? []);
  }

  /** The distinct rules that allow an action, whoever has them. An open name matches rules with names, which it tells. */
  matching(action: Action): Match[] {
    if ('path' in action) {
      this.#rulesOfUrls ??= this.rules.filter((rule) => rule.nonResourceURLs.length > 0);
      return this.#rulesOfUrls
        .filter((rule) => includesOrAll(rule.verbs, action.verb) && rule.nonResourceURLs.some((url) => urlMatches(url, action.path)))
        .map((rule) => ({ rule, names: undefined }));
    }
    const matches: Match[] = [];
    for (const rule of this.#candidates(action)) {
      if (!includesOrAll(rule.apiGroups, action.apiGroup)) continue;
      const names = namesOf(rule, action);
      if (names !== 'none') matches.push({ rule, names });
    }
    return matches;
  }

  /**
   * Every binding that allows an action, with the rules by which: in a namespace those of that namespace and of the
   * whole cluster, in '' only the latter, and without a namespace all, each for its own.
   */
  allowing(action: Action, namespace?: string): Allowance[] {
    const found: Allowance[] = [];
    const only = 'path' in action ? '' : namespace;
    for (const { rule, names } of this.matching(action)) {
      for (const roleRule of this.roleRulesOf(rule)) {
        for (const binding of this.bindingsTo(roleRule.role)) {
          if (only !== undefined && binding.namespace !== '' && binding.namespace !== only) continue;
          found.push({ rule, names, roleRule, binding });
        }
      }
    }
    return found;
  }

  /** Where a rule stands: the roles that grant it. */
  roleRulesOf(rule: Rule): readonly RoleRule[] {
    if (this.#roleRulesOf === undefined) {
      this.#roleRulesOf = this.rules.map(() => []);
      for (const roleRule of this.roleRules) this.#roleRulesOf[roleRule.rule.id]?.push(roleRule);
    }
    return this.#roleRulesOf[rule.id] ?? [];
  }

  bindingsTo(role: Role): readonly Binding[] {
    if (this.#bindingsOf === undefined) {
      this.#bindingsOf = this.roles.map(() => []);
      for (const binding of this.bindings) if (binding.role !== undefined) this.#bindingsOf[binding.role.id]?.push(binding);
    }
    return this.#bindingsOf[role.id] ?? [];
  }

  #holders(): { byUser: Map<string, Held[]>; byGroup: Map<string, Held[]> } {
    if (this.#byUser === undefined || this.#byGroup === undefined) {
      this.#byUser = new Map();
      this.#byGroup = new Map();
      for (const binding of this.bindings) {
        for (const subject of binding.subjects) {
          const { kind, name, userName } = subject.subject;
          const [holders, key] = kind === 'Group' ? [this.#byGroup, name] : [this.#byUser, userName];
          const list = holders.get(key);
          if (list === undefined) holders.set(key, [{ binding, subject }]);
          // A binding that names somebody twice is one.
          else if (list.at(-1)?.binding !== binding) list.push({ binding, subject });
        }
      }
    }
    return { byUser: this.#byUser, byGroup: this.#byGroup };
  }

  /** Rules whose verbs and resources answer, whatever the group and the name. */
  #candidates({ verb, resource, subresource }: Omit<ResourceRequest, 'name' | 'namespace'>): Iterable<Rule> {
    this.#rulesByVerb ??= byVerbAndResource(this.rules);
    const found = new Set<Rule>();
    const entries = subresource === '' ? [ALL, resource] : [ALL, `${resource}/${subresource}`, `*/${subresource}`];
    for (const each of new Set([verb, ALL])) {
      const byResource = this.#rulesByVerb.get(each);
      if (byResource !== undefined) for (const entry of entries) for (const rule of byResource.get(entry) ?? []) found.add(rule);
    }
    return found;
  }
}

function byVerbAndResource(rules: readonly Rule[]): Map<string, Map<string, Rule[]>> {
  const index = new Map<string, Map<string, Rule[]>>();
  for (const rule of rules) {
    if (rule.resources.length === 0) continue;
    for (const verb of rule.verbs) {
      let byResource = index.get(verb);
      if (byResource === undefined) index.set(verb, (byResource = new Map()));
      for (const resource of rule.resources) {
        const list = byResource.get(resource);
        if (list === undefined) byResource.set(resource, [rule]);
        else list.push(rule);
      }
    }
  }
  return index;
}

/** The names that are left of an action by a rule; `none` where it allows nothing of it. */
function namesOf(rule: Rule, action: Exclude<Action, { path: string }>): readonly string[] | undefined | 'none' {
  const { resourceNames } = rule;
  if (resourceNames.length === 0) return undefined;
  if (action.name !== undefined) return nameMatches(rule, action.name) ? undefined : 'none';
  // A name of '' stands for a request without one, which is all there is to a create and more than any name to a list.
  if (isNeverNamed(action)) return resourceNames.includes('') ? undefined : 'none';
  return isOfMany(action) && resourceNames.includes('') ? undefined : resourceNames;
}

/** Requests in which no name can stand: the authorizer sees none where an object is made, or all are deleted. */
export function isNeverNamed({ verb, subresource }: { verb: string; subresource: string }): boolean {
  return verb === 'deletecollection' || (verb === 'create' && subresource === '');
}

/** Requests that carry a name only by the field selector metadata.name. */
function isOfMany({ verb }: { verb: string }): boolean {
  return verb === 'list' || verb === 'watch';
}
