import { namedAccounts } from '../../engines/rbac/index.ts';
import { documents } from '../examples.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { roleText } from './binding-subjects.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, namespace: shop}';

export const rule = defineRule({
  id: 'rbac-dangling-subject',
  title: 'Rights for a service account that does not exist',
  severity: 'medium',
  area: 'rbac',
  rationale:
    'The right waits for an account of that name. Whoever may create service accounts there, or the namespace itself, makes the account and has the right, though nobody gave it to him.',
  remedy: 'Delete the entry when the program is gone; correct name or namespace when it is misspelt.',
  controls: [...cis('5.1.1'), ...nsa('rbac'), ...mitre('T1098.006')],
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  reads: ['ServiceAccount', 'completeness'],
  check(binding, { ServiceAccount, completeness }) {
    if (isBootstrapBinding(binding)) return undefined;
    return namedAccounts(binding).flatMap(({ namespace, name, path }) => {
      if (ServiceAccount.get(namespace, name) !== undefined) return [];
      // Every namespace gets the account default by itself.
      if (name === 'default' && !completeness.complete) return [];
      const key = `${namespace}/${name}`;
      if (completeness.complete || ServiceAccount.in(namespace).length > 0) {
        return [{ message: `service account ${key} does not exist; whoever makes it has the ${roleText(binding)}`, path, key }];
      }
      // A chart often binds the account of another that is installed beside it.
      return [
        {
          message: `service account ${key} is not in this input, nor any other of its namespace`,
          path,
          key,
          severity: 'low' as const,
          status: 'unknown' as const,
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(ACCOUNT, clusterRoleBinding('view', '{kind: ServiceAccount, name: web, namespace: shop}')),
      documents(ACCOUNT, roleBinding('{kind: Role, name: reader}', '{kind: ServiceAccount, name: web}', '{kind: User, name: jane}')),
      documents(ACCOUNT, roleBinding('{kind: Role, name: reader}', '{kind: ServiceAccount, name: default}')),
      clusterRoleBinding('view', '{kind: ServiceAccount, name: web}'),
    ],
    bad: [
      {
        yaml: documents(
          ACCOUNT,
          clusterRoleBinding('view', '{kind: User, name: jane}', '{kind: ServiceAccount, name: wep, namespace: shop}'),
        ),
        path: 'subjects[1].name',
        severity: 'medium',
      },
      {
        yaml: clusterRoleBinding('view', '{kind: ServiceAccount, name: web, namespace: shop}'),
        path: 'subjects[0].name',
        status: 'unknown',
      },
    ],
  }),
});
