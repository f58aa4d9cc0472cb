import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { roleText, subjectEntries } from './binding-subjects.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

const MASTERS = 'system:masters';

export const rule = defineRule({
  id: 'rbac-masters',
  title: 'Binding to system:masters',
  severity: 'critical',
  area: 'rbac',
  rationale:
    'Members of system:masters may do everything without any look at RBAC, and membership comes from a certificate that cannot be revoked. A binding to the group means that people work with such a certificate, and it goes on working when every binding is gone.',
  remedy:
    'Bind the role to a group that your identity provider gives out, hand out new credentials, and keep the system:masters certificate locked away for emergencies.',
  controls: [...cis('5.1.7'), ...nsa('rbac'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0246'], trivy: ['KSV-0123'], 'kyverno-policies': ['restrict-binding-system-groups'] },
  effort: 'high',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  check(binding) {
    const found = subjectEntries(binding, ({ kind, name }) => name === MASTERS && kind !== 'ServiceAccount');
    if (found.length === 0 || isBootstrapBinding(binding)) return undefined;
    return found.map(({ entry, path }) =>
      entry.kind === 'Group'
        ? { message: `relies on the group system:masters, which no binding limits, for the ${roleText(binding)}`, path, key: 'Group' }
        : {
            message: 'names system:masters as a user, but it is a group: the entry grants nothing as it is written',
            path,
            key: 'User',
            severity: 'low',
          },
    );
  },
  examples: () => ({
    good: [
      clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:masters"}').replace('{name: ci}', '{name: cluster-admin}'),
      roleBinding('{kind: Role, name: reader}', '{kind: Group, name: "system:unauthenticated"}'),
    ],
    bad: [
      {
        yaml: clusterRoleBinding('view', '{kind: User, name: jane}', '{kind: Group, name: "system:masters"}'),
        path: 'subjects[1].name',
        severity: 'critical',
      },
      {
        yaml: roleBinding('{kind: Role, name: reader}', '{kind: User, name: "system:masters"}'),
        path: 'subjects[0].name',
        severity: 'low',
      },
    ],
  }),
});
