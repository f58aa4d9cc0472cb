import { mitre, nsa } from '../rule.ts';
import { CHANGE_ENDPOINTS, CHANGE_INGRESSES, CHANGE_POLICIES, CHANGE_SERVICES } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-network-write',
  title: 'Role that changes network objects',
  severity: 'medium',
  rationale:
    'Who writes endpoints or services can put themselves between two programs or reach addresses that the network policies keep them from; who writes ingresses takes over host names; who writes network policies opens what was closed.',
  remedy:
    'Split the role: application teams need services and ingresses in their own namespace, network policies and endpoints belong to controllers and the platform team. Bind it per namespace.',
  controls: [...nsa('rbac', 'network-policies'), ...mitre('T1557')],
  aliases: {
    trivy: ['KSV-0056'],
    'kyverno-policies': ['restrict-edit-for-endpoints'],
    'gatekeeper-library': ['block-endpoint-edit-default-role'],
  },
  effort: 'medium',
  powers: [CHANGE_POLICIES, CHANGE_ENDPOINTS, CHANGE_SERVICES, CHANGE_INGRESSES],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services, endpoints], verbs: [get, list, watch]}')),
      heldEverywhere(clusterRole('{apiGroups: ["*"], resources: [services1], verbs: ["*"]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services/status], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, endpoints], verbs: [update]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldInShop(role('{apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [delete]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [create]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: role('{apiGroups: [networking.k8s.io], resources: [ingresses], verbs: ["*"]}'),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
