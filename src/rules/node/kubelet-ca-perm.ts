import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'kubelet-ca-perm',
  title: 'CA of the kubelet can be changed by others',
  severity: 'medium',
  rationale:
    'Whoever may change this file can add a CA of their own, whose certificates the kubelet then believes, up to running commands in every pod of the node.',
  remedy: 'Run chmod 644 on the file that clientCAFile names; nothing stops working.',
  controls: [...cis('4.1.7'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0168'], trivy: ['KCV-0075'] },
  component: 'kubelet',
  files: 'kubelet-ca',
  what: 'a CA for clients of the kubelet',
  most: 0o644,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '644 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/pki/ca.crt': '664 root:root' } }), path: 'mode' }],
  }),
});
