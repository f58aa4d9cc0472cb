import type { BindingObject } from '../../model/index.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { roleText, subjectEntries } from './binding-subjects.ts';
import { isEverything } from './powers.ts';
import { isUserFacing } from './bootstrap.ts';
import { clusterRoleBinding, roleBinding } from './role-examples.ts';

const DASHBOARD = /^(?:kubernetes|k8s)-dashboard(?:-|$)/;

export const rule = defineRule({
  id: 'rbac-dashboard',
  title: 'Dashboard with rights of its own',
  severity: 'medium',
  area: 'rbac',
  rationale:
    'The dashboard acts for whoever opens its page when its own account has rights: skipping the login is then enough to use them. Other subjects that hold its role see the keys of its sessions.',
  remedy:
    'Leave the account with the small role that the dashboard is installed with and let people log in with their own tokens. Remove other subjects from the bindings of that role.',
  controls: [...nsa('rbac'), ...mitre('T1613')],
  aliases: { kubescape: ['C-0014'], checkov: ['CKV_K8S_33'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  reads: ['access'],
  check(binding, { access }) {
    const { kind = '', name = '' } = binding.body.roleRef ?? {};
    const itsRole = DASHBOARD.test(name);
    const itself = subjectEntries(binding, (entry) => isDashboard(entry.kind, entry.name));
    if (itsRole) {
      const others = subjectEntries(binding, (entry) => !isDashboard(entry.kind, entry.name));
      return others.map(({ entry, path }) => ({
        message: `gives ${entry.name ?? 'a subject'} the rights of the dashboard (${roleText(binding)})`,
        path,
        key: `${entry.kind}/${entry.namespace ?? ''}/${entry.name}`,
      }));
    }
    const everything =
      (isUserFacing(kind, name) && name !== 'view') ||
      access.grantOf(binding as BindingObject)?.role?.body.rules?.some(isEverything) === true;
    return itself.map(({ path }) => ({
      message: `gives the dashboard the ${roleText(binding)}, so everybody who opens its page may use it`,
      path,
      severity: everything ? 'high' : 'medium',
    }));
  },
  examples: () => ({
    good: [
      roleBinding('{kind: Role, name: kubernetes-dashboard}', '{kind: ServiceAccount, name: kubernetes-dashboard, namespace: shop}'),
      clusterRoleBinding('view', '{kind: ServiceAccount, name: grafana-dashboards, namespace: shop}'),
    ],
    bad: [
      {
        yaml: clusterRoleBinding('cluster-admin', '{kind: ServiceAccount, name: kubernetes-dashboard, namespace: ops}'),
        path: 'subjects[0].name',
        severity: 'high',
      },
      {
        yaml: clusterRoleBinding('node-reader', '{kind: ServiceAccount, name: kubernetes-dashboard, namespace: ops}'),
        path: 'subjects[0].name',
        severity: 'medium',
      },
      {
        yaml: roleBinding('{kind: Role, name: kubernetes-dashboard}', '{kind: User, name: jane}'),
        path: 'subjects[0].name',
        severity: 'medium',
      },
    ],
  }),
});

function isDashboard(kind: string | undefined, name = ''): boolean {
  return kind === 'ServiceAccount' && DASHBOARD.test(name);
}
