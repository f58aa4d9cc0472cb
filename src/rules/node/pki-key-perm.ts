import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'pki-key-perm',
  title: 'Private keys of the cluster can be read by others',
  severity: 'high',
  rationale: 'With the key of the CA or of service accounts anybody can be anyone in the cluster, and no log shows where the key was used.',
  remedy: 'Run chmod 600 on the keys, and take a key that may have been copied out of use: renew it and everything that it has signed.',
  controls: [...cis('1.1.21'), ...nsa('control-plane-hardening', 'encryption-in-transit'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0112'], trivy: ['KCV-0067'] },
  component: 'pki',
  files: 'pki-keys',
  what: 'private keys of the cluster',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/pki/ca.key': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/pki/ca.key': '640 root:root' } }), path: 'mode' }],
  }),
});
