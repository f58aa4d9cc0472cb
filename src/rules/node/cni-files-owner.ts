import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'cni-files-owner',
  title: 'Configuration of network plug-ins does not belong to root',
  severity: 'medium',
  rationale: 'The owner of these files may name another program in them, and the container runtime starts it as root for the next pod.',
  remedy:
    'Run chown root:root on the files in /etc/cni/net.d and /var/lib/cni/networks; a plug-in that runs as another user must then be changed to run as root or to leave its files alone.',
  controls: [...cis('1.1.10'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0101'], trivy: ['KCV-0057'] },
  component: 'cni',
  files: 'cni-files',
  what: 'configuration of a network plug-in',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/cni/net.d/10-net.conflist': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/cni/net.d/10-net.conflist': '600 kube:kube' } }), path: 'owner' }],
  }),
});
