import { cis, mitre, nsa } from '../rule.ts';
import { BIND, BIND_BINDINGS, ESCALATE, IMPERSONATE, IMPERSONATE_ACCOUNTS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-escalate',
  title: 'Role that can raise its own rights',
  severity: 'critical',
  rationale:
    'The verbs escalate and bind switch off the check that nobody hands out more than they have, and impersonate lets a request run as any other user or group, system:masters included: each of them is a short way to the whole cluster.',
  remedy:
    'Remove the verbs; a controller that must create roles can be given what those roles contain instead, or bind limited to them by resourceNames. Limit impersonate to the users and groups that are meant by resourceNames.',
  controls: [...cis('5.1.8'), ...nsa('rbac'), ...mitre('T1098.006', 'T1078')],
  aliases: {
    kubescape: ['C-0191', 'C-0065'],
    trivy: ['KSV-0050', 'KSV-0043'],
    checkov: ['CKV_K8S_157', 'CKV_K8S_158', 'CKV2_K8S_1', 'CKV2_K8S_3'],
    'kyverno-policies': ['restrict-escalation-verbs-roles'],
  },
  effort: 'medium',
  powers: [ESCALATE, BIND, IMPERSONATE, IMPERSONATE_ACCOUNTS, BIND_BINDINGS],
  examples: () => ({
    good: [
      heldEverywhere(
        clusterRole('{apiGroups: [rbac.authorization.k8s.io], resources: [roles, rolebindings], verbs: [create, update, delete]}'),
      ),
      heldEverywhere(clusterRole('{apiGroups: ["*"], resources: [aaa], verbs: [impersonate]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [groups], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [roles], verbs: [bind]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods], verbs: [impersonate]}')),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: "system:controller:x"}'),
    ],
    bad: [
      {
        yaml: heldEverywhere(
          clusterRole('{apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings, clusterroles], verbs: [bind]}'),
        ),
        path: 'rules[0].resources[1]',
        severity: 'critical',
      },
      {
        yaml: heldInShop(role('{apiGroups: ["*"], resources: [roles], verbs: [escalate]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [users, groups], verbs: [impersonate]}')),
        path: 'rules[0].resources[0]',
        severity: 'critical',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [users], verbs: [impersonate], resourceNames: [backup]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [groups], verbs: [impersonate]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
      {
        yaml: clusterRole('{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}'),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
