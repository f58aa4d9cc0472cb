import { mitre, nsa } from '../rule.ts';
import { SERVICE_STATUS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-service-status',
  title: 'Role that writes the status of services',
  severity: 'medium',
  rationale:
    'The address in status.loadBalancer is believed by every node: traffic from inside the cluster to that address goes to the service. Whoever writes it draws the connections of others to a pod of their own.',
  remedy: 'Leave services/status to the load balancer controller, which runs in a namespace that others cannot write to.',
  controls: [...nsa('rbac'), ...mitre('T1557')],
  aliases: {
    checkov: ['CKV2_K8S_4'],
  },
  effort: 'medium',
  powers: [SERVICE_STATUS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services/status], verbs: [get]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [apps], resources: [deployments/status], verbs: [patch]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [services, services/status], verbs: [patch]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: ["*/status"], verbs: [update]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: clusterRole('{apiGroups: [""], resources: [services/status], verbs: [update]}'),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
