import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'kubelet-kubeconfig-owner',
  title: 'Kubeconfig of the kubelet does not belong to root',
  severity: 'medium',
  rationale:
    'It holds or names the key with which the node signs in, and that gives every Secret of the pods on it. The owner of a file may always read it.',
  remedy: 'Run chown root:root on the file. A component that runs as another user must then read it from a place of its own.',
  controls: [...cis('4.1.6'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0167'], trivy: ['KCV-0074'] },
  component: 'kubelet',
  files: 'kubelet-kubeconfig',
  what: 'a kubeconfig of the kubelet',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/kubelet.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/kubelet.conf': '600 kube:root' } }), path: 'owner' }],
  }),
});
