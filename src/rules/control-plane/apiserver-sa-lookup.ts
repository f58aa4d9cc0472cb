import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-sa-lookup',
  title: 'Deleted service-account tokens stay valid',
  severity: 'high',
  rationale: 'Without the lookup a token of a deleted Secret or account goes on working: what was stolen cannot be revoked.',
  remedy: 'Remove --service-account-lookup=false; the lookup is on by default.',
  controls: [...cis('1.2.21'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528', 'T1078')],
  aliases: { kubescape: ['C-0135'], trivy: ['KCV-0024'], checkov: ['CKV_K8S_96'] },
  component: 'kube-apiserver',
  expect: boolean('--service-account-lookup', true, { byDefault: true, mends: true }),
  examples: () => ({
    good: [apiServer(), apiServer('--service-account-lookup'), apiServer('--service-account-lookup=true')],
    bad: [{ yaml: apiServer('--service-account-lookup=false'), path: FIRST }],
  }),
});
