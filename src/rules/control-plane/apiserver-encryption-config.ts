import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-encryption-config',
  title: 'Secrets lie unencrypted in etcd',
  severity: 'medium',
  rationale: 'Whoever gets a copy of the etcd files, a snapshot or a backup reads every Secret of the cluster in clear text.',
  remedy:
    'Set --encryption-provider-config to an EncryptionConfiguration whose first provider for secrets is kms, secretbox or aescbc, then rewrite the Secrets that exist.',
  controls: [...cis('1.2.27'), ...nsa('control-plane-hardening', 'encryption-at-rest', 'etcd-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0141'], trivy: ['KCV-0030'] },
  effort: 'medium',
  component: 'kube-apiserver',
  expect: allSet(['--encryption-provider-config']),
  examples: () => ({
    good: [
      apiServer('--encryption-provider-config=/etc/kubernetes/encryption.yaml'),
      apiServer('--encryption-provider-config-automatic-reload=true', '--encryption-provider-config', '/e.yaml'),
    ],
    bad: [
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--encryption-provider-config-automatic-reload=true'), path: COMMAND },
    ],
  }),
});
