import { cis, mitre, nsa } from '../rule.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';
import { rotation } from './rotation.ts';

export const rule = flagRule({
  id: 'apiserver-audit-maxsize',
  title: 'Audit log rotates at a small size',
  severity: 'low',
  rationale:
    'Small files are rotated away quickly, and with a fixed number of them a flood of requests shortens the time that the log reaches back.',
  remedy: 'Set --audit-log-maxsize to 100 megabytes or more.',
  controls: [...cis('1.2.19'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1070')],
  aliases: { kubescape: ['C-0133'], trivy: ['KCV-0022'], checkov: ['CKV_K8S_94'] },
  component: 'kube-apiserver',
  expect: rotation('--audit-log-maxsize', 100, 'files rotate at 100 MB, as the benchmark asks, but by default only'),
  examples: () => ({
    good: [apiServer('--audit-log-maxsize=100'), apiServer('--audit-log-maxsize', '101'), apiServer('--audit-log-path=-')],
    bad: [
      { yaml: apiServer('--audit-log-maxsize=99'), path: FIRST },
      { yaml: apiServer('--audit-log-path=/var/log/audit.log'), path: COMMAND },
    ],
  }),
});
