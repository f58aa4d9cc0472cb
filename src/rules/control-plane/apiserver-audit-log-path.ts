import { settingOf } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-audit-log-path',
  title: 'API server writes no audit log',
  severity: 'medium',
  rationale: 'Without an audit log nobody can tell afterwards who read a Secret, ran a command in a pod or granted a role.',
  remedy: 'Set --audit-log-path to a file on a volume of the node, or to - for standard output, together with --audit-policy-file.',
  controls: [...cis('1.2.16'), ...nsa('control-plane-hardening', 'audit-logging'), ...mitre('T1562.008')],
  aliases: { kubescape: ['C-0130'], trivy: ['KCV-0019'], checkov: ['CKV_K8S_91'] },
  covers: ['apiserver-audit-maxage', 'apiserver-audit-maxbackup', 'apiserver-audit-maxsize'],
  component: 'kube-apiserver',
  expect(line) {
    const webhook = settingOf(line, '--audit-webhook-config-file') !== undefined;
    return allSet(['--audit-log-path'], webhook ? { severity: 'low', because: 'events go to the webhook alone' } : {})(line);
  },
  examples: () => ({
    good: [apiServer('--audit-log-path=/var/log/kubernetes/audit.log'), apiServer('--audit-log-path=-')],
    bad: [
      { yaml: apiServer(), path: COMMAND, severity: 'medium' },
      { yaml: apiServer('--audit-webhook-config-file=/etc/kubernetes/audit.yaml'), path: COMMAND, severity: 'low' },
      { yaml: apiServer('--audit-log-path='), path: FIRST },
    ],
  }),
});
