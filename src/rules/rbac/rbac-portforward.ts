import { mitre, nsa } from '../rule.ts';
import { PORT_FORWARD } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-portforward',
  title: 'Role that forwards ports of pods',
  severity: 'medium',
  rationale:
    'A forwarded port ends inside the pod, so it passes by every NetworkPolicy, Service and Ingress: databases, debug ports and admin pages that listen on localhost only are reached with the rights of the API server.',
  remedy:
    'Remove pods/portforward from standing roles; developers can use a Service or an Ingress with authentication, and get the right for a single namespace while they need it.',
  controls: [...nsa('rbac'), ...mitre('T1090')],
  aliases: {
    kubescape: ['C-0063'],
  },
  effort: 'medium',
  powers: [PORT_FORWARD],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/portforward], verbs: [list]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services/portforward], verbs: [create]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/log, pods/portforward], verbs: [create]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      { yaml: heldInShop(role('{apiGroups: [""], resources: ["*"], verbs: ["*"]}')), path: 'rules[0].resources[0]', severity: 'medium' },
      {
        yaml: clusterRole('{apiGroups: [""], resources: [pods/portforward], verbs: [get]}'),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
