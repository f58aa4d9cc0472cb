import { CONTAINER, withContainer } from '../examples.ts';
import { cis, defineRule, mitre, nsa, pss } from '../rule.ts';

export const rule = defineRule({
  id: 'privileged',
  title: 'Privileged container',
  severity: 'critical',
  area: 'pod-security',
  rationale:
    'A privileged container has every capability, every device of the node and no seccomp or AppArmor profile: whoever runs code in it owns the node, and with it the tokens of every pod there.',
  remedy:
    'Set securityContext.privileged to false and grant what is really used: a single capability, a device plugin, or a host path that is mounted read-only. Node agents that need it belong in a namespace of their own with Pod Security level privileged.',
  controls: [...cis('5.2.2'), ...pss('baseline', 'privileged'), ...nsa('privileged-containers'), ...mitre('T1611', 'T1610')],
  aliases: {
    kubescape: ['C-0057', 'C-0193'],
    trivy: ['KSV-0017'],
    checkov: ['CKV_K8S_16', 'CKV_K8S_2'],
    polaris: ['runAsPrivileged'],
    'kube-linter': ['privileged-container'],
    'kube-score': ['container-security-context-privileged'],
    kubeaudit: ['privileged'],
    kubesec: ['Privileged'],
    'kyverno-policies': ['disallow-privileged-containers'],
    'gatekeeper-library': ['privileged-containers'],
  },
  // What these speak of means nothing in a privileged container.
  covers: [
    'allow-privilege-escalation',
    'drop-all-capabilities',
    'drop-some-capability',
    'net-raw',
    'added-capabilities',
    'sys-admin',
    'sys-module',
    'seccomp-missing',
    'seccomp-unconfined',
    'apparmor',
    'no-linux-hardening',
    'proc-mount',
  ],
  scope: 'container',
  check(container) {
    if (container.spec.securityContext?.privileged !== true) return undefined;
    return {
      message: `container "${container.name}" runs privileged`,
      path: 'securityContext.privileged',
      fix: [{ set: 'securityContext.privileged', value: false }],
    };
  },
  examples: () => ({
    good: [withContainer('securityContext: {privileged: false}'), withContainer('')],
    bad: [{ yaml: withContainer('securityContext: {privileged: true}'), path: `${CONTAINER}.securityContext.privileged` }],
  }),
});
