import { cis, mitre, nsa } from '../rule.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';
import { rotation } from './rotation.ts';

export const rule = flagRule({
  id: 'apiserver-audit-maxage',
  title: 'Audit log is kept for no stated time',
  severity: 'low',
  rationale:
    'Break-ins are often found weeks later; files that were removed by then take the evidence with them, and files that are never removed fill the disk until logging stops.',
  remedy: 'Set --audit-log-maxage to 30 days or more, with --audit-log-maxbackup and --audit-log-maxsize so that the disk suffices.',
  controls: [...cis('1.2.17'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1070')],
  aliases: { kubescape: ['C-0131'], trivy: ['KCV-0020'], checkov: ['CKV_K8S_92'] },
  component: 'kube-apiserver',
  expect: rotation('--audit-log-maxage', 30, 'old files stay until the disk is full'),
  examples: () => ({
    good: [apiServer('--audit-log-maxage=30'), apiServer('--audit-log-maxage', '31'), apiServer('--audit-log-path=-')],
    bad: [
      { yaml: apiServer('--audit-log-maxage=29'), path: FIRST },
      { yaml: apiServer('--audit-log-path=/var/log/audit.log'), path: COMMAND },
    ],
  }),
});
