import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST, ofRelease } from './manifests.ts';
import { isBefore } from './release.ts';

export const rule = flagRule({
  id: 'apiserver-sa-lookup',
  title: 'Deleted service-account tokens stay valid',
  severity: 'high',
  rationale: 'Without the lookup a token of a deleted Secret or account goes on working: what was stolen cannot be revoked.',
  remedy: 'Remove --service-account-lookup=false; the lookup is on by default. Before Kubernetes 1.7 set it to true.',
  controls: [...cis('1.2.21'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528', 'T1078')],
  aliases: { kubescape: ['C-0135'], trivy: ['KCV-0024'], checkov: ['CKV_K8S_96'] },
  component: 'kube-apiserver',
  reads: ['kubernetes'],
  expect: (line, release) => boolean('--service-account-lookup', true, { byDefault: !isBefore(7, line, release), mends: true })(line),
  examples: () => ({
    good: [
      apiServer(),
      apiServer('--service-account-lookup'),
      apiServer('--service-account-lookup=true'),
      ofRelease('v1.7.0', apiServer()),
    ],
    bad: [
      { yaml: apiServer('--service-account-lookup=false'), path: FIRST },
      { yaml: ofRelease('v1.6.13', apiServer()), path: COMMAND },
    ],
  }),
});
