import { type ApiObject, type BindingObject, subjectsOf } from '../../model/index.ts';
import { documents } from '../examples.ts';
import { defineRule, mitre, nsa } from '../rule.ts';
import { rightsOfAccount } from './account-rights.ts';
import { isBootstrapBinding } from './bootstrap.ts';
import { clusterRole, clusterRoleBinding, heldInShop, role } from './role-examples.ts';

const RUNNER = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner, namespace: ci}';

export const rule = defineRule({
  id: 'rbac-sa-permissions',
  title: 'Service account with rights',
  severity: 'info',
  area: 'rbac',
  rationale:
    'A pod that is broken into lends its token, so what its account may do is what the attacker may do next. This is the inventory: which accounts have rights at all, and how far they lead.',
  remedy:
    'Go through the list and remove bindings that nothing uses any more. Programs that never call the API need an account without rights and without a mounted token.',
  controls: [...nsa('rbac'), ...mitre('T1528', 'T1078')],
  aliases: { kubescape: ['C-0053', 'C-0267'] },
  effort: 'medium',
  scope: 'object',
  kinds: ['ServiceAccount'],
  reads: ['access'],
  check(account, { access }) {
    const rights = rightsOfAccount(access, account.namespace, account.name);
    // What everybody has is told once, of the binding; and Kubernetes' own controllers are in every cluster.
    if (rights.level === 'none' || !rights.grants.some(({ binding }) => isOwn(binding, account))) return undefined;
    return {
      message: `service account ${account.namespace}/${account.name} ${rights.text}`,
      path: '',
      also: rights.grants.slice(0, 5).map(({ binding }) => ({ object: binding, path: 'roleRef.name', value: binding.body.roleRef?.name })),
      ...(rights.level === 'takeover' && { right: { namespace: account.namespace, serviceAccount: account.name } }),
    };
  },
  examples: () => ({
    good: [
      documents(RUNNER, clusterRole('{apiGroups: [""], resources: [pods], verbs: [get]}')),
      documents(RUNNER, clusterRoleBinding('edit', '{kind: ServiceAccount, name: runner, namespace: shop}')),
      documents(
        RUNNER,
        clusterRoleBinding('system:discovery', '{kind: Group, name: "system:authenticated"}').replace(
          '{name: ci}',
          '{name: "system:discovery"}',
        ),
      ),
    ],
    bad: [
      { yaml: documents(RUNNER, heldInShop(role('{apiGroups: [""], resources: [pods], verbs: [get]}'))), path: '', severity: 'info' },
      { yaml: documents(RUNNER, clusterRoleBinding('cluster-admin', '{kind: Group, name: "system:serviceaccounts:ci"}')), path: '' },
    ],
  }),
});

/** Whether a binding that is not Kubernetes' own is meant for this account, or the accounts of its namespace. */
function isOwn(binding: BindingObject, { namespace, name }: ApiObject): boolean {
  if (isBootstrapBinding(binding)) return false;
  return subjectsOf(binding).some((subject) =>
    subject.kind === 'ServiceAccount'
      ? subject.name === name && subject.namespace === namespace
      : subject.kind === 'Group' && subject.name === `system:serviceaccounts:${namespace}`,
  );
}
