import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'audit-policy-present',
  title: 'API server has no audit policy',
  severity: 'medium',
  rationale: 'Without a policy the API server records nothing at all, whatever else is set for the audit log.',
  remedy: 'Write a Policy (audit.k8s.io/v1) that records at least metadata and name it with --audit-policy-file.',
  controls: [...cis('3.2.1'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  aliases: { kubescape: ['C-0160'] },
  covers: ['apiserver-audit-log-path'],
  effort: 'medium',
  component: 'kube-apiserver',
  expect: allSet(['--audit-policy-file']),
  examples: () => ({
    good: [apiServer('--audit-policy-file=/etc/kubernetes/audit.yaml')],
    bad: [{ yaml: apiServer('--audit-log-path=/var/log/audit.log'), path: COMMAND }],
  }),
});
