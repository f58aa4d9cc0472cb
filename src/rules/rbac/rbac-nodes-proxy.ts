import { cis, mitre, nsa } from '../rule.ts';
import { NODES_PROXY } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-nodes-proxy',
  title: 'Role that reaches the kubelet',
  severity: 'high',
  rationale:
    'Through nodes/proxy a request goes to the kubelet with the rights of the API server. It can run commands in every pod of the node, and neither admission nor the audit log of pods sees it; the verb get is enough.',
  remedy:
    'Replace nodes/proxy by the narrow subresources that monitoring needs: nodes/metrics, nodes/stats, nodes/log, and from Kubernetes 1.33 nodes/healthz, nodes/pods and nodes/configz.',
  controls: [...cis('5.1.10'), ...nsa('rbac'), ...mitre('T1609')],
  aliases: {
    kubescape: ['C-0279'],
    trivy: ['KSV-0047'],
    checkov: ['CKV2_K8S_2'],
    'kyverno-policies': ['restrict-clusterrole-nodesproxy'],
  },
  effort: 'medium',
  powers: [NODES_PROXY],
  examples: () => ({
    good: [
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [nodes/proxy], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [nodes, nodes/metrics, nodes/stats], verbs: [get, list, watch]}')),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [services/proxy, pods/proxy], verbs: [get]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: [nodes, nodes/proxy], verbs: [get]}')),
        path: 'rules[0].resources[1]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(clusterRole('{apiGroups: [""], resources: ["*/proxy"], verbs: [create]}')),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldInShop(role('{apiGroups: [""], resources: [nodes/proxy], verbs: [get]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
      { yaml: clusterRole('{apiGroups: [""], resources: [nodes/proxy], verbs: ["*"]}'), path: 'rules[0].resources[0]', severity: 'low' },
    ],
  }),
});
