import { mitre, nsa, ofDistributions } from '../rule.ts';
import { unset } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-insecure-bind-address',
  title: 'API server binds its insecure port to an address',
  severity: 'high',
  rationale: 'The flag opens the port that asks for no credential on an address of the node, often beyond the node itself.',
  remedy: 'Remove --insecure-bind-address; clients must use the secure port with a credential.',
  controls: [...ofDistributions({ openshift: ['1.2.14'] }), ...nsa('control-plane-hardening', 'anonymous-requests'), ...mitre('T1190')],
  aliases: { checkov: ['CKV_K8S_86'] },
  component: 'kube-apiserver',
  expect: unset('--insecure-bind-address', ': it opens a port without authentication before Kubernetes 1.20, and is gone since 1.24'),
  examples: () => ({
    good: [apiServer('--bind-address=0.0.0.0')],
    bad: [{ yaml: apiServer('--insecure-bind-address=0.0.0.0'), path: FIRST }],
  }),
});
