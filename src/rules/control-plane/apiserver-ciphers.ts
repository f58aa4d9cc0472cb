import { cis, mitre, nsa } from '../rule.ts';
import { ciphersWithin } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';
import { STRONG_SUITES } from './suites.ts';

export const rule = flagRule({
  id: 'apiserver-ciphers',
  title: 'API server may use weak cipher suites',
  severity: 'low',
  rationale:
    'With suites that lack forward secrecy or authenticated encryption, recorded traffic can be read once the key leaks, and some suites allow padding attacks.',
  remedy:
    'Set --tls-cipher-suites to ECDHE suites with GCM or ChaCha20, or --tls-min-version=VersionTLS13. Very old clients then cannot connect.',
  controls: [...cis('1.2.29'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0277'], checkov: ['CKV_K8S_105'] },
  component: 'kube-apiserver',
  expect: ciphersWithin(STRONG_SUITES),
  examples: () => ({
    good: [
      apiServer('--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
      apiServer('--tls-min-version=VersionTLS13'),
    ],
    bad: [
      { yaml: apiServer('--tls-cipher-suites=TLS_AES_128_GCM_SHA256,TLS_RSA_WITH_AES_128_CBC_SHA'), path: FIRST },
      { yaml: apiServer(), path: COMMAND },
    ],
  }),
});
