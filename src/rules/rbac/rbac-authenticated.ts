import { defineRule, mitre, nsa, ofDistributions } from '../rule.ts';
import { isPublicByDefault } from './bootstrap.ts';
import { roleText, subjectEntries } from './binding-subjects.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

const WHO = new Map([
  ['system:authenticated', 'every user and service account'],
  ['system:serviceaccounts', 'every service account of the cluster'],
]);

export const rule = defineRule({
  id: 'rbac-authenticated',
  title: 'Rights for every logged-in account',
  severity: 'high',
  area: 'rbac',
  rationale:
    'The group system:authenticated holds every user and every pod with a token, and with some cloud providers every person who has an account there, inside the company or not. A right given to it is a right of whoever breaks into any pod.',
  remedy: 'Bind the role to a group of your own or to the service accounts that need it, then delete this subject.',
  controls: [...ofDistributions({ gke: ['4.1.10'] }), ...nsa('rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0265'], 'kyverno-policies': ['restrict-binding-system-groups'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  check(binding) {
    const found = subjectEntries(binding, ({ kind, name = '' }) => kind === 'Group' && WHO.has(name));
    if (found.length === 0 || isPublicByDefault(binding)) return undefined;
    return found.map(({ entry: { name = '' }, path }) => ({
      message: `gives ${WHO.get(name)} the ${roleText(binding)} (group ${name})`,
      path,
      key: name,
      severity: name === 'system:authenticated' ? 'high' : 'medium',
    }));
  },
  examples: () => ({
    good: [
      clusterRoleBinding('system:discovery', '{kind: Group, name: "system:authenticated"}').replace(
        '{name: ci}',
        '{name: "system:discovery"}',
      ),
      clusterRoleBinding('view', '{kind: Group, name: developers}', '{kind: Group, name: "system:serviceaccounts:shop"}'),
      roleBinding('{kind: Role, name: reader}', '{kind: User, name: "system:authenticated"}'),
    ],
    bad: [
      { yaml: clusterRoleBinding('view', '{kind: Group, name: "system:authenticated"}'), path: 'subjects[0].name', severity: 'high' },
      {
        yaml: roleBinding('{kind: ClusterRole, name: view}', '{kind: Group, name: ops}', '{kind: Group, name: "system:serviceaccounts"}'),
        path: 'subjects[1].name',
        severity: 'medium',
      },
    ],
  }),
});
