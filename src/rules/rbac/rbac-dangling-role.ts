import { missingRole } from '../../engines/rbac/index.ts';
import { documents } from '../examples.ts';
import { cis, defineRule, nsa } from '../rule.ts';
import { holdersText } from './holders.ts';
import { clusterRole, clusterRoleBinding, role, roleBinding } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-dangling-role',
  title: 'Binding to a role that does not exist',
  severity: 'medium',
  area: 'rbac',
  rationale:
    'The binding gives nothing today. Whoever may create a role of that name decides what it gives tomorrow, and to whom stands already written.',
  remedy: 'Delete the binding, or create the role that was meant; the role of a binding cannot be changed, so a misspelt one is made anew.',
  controls: [...cis('5.1.1'), ...nsa('rbac')],
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  reads: ['access', 'Role', 'completeness'],
  check(binding, { access, Role, completeness }) {
    const grant = access.grantOf(binding);
    const { roleRef } = binding.body;
    // What names no role at all is refused, and told as such.
    if (grant === undefined || grant.role !== undefined || roleRef?.name === undefined || roleRef.kind === undefined) return undefined;
    const { path, message, builtIn } = missingRole(binding);
    if (path === 'roleRef.kind') return { message, path, severity: 'low' };
    if (builtIn && !completeness.complete) return undefined;
    const holders = grant.subjects.length === 0 ? '' : `, for ${holdersText([grant])}`;
    const isSure = completeness.complete || (roleRef.kind === 'Role' && Role.in(binding.namespace).length > 0);
    return isSure
      ? { message: `${message}${holders}`, path }
      : {
          message: `${roleRef.kind} "${roleRef.name}" is not in this input, so it may stand elsewhere`,
          path,
          severity: 'low',
          status: 'unknown',
        };
  },
  examples: () => ({
    good: [
      documents(
        role('{apiGroups: [""], resources: [pods], verbs: [get]}'),
        roleBinding('{kind: Role, name: ci}', '{kind: User, name: jane}'),
      ),
      documents(clusterRole('{apiGroups: [""], resources: [pods], verbs: [get]}'), clusterRoleBinding('ci', '{kind: User, name: jane}')),
      clusterRoleBinding('view', '{kind: User, name: jane}'),
      clusterRoleBinding('system:auth-delegator', '{kind: User, name: jane}'),
    ],
    bad: [
      {
        yaml: documents(
          role('{apiGroups: [""], resources: [pods], verbs: [get]}'),
          roleBinding('{kind: Role, name: cy}', '{kind: User, name: jane}'),
        ),
        path: 'roleRef.name',
        severity: 'medium',
      },
      { yaml: clusterRoleBinding('ci', '{kind: User, name: jane}'), path: 'roleRef.name', status: 'unknown' },
      {
        yaml: clusterRoleBinding('ci', '{kind: User, name: jane}').replace('kind: ClusterRole,', 'kind: Role,'),
        path: 'roleRef.kind',
        severity: 'low',
      },
    ],
  }),
});
