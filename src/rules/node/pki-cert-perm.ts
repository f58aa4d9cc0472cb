import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'pki-cert-perm',
  title: 'Certificates of the cluster can be changed by others',
  severity: 'medium',
  rationale: 'A CA certificate that others may replace lets them decide whom a component believes; reading certificates is harmless.',
  remedy: 'Run chmod 644 on the certificates; nothing stops working.',
  controls: [...cis('1.1.20'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0111'], trivy: ['KCV-0068'] },
  component: 'pki',
  files: 'pki-certificates',
  what: 'a folder of certificates',
  most: 0o644,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '644 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '664 root:root' } }), path: 'mode' }],
  }),
});
