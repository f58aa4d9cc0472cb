import { cis, mitre, nsa } from '../rule.ts';
import { CREATE_TOKENS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-token-create',
  title: 'Role that mints tokens',
  severity: 'high',
  rationale:
    'A request to serviceaccounts/token answers with a fresh token of the account, valid for as long as asked for, so its holder has the rights of every account in reach, and keeps them outside the cluster.',
  remedy: 'Name the accounts that tokens are minted for in resourceNames, and bind the role in their namespace only.',
  controls: [...cis('5.1.13'), ...nsa('rbac'), ...mitre('T1528')],
  aliases: {
    kubescape: ['C-0282'],
  },
  effort: 'medium',
  powers: [CREATE_TOKENS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [serviceaccounts], verbs: [create, get]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [serviceaccounts/token], verbs: [get]}')),
      heldEverywhere(clusterRole('{apiGroups: [authentication.k8s.io], resources: [tokenreviews], verbs: [create]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [serviceaccounts, serviceaccounts/token], verbs: [create]}')),
        path: 'rules[0].resources[1]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [serviceaccounts/token], verbs: [create], resourceNames: [deployer]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: ["*"], verbs: [create]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
