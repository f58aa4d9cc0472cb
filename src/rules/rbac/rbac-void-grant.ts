import { catalogOf, contentOf, grantProblems, voidRules } from '../../engines/rbac/index.ts';
import { defineRule } from '../rule.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { clusterRole, clusterRoleBinding, heldInShop, role, roleBinding } from './role-examples.ts';
import { documents } from '../examples.ts';

export const rule = defineRule({
  id: 'rbac-void-grant',
  title: 'Binding that gives nothing in its namespace',
  severity: 'low',
  area: 'rbac',
  rationale:
    'A RoleBinding gives nothing of what lies in no namespace: nodes, volumes, users, URLs. Where its role is about nothing else, its subjects are refused, and the cluster-wide binding that follows is often wider than needed.',
  remedy:
    'Use a ClusterRoleBinding if the right is meant for the whole cluster, with a role that holds only that; else delete the binding.',
  controls: [],
  scope: 'object',
  kinds: ['RoleBinding'],
  reads: ['access', 'CustomResourceDefinition'],
  check(binding, { access, CustomResourceDefinition }) {
    const granted = access.grantOf(binding)?.role;
    if (granted === undefined || isBootstrapBinding(binding)) return undefined;
    const catalog = catalogOf({ tables: { CustomResourceDefinition } });
    // Of a Role that is void itself the Role is told.
    if (granted.known === 'Role' && voidRules(granted, catalog).length > 0) return undefined;
    return grantProblems(binding, access.rulesOf(granted).map(contentOf), catalog).map(({ message, path }) => ({
      message,
      path,
      also: [{ object: granted, path: 'rules[0]' }],
    }));
  },
  examples: () => ({
    good: [
      heldInShop(clusterRole('{apiGroups: [""], resources: [nodes, pods], verbs: [get]}')),
      heldInShop(
        clusterRole(
          '{apiGroups: [""], resources: [nodes], verbs: [get]}',
          '{apiGroups: [example.com], resources: [widgets], verbs: [get]}',
        ),
      ),
      heldInShop(role('{apiGroups: [""], resources: [pods], verbs: [get]}')),
      documents(clusterRole('{apiGroups: [""], resources: [nodes], verbs: [get]}'), clusterRoleBinding('ci', '{kind: User, name: jane}')),
      roleBinding('{kind: ClusterRole, name: "system:node"}', '{kind: User, name: jane}'),
    ],
    bad: [
      {
        yaml: heldInShop(
          clusterRole(
            '{apiGroups: [""], resources: [nodes, persistentvolumes], verbs: [get]}',
            '{nonResourceURLs: [/metrics], verbs: [get]}',
          ),
        ),
        path: 'roleRef.name',
        severity: 'low',
      },
      { yaml: heldInShop(clusterRole('{apiGroups: [""], resources: [users, groups], verbs: [impersonate]}')), path: 'roleRef.name' },
    ],
  }),
});
