import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-kubelet-ca',
  title: 'API server does not verify kubelets',
  severity: 'medium',
  rationale:
    'Without an authority to check against, the API server accepts any certificate from a kubelet: whoever stands between them reads logs and takes over exec and port-forward sessions.',
  remedy:
    'Set --kubelet-certificate-authority to the CA that signs the serving certificates of kubelets. Let these be signed first (serverTLSBootstrap with approved requests), since self-signed ones are then refused.',
  controls: [...cis('1.2.5'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0117'], trivy: ['KCV-0006'], checkov: ['CKV_K8S_73'] },
  effort: 'medium',
  component: 'kube-apiserver',
  expect: allSet(['--kubelet-certificate-authority']),
  examples: () => ({
    good: [apiServer('--kubelet-certificate-authority=/pki/ca.crt')],
    bad: [
      { yaml: apiServer(), path: COMMAND },
      { yaml: apiServer('--kubelet-certificate-authority', ''), path: FIRST },
    ],
  }),
});
