import type { Access, BindingObject } from '../../model/index.ts';
import type { Severity } from '../finding.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { isUserFacing } from './bootstrap.ts';
import { subjectsText } from './holders.ts';
import { isEverything } from './powers.ts';
import { clusterRole, clusterRoleBinding, heldEverywhere, heldInShop, role, roleBinding } from './role-examples.ts';

type Level = 'everything' | 'admin' | 'edit';

const SEVERITY: Readonly<Record<Level, { everywhere: Severity; inside: Severity }>> = {
  everything: { everywhere: 'critical', inside: 'high' },
  // Handing these out per namespace is what they are made for.
  admin: { everywhere: 'high', inside: 'medium' },
  edit: { everywhere: 'high', inside: 'low' },
};

export const rule = defineRule({
  id: 'rbac-cluster-admin',
  title: 'Administrator rights handed out',
  severity: 'critical',
  area: 'rbac',
  rationale:
    'The role cluster-admin, and any role with all verbs on all resources, is the whole cluster: every secret, every node. admin and edit bound to the cluster include every namespace, kube-system too, and with it the accounts that own the rest.',
  remedy:
    'Find out what the subject really does (its calls are in the audit log) and write a role for that; bind admin and edit in the namespaces that are meant by RoleBindings. Keep one account for emergencies, with an alarm on its use.',
  controls: [...cis('5.1.1'), ...nsa('rbac'), ...mitre('T1078', 'T1098.006')],
  aliases: {
    kubescape: ['C-0035', 'C-0185', 'C-0272'],
    trivy: ['KSV-0111'],
    polaris: ['clusterrolebindingClusterAdmin', 'rolebindingClusterAdminClusterRole', 'rolebindingClusterAdminRole'],
    'kube-linter': ['cluster-admin-role-binding'],
    'kyverno-policies': ['restrict-binding-clusteradmin', 'block-cluster-admin-from-ns'],
  },
  effort: 'high',
  scope: 'object',
  kinds: ['RoleBinding', 'ClusterRoleBinding'],
  reads: ['access'],
  check(binding, { access }) {
    const level = levelOf(binding, access);
    if (level === undefined) return undefined;
    const subjects = (access.grantOf(binding)?.subjects ?? []).filter(
      (subject) => !(binding.name === 'cluster-admin' && subject.name === 'system:masters'),
    );
    const name = binding.body.roleRef?.name ?? '';
    const path = 'roleRef.name';
    const where = binding.namespace === '' ? 'in every namespace' : `in namespace ${binding.namespace}`;
    if (subjects.length === 0) {
      // The binding that Kubernetes brings itself.
      if (binding.name === 'cluster-admin') return undefined;
      return { message: `hands out ${name} ${where}, but names nobody yet`, path, severity: 'low' };
    }
    const what = level === 'everything' && name !== 'cluster-admin' ? `every right ${where} through ${name}` : `${name} ${where}`;
    return {
      message: `gives ${subjectsText(subjects)} ${what}`,
      path,
      severity: SEVERITY[level][binding.namespace === '' ? 'everywhere' : 'inside'],
      right: { binding },
    };
  },
  examples: () => ({
    good: [
      clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:masters"}').replace('{name: ci}', '{name: cluster-admin}'),
      clusterRoleBinding('view', '{kind: Group, name: developers}'),
      heldEverywhere(clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: [get, list]}')),
      heldInShop(role('{apiGroups: [""], resources: ["*"], verbs: ["*"]}')),
      heldInShop(role('{apiGroups: [""], resources: [pods], verbs: [get]}').replace('name: ci', 'name: admin')).replace(
        'name: ci}',
        'name: admin}',
      ),
    ],
    bad: [
      { yaml: clusterRoleBinding('cluster-admin', '{kind: Group, name: ops}'), path: 'roleRef.name', severity: 'critical' },
      {
        yaml: clusterRoleBinding('cluster-admin', '{kind: User, name: jane}').replace('{name: ci}', '{name: cluster-admin}'),
        path: 'roleRef.name',
        severity: 'critical',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}')),
        path: 'roleRef.name',
        severity: 'critical',
      },
      {
        yaml: heldInShop(role('{apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch, create, update, patch, delete]}')),
        path: 'roleRef.name',
        severity: 'high',
      },
      { yaml: clusterRoleBinding('admin', '{kind: Group, name: ops}'), path: 'roleRef.name', severity: 'critical' },
      { yaml: roleBinding('{kind: ClusterRole, name: edit}', '{kind: Group, name: shop}'), path: 'roleRef.name', severity: 'low' },
      { yaml: clusterRoleBinding('cluster-admin'), path: 'roleRef.name', severity: 'low' },
    ],
  }),
});

/** By the name of a built-in role, or by what the role says; a Role of the same name counts only while its rules are not known. */
function levelOf(binding: BindingObject, access: Access): Level | undefined {
  const { kind = '', name = '' } = binding.body.roleRef ?? {};
  const known = access.grantOf(binding)?.role;
  if ((kind === 'ClusterRole' || known === undefined) && isUserFacing('ClusterRole', name) && name !== 'view') {
    return name === 'cluster-admin' ? 'everything' : (name as Level);
  }
  if (known === undefined) return undefined;
  return access.rulesOf(known).some(isEverything) ? 'everything' : undefined;
}
