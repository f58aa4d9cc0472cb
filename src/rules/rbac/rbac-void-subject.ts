import { subjectProblems } from '../../engines/rbac/index.ts';
import { defineRule } from '../rule.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-void-subject',
  title: 'Binding to somebody who cannot be',
  severity: 'low',
  area: 'rbac',
  rationale:
    'The entry names nobody: a service account without namespace, a group written as a user, a star. Whoever should have the right is refused, and it is often given once more, and wider, elsewhere.',
  remedy: 'Write kind, name and, of a service account, the namespace of whom you mean; or delete the entry.',
  controls: [],
  coversSameField: ['rbac-masters', 'rbac-rolebinding-default-sa'],
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  check(binding) {
    if (isBootstrapBinding(binding)) return undefined;
    return subjectProblems(binding)
      .filter(({ category }) => category === 'void-subject')
      .map(({ path, message, key }) => ({ message, path, ...(key !== undefined && { key }) }));
  },
  examples: () => ({
    good: [
      clusterRoleBinding('view', '{kind: ServiceAccount, name: web, namespace: shop}', '{kind: User, name: jane}'),
      roleBinding('{kind: Role, name: reader}', '{kind: ServiceAccount, name: web}'),
      clusterRoleBinding('view', '{kind: User, name: "system:serviceaccount:shop:web"}', '{kind: Group, name: "system:serviceaccounts"}'),
    ],
    bad: [
      { yaml: clusterRoleBinding('view', '{kind: ServiceAccount, name: web}'), path: 'subjects[0].name', severity: 'low' },
      { yaml: clusterRoleBinding('view', '{kind: User, name: "*"}'), path: 'subjects[0].name' },
      { yaml: clusterRoleBinding('view', '{kind: User, name: "system:authenticated"}'), path: 'subjects[0].name' },
      { yaml: clusterRoleBinding('view', '{kind: Group, name: "system:serviceaccount:shop:web"}'), path: 'subjects[0].name' },
      { yaml: clusterRoleBinding('view', '{kind: Serviceaccount, name: web, namespace: shop}'), path: 'subjects[0].kind' },
      {
        yaml: roleBinding('{kind: Role, name: reader}', '{kind: User, name: jane}', '{kind: ServiceAccount, name: "shop:web"}'),
        path: 'subjects[1].name',
      },
      {
        yaml: clusterRoleBinding('view', '{kind: ServiceAccount, name: web, namespace: shop, apiGroup: rbac.authorization.k8s.io}'),
        path: 'subjects[0].apiGroup',
      },
    ],
  }),
});
