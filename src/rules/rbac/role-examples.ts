/** Shorthand for the examples of rules about roles. */
import { documents } from '../examples.ts';

const GROUP = 'rbac.authorization.k8s.io';

/** A ClusterRole `ci` with rules written as YAML flow: `{apiGroups: [""], …}`. */
export function clusterRole(...rules: string[]): string {
  return `apiVersion: ${GROUP}/v1\nkind: ClusterRole\nmetadata: {name: ci}\nrules:\n${rules.map((rule) => `- ${rule}`).join('\n')}`;
}

/** A Role `ci` in the namespace `shop`. */
export function role(...rules: string[]): string {
  return clusterRole(...rules)
    .replace('kind: ClusterRole', 'kind: Role')
    .replace('{name: ci}', '{name: ci, namespace: shop}');
}

/** The documents, and a ClusterRoleBinding of the ClusterRole `ci` to the service account `ci/runner`. */
export function heldEverywhere(...docs: string[]): string {
  return documents(...docs, clusterRoleBinding('ci', '{kind: ServiceAccount, name: runner, namespace: ci}'));
}

/** The documents, and a RoleBinding of `ci` in the namespace `shop` to the service account `ci/runner`. */
export function heldInShop(doc: string): string {
  const kind = doc.includes('kind: ClusterRole') ? 'ClusterRole' : 'Role';
  return documents(doc, roleBinding(`{kind: ${kind}, name: ci}`, '{kind: ServiceAccount, name: runner, namespace: ci}'));
}

/** A ClusterRoleBinding `ci` to subjects written as YAML flow. */
export function clusterRoleBinding(roleName: string, ...subjects: string[]): string {
  return `apiVersion: ${GROUP}/v1\nkind: ClusterRoleBinding\nmetadata: {name: ci}\nroleRef: {apiGroup: ${GROUP}, kind: ClusterRole, name: "${roleName}"}\nsubjects: [${subjects.join(', ')}]`;
}

/** A RoleBinding `ci` in the namespace `shop`; the role as `{kind: …, name: …}`. */
export function roleBinding(roleRef: string, ...subjects: string[]): string {
  return `apiVersion: ${GROUP}/v1\nkind: RoleBinding\nmetadata: {name: ci, namespace: shop}\nroleRef: ${roleRef.replace('}', `, apiGroup: ${GROUP}}`)}\nsubjects: [${subjects.join(', ')}]`;
}
