import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { roleText, subjectEntries } from './binding-subjects.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-rolebinding-default-sa',
  title: 'Rights for a default service account',
  severity: 'medium',
  area: 'rbac',
  rationale:
    'Every pod of the namespace that names no account runs as default. A right bound to it is given to all of them, today and later, and to whatever breaks into one of them.',
  remedy:
    'Create a service account for the program that needs the role, bind the role to it, set serviceAccountName in its pod template, and delete this subject. Other pods that used the right by chance lose it.',
  controls: [...cis('5.1.5'), ...nsa('rbac'), ...mitre('T1528')],
  aliases: { checkov: ['CKV_K8S_42'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  check(binding) {
    const found = subjectEntries(binding, ({ kind, name }) => kind === 'ServiceAccount' && name === 'default');
    if (found.length === 0 || isBootstrapBinding(binding)) return undefined;
    return found.map(({ entry, path }) => {
      const namespace = entry.namespace || binding.namespace;
      if (namespace === '') return { message: 'names a service account default of no namespace, which is nobody', path, severity: 'low' };
      return {
        message: `gives every pod of namespace ${namespace} without an account of its own the ${roleText(binding)}`,
        path,
        key: namespace,
      };
    });
  },
  examples: () => ({
    good: [
      roleBinding('{kind: Role, name: reader}', '{kind: ServiceAccount, name: web, namespace: shop}'),
      roleBinding('{kind: Role, name: default}', '{kind: User, name: default}'),
    ],
    bad: [
      {
        yaml: roleBinding('{kind: Role, name: reader}', '{kind: User, name: jane}', '{kind: ServiceAccount, name: default}'),
        path: 'subjects[1].name',
        severity: 'medium',
      },
      {
        yaml: clusterRoleBinding('edit', '{kind: ServiceAccount, name: default, namespace: shop}'),
        path: 'subjects[0].name',
        severity: 'medium',
      },
    ],
  }),
});
