import { cis, mitre, nsa } from '../rule.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';
import { rotation } from './rotation.ts';

export const rule = flagRule({
  id: 'apiserver-audit-maxbackup',
  title: 'Audit log keeps few rotated files',
  severity: 'low',
  rationale: 'An attacker who causes many requests pushes older events out of the log when only few rotated files are kept.',
  remedy: 'Set --audit-log-maxbackup to 10 or more.',
  controls: [...cis('1.2.18'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1070')],
  aliases: { kubescape: ['C-0132'], trivy: ['KCV-0021'], checkov: ['CKV_K8S_93'] },
  component: 'kube-apiserver',
  expect: rotation('--audit-log-maxbackup', 10, 'all files stay until the disk is full'),
  examples: () => ({
    good: [apiServer('--audit-log-maxbackup=10'), apiServer('--audit-log-maxbackup', '11'), apiServer('--audit-log-path=-')],
    bad: [
      { yaml: apiServer('--audit-log-maxbackup=9'), path: FIRST },
      { yaml: apiServer('--audit-log-path=/var/log/audit.log'), path: COMMAND },
    ],
  }),
});
