import { mitre, nsa } from '../rule.ts';
import { DELETE_EVENTS, DELETE_LOGS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-delete-events',
  title: 'Role that deletes events or logs',
  severity: 'medium',
  rationale:
    'Events and logs are what an investigation starts from. No program needs to delete events, which expire by themselves; the right serves to hide a trace.',
  remedy:
    'Remove delete and deletecollection on events from the role, and ship events and logs off the cluster so that they stay when somebody deletes them.',
  controls: [...nsa('rbac', 'audit-logging'), ...mitre('T1070')],
  aliases: {
    kubescape: ['C-0031'],
    trivy: ['KSV-0042'],
  },
  effort: 'medium',
  powers: [DELETE_EVENTS, DELETE_LOGS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [events], verbs: [create, patch, get, list, watch]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/log], verbs: [get]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods], verbs: [delete]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, events], verbs: [delete]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [events.k8s.io], resources: [events], verbs: [deletecollection]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [pods/log], verbs: [delete]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: [events], verbs: ["*"]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
