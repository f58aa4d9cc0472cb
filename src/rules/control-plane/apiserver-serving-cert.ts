import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-serving-cert',
  title: 'API server makes its own serving certificate',
  severity: 'medium',
  rationale:
    'Without a certificate the API server signs one itself at start; clients that must accept it cannot tell the server from someone in between.',
  remedy: 'Set --tls-cert-file and --tls-private-key-file to a certificate of the CA that kubeconfigs carry.',
  controls: [...cis('1.2.24'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0138'], trivy: ['KCV-0027'], checkov: ['CKV_K8S_100'] },
  component: 'kube-apiserver',
  expect: allSet(['--tls-cert-file', '--tls-private-key-file']),
  examples: () => ({
    good: [apiServer('--tls-cert-file=/pki/apiserver.crt', '--tls-private-key-file=/pki/apiserver.key')],
    bad: [
      { yaml: apiServer('--tls-private-key-file=/pki/apiserver.key'), path: COMMAND },
      { yaml: apiServer('--tls-sni-cert-key=/pki/a.crt,/pki/a.key'), path: COMMAND },
    ],
  }),
});
