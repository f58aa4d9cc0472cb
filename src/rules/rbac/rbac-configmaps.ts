import { mitre, nsa } from '../rule.ts';
import { CHANGE_CONFIGMAPS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-configmaps',
  title: 'Role that changes config maps',
  severity: 'medium',
  rationale:
    "Programs believe their configuration, and some of it is the cluster's own: a changed coredns map sends names elsewhere, a changed aws-auth map makes its writer an administrator, a changed start script runs in the next pod.",
  remedy:
    'Bind the role in the namespaces that are meant, and never in kube-system; name the maps in resourceNames where a controller only keeps its own state, and use leases for leader election.',
  controls: [...nsa('rbac'), ...mitre('T1557')],
  aliases: {
    kubescape: ['C-0037'],
    trivy: ['KSV-0049', 'KSV-0115'],
  },
  effort: 'medium',
  powers: [CHANGE_CONFIGMAPS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [secrets], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [configmaps], verbs: [just]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [secrets, configmaps], verbs: [update]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [configmaps], verbs: [patch], resourceNames: [aws-auth]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [configmaps], verbs: [update], resourceNames: [leader]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
      { yaml: role('{apiGroups: [""], resources: [configmaps], verbs: [create]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
