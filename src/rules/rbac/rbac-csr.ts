import { cis, mitre, nsa } from '../rule.ts';
import { APPROVE_CERTIFICATES, APPROVE_FOR_SIGNERS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, heldInShop, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-csr',
  title: 'Role that approves certificates',
  severity: 'high',
  rationale:
    'A client certificate is an identity that nobody can revoke. Whoever approves requests, or may approve for the signer kubernetes.io/kube-apiserver-client, writes one with any name and group for as long as the signer allows.',
  remedy:
    'Leave approval to the controllers of Kubernetes and to the few people who check requests; limit approve on signers by resourceNames to the signer that is meant, for example kubernetes.io/kubelet-serving.',
  controls: [...cis('5.1.11'), ...nsa('rbac'), ...mitre('T1098', 'T1078')],
  aliases: {
    kubescape: ['C-0280'],
    checkov: ['CKV_K8S_156'],
    'kyverno-policies': ['restrict-clusterrole-csr'],
  },
  effort: 'medium',
  powers: [APPROVE_CERTIFICATES, APPROVE_FOR_SIGNERS],
  examples: () => ({
    good: [
      heldEverywhere(
        clusterRole('{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get, list, watch]}'),
      ),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [certificatesigningrequests/approval], verbs: [update]}')),
      heldEverywhere(clusterRole('{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [get]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(
          clusterRole(
            '{apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests, certificatesigningrequests/approval], verbs: [update, list]}',
          ),
        ),
        path: 'rules[0].resources[1]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(
          clusterRole(
            '{apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve], resourceNames: [kubernetes.io/kubelet-serving]}',
          ),
        ),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: heldInShop(role('{apiGroups: ["*"], resources: [certificatesigningrequests/approval], verbs: ["*"]}')),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
