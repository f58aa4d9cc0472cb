import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'proxy-kubeconfig-perm',
  title: 'Kubeconfig of kube-proxy can be read by others',
  severity: 'low',
  rationale: 'It holds the key with which kube-proxy reads Services and their endpoints.',
  remedy:
    'Run chmod 600 on the file; only a component that runs as another user than root needs more, and then the file should belong to that user.',
  controls: [...cis('4.1.3'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0164'], trivy: ['KCV-0071'] },
  component: 'kube-proxy',
  files: 'proxy-kubeconfig',
  what: 'a kubeconfig of kube-proxy',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/kube-proxy.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/kube-proxy.conf': '644 root:root' } }), path: 'mode' }],
  }),
});
