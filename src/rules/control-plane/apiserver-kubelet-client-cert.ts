import { cis, mitre, nsa } from '../rule.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { apiServer, COMMAND, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'apiserver-kubelet-client-cert',
  title: 'API server has no client certificate for kubelets',
  severity: 'medium',
  rationale:
    'Without a certificate of its own the API server reaches kubelets anonymously, so that kubelets must let anonymous requests run commands in pods for exec and logs to work.',
  remedy:
    'Set --kubelet-client-certificate and --kubelet-client-key to a certificate that the kubelets authorize, such as apiserver-kubelet-client.crt of kubeadm.',
  controls: [...cis('1.2.4'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0116'], trivy: ['KCV-0005'], checkov: ['CKV_K8S_72'] },
  component: 'kube-apiserver',
  expect: allSet(['--kubelet-client-certificate', '--kubelet-client-key']),
  examples: () => ({
    good: [apiServer('--kubelet-client-certificate=/pki/kubelet.crt', '--kubelet-client-key=/pki/kubelet.key')],
    bad: [
      { yaml: apiServer('--kubelet-client-key=/pki/kubelet.key'), path: COMMAND },
      { yaml: apiServer('--kubelet-client-certificate=', '--kubelet-client-key=/pki/kubelet.key'), path: FIRST },
    ],
  }),
});
