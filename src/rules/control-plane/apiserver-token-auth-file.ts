import { cis, mitre, nsa } from '../rule.ts';
import { unset } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-token-auth-file',
  title: 'API server accepts tokens from a static file',
  severity: 'high',
  rationale:
    'The tokens stand in clear text on the node, never expire and can only be revoked by a restart of the API server: one copy of the file is a lasting way in.',
  remedy:
    'Remove --token-auth-file and give people OIDC and programs service-account tokens; whoever still uses a token of the file loses access.',
  controls: [...cis('1.2.2'), ...nsa('control-plane-hardening', 'strong-authentication'), ...mitre('T1078', 'T1552.001')],
  aliases: { kubescape: ['C-0114'], trivy: ['KCV-0002'], checkov: ['CKV_K8S_70'] },
  effort: 'medium',
  component: 'kube-apiserver',
  expect: unset('--token-auth-file'),
  examples: () => ({
    good: [apiServer(), apiServer('--token-auth-file-like=no')],
    bad: [
      { yaml: apiServer('--profiling=false', '--token-auth-file', '/etc/kubernetes/tokens.csv'), path: `${COMMAND}[2]` },
      { yaml: apiServer('--token-auth-file=/etc/kubernetes/tokens.csv'), path: FIRST },
    ],
  }),
});
