import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'cni-files-perm',
  title: 'Configuration of network plug-ins can be read by others',
  severity: 'low',
  rationale:
    "The plug-in that these files name is started as root for every pod; some of them also hold the address and the credentials of the network's own control plane.",
  remedy:
    'Run chmod 600 on the files in /etc/cni/net.d and /var/lib/cni/networks. Plug-ins write them anew when they are updated, so set the mode in the settings of the plug-in too.',
  controls: [...cis('1.1.9'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0100'], trivy: ['KCV-0056'] },
  component: 'cni',
  files: 'cni-files',
  what: 'configuration of a network plug-in',
  most: 0o600,
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/cni/net.d/10-net.conflist': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/etc/cni/net.d/10-net.conflist': '644 root:root' } }), path: 'mode' }],
  }),
});
