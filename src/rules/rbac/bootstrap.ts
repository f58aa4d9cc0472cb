/** Roles and bindings that Kubernetes brings itself, so that nobody reads them as their own. */
import type { BindingObject, PolicyRule, RoleObject, Subject } from '../../model/index.ts';
import { builtInRules } from '../../engines/rbac/index.ts';
import { subjectsOf } from '../../model/index.ts';

const LABEL = 'kubernetes.io/bootstrapping';
const DEFAULTS = 'rbac-defaults';
const USER_FACING = new Set(['cluster-admin', 'admin', 'edit', 'view']);

/** The names of the four cluster roles meant for people. Who holds them is told by their bindings. */
export function isUserFacing(kind: string, name: string): boolean {
  return kind === 'ClusterRole' && USER_FACING.has(name);
}

/**
 * One of the four roles as Kubernetes brings it. The name alone proves nothing, as anybody may write rules under it;
 * only cluster-admin cannot be made any wider.
 */
export function isShipped(role: RoleObject): boolean {
  if (role.kind !== 'ClusterRole') return false;
  if (role.name === 'cluster-admin') return true;
  return (USER_FACING.has(role.name) || COMPONENTS.has(role.name)) && role.labels[LABEL] === DEFAULTS;
}
/** What the three smaller ones are put together from. */
const COMPONENTS = new Set(['system:aggregate-to-admin', 'system:aggregate-to-edit', 'system:aggregate-to-view']);

/** What the role of this name grants in every cluster, where it is one of the four. */
export function asShipped(role: RoleObject): readonly PolicyRule[] {
  return isUserFacing(role.kind, role.name) ? builtInRules(role.name) : NO_RULES;
}
const NO_RULES: readonly PolicyRule[] = [];

/** A role of Kubernetes itself or of one of its components; the prefix is reserved for them. */
export function isBootstrapRole(role: RoleObject): boolean {
  return role.name.startsWith('system:') || role.labels[LABEL] === DEFAULTS;
}

/** A binding of Kubernetes itself: by name or label, and to nobody but its own identities, so that the name alone hides nothing. */
export function isBootstrapBinding(binding: BindingObject): boolean {
  const named = binding.name.startsWith('system:') || binding.name.startsWith('kubeadm:') || binding.name === 'cluster-admin';
  if (!named && binding.labels[LABEL] !== DEFAULTS) return false;
  return subjectsOf(binding).every(isOwnIdentity);
}

/** Bindings by which Kubernetes tells everybody its version, its discovery documents or the cluster's address. */
const PUBLIC_BINDINGS = new Map([
  ['system:basic-user', 'system:basic-user'],
  ['system:discovery', 'system:discovery'],
  ['system:public-info-viewer', 'system:public-info-viewer'],
  ['system:service-account-issuer-discovery', 'system:service-account-issuer-discovery'],
  ['kubeadm:bootstrap-signer-clusterinfo', 'kubeadm:bootstrap-signer-clusterinfo'],
]);

export function isPublicByDefault(binding: BindingObject): boolean {
  return PUBLIC_BINDINGS.get(binding.name) === binding.body.roleRef?.name;
}

function isOwnIdentity(subject: Subject): boolean {
  if (subject.kind === 'ServiceAccount') return subject.namespace === 'kube-system';
  return subject.name.startsWith('system:');
}
