import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'controller-manager-kubeconfig-owner',
  title: 'Kubeconfig of the controller manager does not belong to root',
  severity: 'high',
  rationale:
    'It holds the key of the controller manager, which may read all Secrets and give out tokens of every service account. The owner of a file may always read it.',
  remedy: 'Run chown root:root on the file. A component that runs as another user must then read it from a place of its own.',
  controls: [...cis('1.1.18'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0109'], trivy: ['KCV-0065'] },
  component: 'kube-controller-manager',
  files: 'controller-manager-kubeconfig',
  what: 'a kubeconfig of the controller manager',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/controller-manager.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/controller-manager.conf': '600 kube:root' } }), path: 'owner' }],
  }),
});
