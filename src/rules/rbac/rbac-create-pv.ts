import { cis, mitre, nsa } from '../rule.ts';
import { CREATE_VOLUMES } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-create-pv',
  title: 'Role that creates persistent volumes',
  severity: 'medium',
  rationale:
    'A persistent volume may be a path of the node. With a claim on it, a pod reads and writes the host although Pod Security refuses hostPath volumes in pods, because admission looks at the pod only.',
  remedy:
    'Leave volumes to the provisioner of a StorageClass and let people create claims. A backup or migration tool that must create volumes should hold the right only while it runs.',
  controls: [...cis('5.1.9'), ...nsa('rbac'), ...mitre('T1611')],
  aliases: {
    kubescape: ['C-0278'],
  },
  effort: 'medium',
  powers: [CREATE_VOLUMES],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [persistentvolumes], verbs: [get, list, watch, update, delete]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [persistentvolumeclaims], verbs: [create]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [persistentvolumeclaims, persistentvolumes], verbs: [create]}')),
        path: 'rules[0].resources[1]',
        severity: 'medium',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [persistentvolumes], verbs: [create]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
