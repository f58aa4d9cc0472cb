import { mitre, nsa } from '../rule.ts';
import { DELETE_APPS, DELETE_CLAIMS, DELETE_NAMESPACES, DELETE_PODS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-delete',
  title: 'Role that deletes workloads',
  severity: 'medium',
  rationale:
    'With delete a stolen account stops the shop or wipes its data, and with deletecollection it takes one call; deleting a namespace takes everything in it, volumes included.',
  remedy:
    'Give delete to the deployment system and to people for the namespaces that they run, not by a ClusterRoleBinding; leave out deletecollection, which only a few controllers need, and namespaces.',
  controls: [...nsa('rbac'), ...mitre('T1485')],
  aliases: {
    kubescape: ['C-0007'],
  },
  effort: 'medium',
  powers: [DELETE_NAMESPACES, DELETE_CLAIMS, DELETE_APPS, DELETE_PODS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: ["", apps], resources: [pods, deployments], verbs: [get, create, update, patch]}')),
      heldEverywhere(clusterRole('{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [delete]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [deployments], verbs: [delete]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [services, pods], verbs: [delete]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldInShop(role('{apiGroups: [apps], resources: [deployments], verbs: [deletecollection]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [namespaces], verbs: ["*"]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      { yaml: clusterRole('{apiGroups: [batch], resources: [jobs], verbs: [delete]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
