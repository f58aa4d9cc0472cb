/**
 * What every cluster has though files leave it out: the cluster roles that Kubernetes brings, and the controllers of
 * kube-system with their accounts and what is bound to them. The API server writes the bindings whenever it starts; the
 * controller manager makes the accounts where it runs each controller as one of its own (--use-service-account-credentials,
 * which kubeadm and the managed control planes set).
 */
import {
  COMPONENT_ROLE_RELEASES,
  type ComponentRole,
  DEFAULT_ROLE_NAMES,
  type Rbac,
  type RuleContent,
  componentRole,
  componentRoleRefs,
  defaultRole,
  readRbac,
} from '../engines/rbac/index.ts';
import { type ApiObject, type Tables, refOf, toApiObject } from '../model/index.ts';
import { isOfCluster } from '../snapshot/index.ts';

/** Where the controllers' accounts lie. */
export const SYSTEM_NAMESPACE = 'kube-system';

const CONTROLLER = 'ClusterRole/system:controller:';
const RBAC = 'rbac.authorization.k8s.io';

export interface AssumedBinding {
  readonly object: ApiObject<'ClusterRoleBinding'>;
  /** The account that it names, as a vertex is called. */
  readonly account: string;
}

export interface SystemParts {
  readonly roles: readonly ApiObject<'ClusterRole'>[];
  readonly bindings: readonly AssumedBinding[];
  /** Names of accounts of kube-system that are taken to exist. */
  readonly accounts: readonly string[];
}

/** The cluster roles that are missing; nothing that runs. */
export function missingRoles(tables: Tables): SystemParts {
  const names = DEFAULT_ROLE_NAMES.filter((name) => tables.ClusterRole.get('', name) === undefined);
  return { roles: names.map((name) => invented<'ClusterRole'>(defaultRole(name) ?? {})), bindings: [], accounts: [] };
}

/**
 * The same with the controllers, unless the input is a whole cluster: then what is not there is not. Where roles or
 * accounts were read from an API server, only the other of the two is added.
 */
export function missingParts(tables: Tables, minor: number): SystemParts {
  const { roles } = missingRoles(tables);
  if (tables.completeness.complete) return { roles, bindings: [], accounts: [] };
  const rolesAreKnown = tables.ClusterRoleBinding.all.some(({ origin }) => isOfCluster(origin));
  const accountsAreKnown = tables.ServiceAccount.in(SYSTEM_NAMESPACE).some(({ origin }) => isOfCluster(origin));
  const added: { roles: ApiObject<'ClusterRole'>[]; bindings: AssumedBinding[]; accounts: string[] } = {
    roles: [...roles],
    bindings: [],
    accounts: [],
  };
  for (const ref of componentRoleRefs()) {
    if (!ref.startsWith(CONTROLLER)) continue;
    const controller = ref.slice(CONTROLLER.length);
    const name = `system:controller:${controller}`;
    const rules = rulesIn(componentRole(ref), minor);
    if (rules.length === 0) continue;
    const bound = tables.ClusterRoleBinding.get('', name) !== undefined;
    if (rolesAreKnown && !bound) continue;
    if (!rolesAreKnown && tables.ClusterRole.get('', name) === undefined) added.roles.push(invented(roleOf(name, rules)));
    if (!bound)
      added.bindings.push({ object: invented(bindingOf(name, controller)), account: `ServiceAccount/${SYSTEM_NAMESPACE}/${controller}` });
    if (!accountsAreKnown && tables.ServiceAccount.get(SYSTEM_NAMESPACE, controller) === undefined) added.accounts.push(controller);
  }
  return added;
}

export function rbacWith(tables: Tables, { roles, bindings }: SystemParts): Rbac {
  return readRbac({
    roles: tables.Role.all,
    clusterRoles: [...tables.ClusterRole.all, ...roles],
    roleBindings: tables.RoleBinding.all,
    clusterRoleBindings: [...tables.ClusterRoleBinding.all, ...bindings.map(({ object }) => object)],
  });
}

/** Objects of which nobody can take anything away. */
export function refsOf({ roles, bindings, accounts }: SystemParts): ReadonlySet<string> {
  return new Set([
    ...[...roles, ...bindings.map(({ object }) => object)].map((object) => refOf(object)),
    ...accounts.map((name) => `ServiceAccount/${SYSTEM_NAMESPACE}/${name}`),
  ]);
}

/** Between the releases of the table only what both of them grant is sure. */
function rulesIn(role: ComponentRole | undefined, minor: number): readonly RuleContent[] {
  if (role === undefined) return [];
  if (minor >= COMPONENT_ROLE_RELEASES.last) return role.last;
  if (minor <= COMPONENT_ROLE_RELEASES.first) return role.first;
  const later = new Set(role.last.map((rule) => JSON.stringify(rule)));
  return role.first.filter((rule) => later.has(JSON.stringify(rule)));
}

function roleOf(name: string, rules: readonly RuleContent[]): Record<string, unknown> {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function bindingOf(name: string, controller: string): Record<string, unknown> {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: SYSTEM_NAMESPACE, name: controller }],
  };
}

/** An object of no input, which its id says. */
function invented<K extends 'ClusterRole' | 'ClusterRoleBinding'>(object: Record<string, unknown>): ApiObject<K> {
  const origin = { source: '', line: 1, format: 'json' as const, prefix: [] };
  return toApiObject({ object, origin }, -1) as ApiObject<K>;
}
