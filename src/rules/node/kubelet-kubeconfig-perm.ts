import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'kubelet-kubeconfig-perm',
  title: 'Kubeconfig of the kubelet can be read by others',
  severity: 'medium',
  rationale: 'It holds or names the key with which the node signs in, and that gives every Secret of the pods on it.',
  remedy:
    'Run chmod 600 on the file; only a component that runs as another user than root needs more, and then the file should belong to that user.',
  controls: [...cis('4.1.5'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0166'], trivy: ['KCV-0073'] },
  component: 'kubelet',
  files: 'kubelet-kubeconfig',
  what: 'a kubeconfig of the kubelet',
  most: 0o600,
  // There it names a program or a rotated file in place of a credential.
  mostOn: { eks: 0o644, aks: 0o644, gke: 0o644, openshift: 0o644 },
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/kubelet.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/kubelet.conf': '644 root:root' } }), path: 'mode' }],
  }),
});
