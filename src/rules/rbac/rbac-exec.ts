import { mitre, nsa } from '../rule.ts';
import { DEBUG, EXEC } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-exec',
  title: 'Role that runs commands in pods',
  severity: 'high',
  rationale:
    'A shell in a running pod has its files, environment, network place and service account token, and leaves no trace in the manifests. Before Kubernetes 1.35 the verb get is enough, because a websocket begins with it; a debug container gets as far.',
  remedy:
    'Take pods/exec, pods/attach and pods/ephemeralcontainers out of standing roles and grant them for the time of an incident. Look for get with * or */exec among the resources, which read-only roles often have by mistake; name the resources instead.',
  controls: [...nsa('rbac'), ...mitre('T1609')],
  aliases: {
    kubescape: ['C-0002'],
    trivy: ['KSV-0053', 'KSV-0054'],
    checkov: ['CKV2_K8S_2'],
    polaris: [
      'clusterrolePodExecAttach',
      'rolePodExecAttach',
      'clusterrolebindingPodExecAttach',
      'rolebindingRolePodExecAttach',
      'rolebindingClusterRolePodExecAttach',
    ],
    'kyverno-policies': ['block-pod-exec-by-namespace'],
  },
  effort: 'medium',
  powers: [EXEC, DEBUG],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/attach], verbs: [list]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods], verbs: [get, create]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/exec1], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: ["pods/*"], verbs: [create]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [get]}')),
      clusterRole('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}').replace('{name: ci}', '{name: cluster-admin}'),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods, pods/exec], verbs: [create]}')),
        path: 'rules[0].resources[1]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: ["*"], resources: [pods/attach], verbs: [get]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: ["*/exec"], verbs: ["*"]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [pods/ephemeralcontainers], verbs: [patch]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: ["*"], verbs: [get]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
