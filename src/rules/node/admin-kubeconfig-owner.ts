import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'admin-kubeconfig-owner',
  title: 'Kubeconfig of the administrator does not belong to root',
  severity: 'high',
  rationale:
    'It holds a certificate with which everything in the cluster may be done, and which cannot be taken back before it ends. The owner of a file may always read it.',
  remedy: 'Run chown root:root on the file. Give the person who owned it a kubeconfig with rights of their own.',
  controls: [...cis('1.1.14'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0105'], trivy: ['KCV-0061'] },
  component: 'kubeadm',
  files: 'admin-kubeconfig',
  what: 'a kubeconfig of the administrator',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/admin.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/admin.conf': '600 kube:root' } }), path: 'owner' }],
  }),
});
