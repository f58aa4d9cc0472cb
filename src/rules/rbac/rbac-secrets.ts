import { cis, mitre, nsa } from '../rule.ts';
import { CHANGE_SECRETS, READ_SECRETS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-secrets',
  title: 'Role that reads or changes secrets',
  severity: 'high',
  rationale:
    'Secrets hold the passwords, keys and tokens of everything that runs beside them. Whoever lists them in a namespace can act as each service account that has a token there; whoever lists them in all namespaces usually owns the cluster.',
  remedy:
    'Drop secrets from the role, or name the few that are needed in resourceNames with the verb get (list and watch then work for a single name only). Give it by a RoleBinding in one namespace. Controllers that cache all secrets stop working until they are told which namespaces or labels to watch.',
  controls: [...cis('5.1.2'), ...nsa('rbac'), ...mitre('T1552.007')],
  aliases: {
    kubescape: ['C-0015', 'C-0186'],
    trivy: ['KSV-0041', 'KSV-0113'],
    checkov: ['CKV2_K8S_5'],
    'kube-linter': ['access-to-secrets'],
    'kyverno-policies': ['restrict-secret-role-verbs'],
  },
  effort: 'medium',
  powers: [READ_SECRETS, CHANGE_SECRETS],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [secrets1], verbs: [get]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, configmaps], verbs: [get, list, watch]}')),
      heldEverywhere(clusterRole('{apiGroups: [apps], resources: [secrets], verbs: [list]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [secrets], verbs: [use]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: ["secrets/*"], verbs: [get]}')),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: cluster-admin}'),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: "system:controller:x"}'),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, secrets], verbs: [get, list]}')),
        path: 'rules[0].resources[1]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: ["*"], verbs: [get]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [secrets], verbs: [delete]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [db]}')),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: [secrets], verbs: ["*"]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
