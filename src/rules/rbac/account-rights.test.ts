import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../../test/rule-tester.ts';
import { documents } from '../examples.ts';
import { rightsOfAccount } from './account-rights.ts';
import { clusterRole, clusterRoleBinding, heldEverywhere, heldInShop, role, roleBinding } from './role-examples.ts';

function runner(...docs: string[]): string {
  const { level, text } = rightsOfAccount(clusterOf(objectsOf(documents(...docs))).tables.access, 'ci', 'runner');
  return `${level}: ${text}`;
}

const SELF = '{kind: ServiceAccount, name: runner, namespace: ci}';
const READ_PODS = '{apiGroups: [""], resources: [pods], verbs: [get]}';

describe('rights of a service account', () => {
  it('are none without a binding, or with those that everybody has', () => {
    const discovery = clusterRoleBinding('system:discovery', '{kind: Group, name: "system:authenticated"}').replace(
      '{name: ci}',
      '{name: "system:discovery"}',
    );
    expect(runner(clusterRole(READ_PODS))).toBe('none: has no rights');
    expect(runner(discovery)).toBe('none: has no rights');
    expect(runner(clusterRole(), clusterRoleBinding('ci', SELF))).toBe('none: has no rights');
  });
  it('are some when they lead no further', () => {
    expect(runner(heldEverywhere(clusterRole(READ_PODS)))).toBe('some: holds the role ci, which leads no further');
    expect(runner(clusterRoleBinding('not-in-input', SELF))).toBe('some: holds the role not-in-input, which leads no further');
  });
  it('tell what leads further, and where', () => {
    expect(runner(heldInShop(role('{apiGroups: [""], resources: [secrets], verbs: [get]}')))).toBe(
      'takeover: may read secrets in namespace shop',
    );
    expect(runner(heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, nodes/proxy], verbs: [create]}')))).toBe(
      "takeover: may reach the kubelets' API and create pods in every namespace",
    );
  });
  it('leave out what a namespace cannot give', () => {
    expect(runner(heldInShop(clusterRole('{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}')))).toMatch(/^some/);
  });
  it('know the built-in roles by name', () => {
    expect(runner(clusterRoleBinding('cluster-admin', SELF))).toBe('takeover: may do everything in every namespace');
    expect(runner(roleBinding('{kind: ClusterRole, name: edit}', SELF))).toMatch(/^takeover: may .* in namespace shop$/);
    expect(runner(clusterRoleBinding('view', SELF))).toMatch(/^some/);
  });
  it('include those of the groups', () => {
    expect(runner(clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:serviceaccounts:ci"}'))).toMatch(/^takeover/);
    expect(runner(clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:serviceaccounts:shop"}'))).toMatch(/^none/);
  });
});
