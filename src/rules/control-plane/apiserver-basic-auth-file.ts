import { mitre, nsa } from '../rule.ts';
import { unset } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-basic-auth-file',
  title: 'API server accepts passwords from a file',
  severity: 'high',
  rationale: 'The passwords stand in clear text on the node, never expire, are sent with each request and can be guessed without limit.',
  remedy: 'Remove --basic-auth-file and give people OIDC; whoever signs in with a password of the file loses access.',
  controls: [...nsa('control-plane-hardening'), ...mitre('T1078', 'T1552.001')],
  aliases: { checkov: ['CKV_K8S_69'] },
  component: 'kube-apiserver',
  expect: unset('--basic-auth-file', ': passwords in clear text, an option that is gone since Kubernetes 1.19'),
  examples: () => ({
    good: [apiServer()],
    bad: [{ yaml: apiServer('--basic-auth-file=/etc/kubernetes/users.csv'), path: FIRST }],
  }),
});
