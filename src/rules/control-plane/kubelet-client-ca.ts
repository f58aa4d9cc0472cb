import { cis, mitre, nsa } from '../rule.ts';
import { COMMAND, kubelet, kubeletConfiguration } from './manifests.ts';
import { kubeletRule } from './setting-rule.ts';

export const rule = kubeletRule({
  id: 'kubelet-client-ca',
  title: 'kubelet checks no client certificates',
  severity: 'medium',
  rationale:
    'Without a CA for clients the kubelet cannot tell the API server from anybody else by its certificate, and falls back to weaker ways or to anonymous access.',
  remedy: 'Set authentication.x509.clientCAFile in the KubeletConfiguration, or --client-ca-file, to the CA of the cluster.',
  controls: [...cis('4.2.3'), ...nsa('control-plane-hardening', 'strong-authentication'), ...mitre('T1078')],
  aliases: { kubescape: ['C-0174'], trivy: ['KCV-0081'], checkov: ['CKV_K8S_140'] },
  flag: '--client-ca-file',
  field: 'authentication.x509.clientCAFile',
  read: (config) => config.authentication?.x509?.clientCAFile,
  byDefault: {},
  wrong: (value) => (value === undefined || value === '' ? {} : undefined),
  examples: () => ({
    good: [kubelet('--client-ca-file=/pki/ca.crt'), kubeletConfiguration('authentication: {x509: {clientCAFile: /pki/ca.crt}}')],
    bad: [
      { yaml: kubelet(), path: COMMAND },
      { yaml: kubeletConfiguration('authentication: {webhook: {enabled: true}}'), path: 'authentication.x509.clientCAFile' },
    ],
  }),
});
