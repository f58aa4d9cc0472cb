/**
 * Roles and bindings as the authorizer sees them: subjects under the names that users carry, role references resolved,
 * aggregation carried through, rules of equal content as one. Everything has a dense id and knows where it is written.
 */
import type { BindingObject, RoleObject } from '../../model/index.ts';
import type { Rule } from './rule.ts';

/** Who a binding names. A User named like a service account is that account. */
export interface Subject {
  /** Dense over the distinct subjects of a world. */
  readonly id: number;
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  /** Of a service account; else ''. */
  readonly namespace: string;
  /** What a user is called who is this subject; '' of a group. */
  readonly userName: string;
}

/** A rule as a role grants it: its own, or one that aggregation brings. */
export interface RoleRule {
  /** Dense over all rules of all roles. */
  readonly id: number;
  readonly role: Role;
  readonly rule: Rule;
  /** The role that the rule is written in: `role` itself, or the component that contributes it. */
  readonly source: RoleObject;
  /** Of the rule in `source`, from 0. */
  readonly index: number;
}

export interface Role {
  readonly id: number;
  /** `ClusterRole/view` or `Role/shop/reader`. */
  readonly ref: string;
  readonly object: RoleObject;
  /** Whether a controller writes the rules, from roles that selectors pick. */
  readonly aggregated: boolean;
  readonly rules: readonly RoleRule[];
}

export interface BoundSubject {
  readonly subject: Subject;
  /** Position in the binding's `subjects`. */
  readonly index: number;
}

export interface Binding {
  /** Dense; ClusterRoleBindings first, as the authorizer asks them first. */
  readonly id: number;
  /** `ClusterRoleBinding/x` or `RoleBinding/shop/x`. */
  readonly ref: string;
  readonly object: BindingObject;
  /** '' grants everywhere, the cluster itself included; a name grants inside of that namespace only. */
  readonly namespace: string;
  /** What the binding names, as `ClusterRole/view`. */
  readonly roleRef: string;
  /** Undefined where that is not there: the binding grants nothing until somebody makes it. */
  readonly role: Role | undefined;
  /** Without those that can be nobody. */
  readonly subjects: readonly BoundSubject[];
}

/** Why something is allowed: a subject of a binding, and a rule of its role. */
export interface Grant {
  readonly binding: Binding;
  readonly subject: BoundSubject;
  readonly rule: RoleRule;
}

/** `ClusterRoleBinding/ci → ClusterRole/deployer rule 2`; an aggregated rule names its component too. Rules count from 1. */
export function grantText({ binding, rule }: Pick<Grant, 'binding' | 'rule'>): string {
  const via = rule.source === rule.role.object ? '' : ` → ClusterRole/${rule.source.name}`;
  return `${binding.ref} → ${rule.role.ref}${via} rule ${rule.index + 1}`;
}
