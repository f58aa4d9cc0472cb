import { settingOf } from '../../engines/command-line/index.ts';
import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-sa-key-file',
  title: 'Account tokens are checked with the TLS key',
  severity: 'low',
  rationale:
    'Without a key of its own for service-account tokens the API server uses that of its serving certificate; the two cannot be rotated apart, and one leak costs both.',
  remedy: 'Set --service-account-key-file to the public key that belongs to the signing key.',
  controls: [...cis('1.2.22'), ...nsa('control-plane-hardening', 'token-protection'), ...mitre('T1528')],
  aliases: { kubescape: ['C-0136'], trivy: ['KCV-0025'], checkov: ['CKV_K8S_97'] },
  component: 'kube-apiserver',
  expect(line) {
    // An external signer brings its keys along, and excludes the flag.
    if (settingOf(line, '--service-account-signing-endpoint') !== undefined) return undefined;
    return allSet(['--service-account-key-file'])(line);
  },
  examples: () => ({
    good: [apiServer('--service-account-key-file=/pki/sa.pub'), apiServer('--service-account-signing-endpoint=/run/signer.sock')],
    bad: [{ yaml: apiServer('--service-account-signing-key-file=/pki/sa.key'), path: COMMAND }],
  }),
});
