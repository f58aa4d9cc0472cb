import { cis, mitre, nsa } from '../rule.ts';
import { CHANGE_ADMISSION_POLICIES, CHANGE_WEBHOOKS } from './powers.ts';
import { defineRoleRule } from './role-check.ts';
import { clusterRole, heldEverywhere, role } from './role-examples.ts';

export const rule = defineRoleRule({
  id: 'rbac-webhooks',
  title: 'Role that changes admission control',
  severity: 'high',
  rationale:
    'A webhook sees every object that is written, secrets included, and may change it. Whoever writes the configurations can read along, plant a container in each new pod, or delete the guard that refuses privileged ones.',
  remedy:
    'Give these rights to the installer of the policy engine alone and, where it must keep them, for its own configuration by resourceNames (create cannot be limited so: make it part of the installation).',
  controls: [...cis('5.1.12'), ...nsa('rbac'), ...mitre('T1546', 'T1562.001')],
  aliases: {
    kubescape: ['C-0281'],
    trivy: ['KSV-0114'],
    checkov: ['CKV_K8S_155'],
    'kyverno-policies': ['restrict-clusterrole-mutating-validating-admission-webhooks'],
  },
  effort: 'medium',
  powers: [CHANGE_WEBHOOKS, CHANGE_ADMISSION_POLICIES],
  examples: () => ({
    good: [
      heldEverywhere(
        clusterRole(
          '{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations], verbs: [get, list, watch]}',
        ),
      ),
      heldEverywhere(clusterRole('{apiGroups: [""], resources: [mutatingwebhookconfigurations], verbs: [create]}')),
    ],
    bad: [
      {
        yaml: heldEverywhere(
          clusterRole('{apiGroups: [admissionregistration.k8s.io], resources: [validatingwebhookconfigurations], verbs: [patch]}'),
        ),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(
          clusterRole('{apiGroups: [admissionregistration.k8s.io], resources: [validatingadmissionpolicybindings], verbs: [delete]}'),
        ),
        path: 'rules[0].resources[0]',
        severity: 'high',
      },
      {
        yaml: heldEverywhere(
          clusterRole(
            '{apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [update], resourceNames: [mesh]}',
          ),
        ),
        path: 'rules[0].resources[0]',
        severity: 'medium',
      },
      {
        yaml: role('{apiGroups: ["*"], resources: [mutatingwebhookconfigurations], verbs: ["*"]}'),
        path: 'rules[0].resources[0]',
        severity: 'low',
      },
    ],
  }),
});
