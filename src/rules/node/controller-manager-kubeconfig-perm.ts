import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'controller-manager-kubeconfig-perm',
  title: 'Kubeconfig of the controller manager can be read by others',
  severity: 'high',
  rationale: 'It holds the key of the controller manager, which may read all Secrets and give out tokens of every service account.',
  remedy:
    'Run chmod 600 on the file; only a component that runs as another user than root needs more, and then the file should belong to that user.',
  controls: [...cis('1.1.17'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0108'], trivy: ['KCV-0064'] },
  component: 'kube-controller-manager',
  files: 'controller-manager-kubeconfig',
  what: 'a kubeconfig of the controller manager',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/controller-manager.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/controller-manager.conf': '644 root:root' } }), path: 'mode' }],
  }),
});
