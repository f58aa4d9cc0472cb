import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'admin-kubeconfig-perm',
  title: 'Kubeconfig of the administrator can be read by others',
  severity: 'high',
  rationale: 'It holds a certificate with which everything in the cluster may be done, and which cannot be taken back before it ends.',
  remedy: 'Run chmod 600 on the file. Whoever else uses it needs a kubeconfig of their own, with rights of their own.',
  controls: [...cis('1.1.13'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0104'], trivy: ['KCV-0060'] },
  component: 'kubeadm',
  files: 'admin-kubeconfig',
  what: 'a kubeconfig of the administrator',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/admin.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/admin.conf': '644 root:root' } }), path: 'mode' }],
  }),
});
