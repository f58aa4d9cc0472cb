import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'proxy-kubeconfig-owner',
  title: 'Kubeconfig of kube-proxy does not belong to root',
  severity: 'medium',
  rationale: 'It holds the key with which kube-proxy reads Services and their endpoints. The owner of a file may always read it.',
  remedy: 'Run chown root:root on the file. A component that runs as another user must then read it from a place of its own.',
  controls: [...cis('4.1.4'), ...nsa('kubeconfig-protection'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0165'], trivy: ['KCV-0072'] },
  component: 'kube-proxy',
  files: 'proxy-kubeconfig',
  what: 'a kubeconfig of kube-proxy',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/kube-proxy.conf': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/kube-proxy.conf': '600 kube:root' } }), path: 'owner' }],
  }),
});
