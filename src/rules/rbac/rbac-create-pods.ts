import { cis, mitre, nsa } from '../rule.ts';
import { CHANGE_PODS, CREATE_PODS, RUN_APPS, RUN_CONTROLLERS, RUN_JOBS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-create-pods',
  title: 'Role that starts pods',
  severity: 'medium',
  rationale:
    'A new pod may name any service account of its namespace, mount any of its secrets and, where no policy refuses it, the disk of the node. The right to create pods, or the workloads that make them, is therefore every right that the namespace holds.',
  remedy:
    'Let a deployment system create workloads and give people read access; keep the right to namespaces that hold no account with more rights than its users, and enforce a Pod Security level there. A ClusterRoleBinding gives it in kube-system too: bind it per namespace.',
  controls: [...cis('5.1.4'), ...nsa('rbac'), ...mitre('T1610')],
  aliases: {
    kubescape: ['C-0188'],
    trivy: ['KSV-0048'],
    'kube-linter': ['access-to-create-pods'],
  },
  effort: 'medium',
  powers: [CREATE_PODS, RUN_APPS, RUN_JOBS, RUN_CONTROLLERS, CHANGE_PODS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, deployments], verbs: [get, list, delete]}')),
      heldEverywhere(clusterRole('{apiGroups: [batch], resources: [job], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [apps], resources: [pods], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/log, pods/exec], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [apps], resources: [deployments/scale], verbs: [update]}')),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: "system:controller:x"}'),
    ],
    bad: [
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [pods], verbs: [create]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(
          clusterRole(
            '{apiGroups: [""], resources: [services], verbs: [list]}',
            '{apiGroups: [apps, batch], resources: [replicasets, cronjobs], verbs: [patch]}',
          ),
        ),
        path: 'rules[1].resources[0]',
        severity: 'medium',
      },
      { yaml: role('{apiGroups: [batch], resources: [jobs], verbs: [create]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
