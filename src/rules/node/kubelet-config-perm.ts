import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'kubelet-config-perm',
  title: 'Configuration of the kubelet can be read or changed by others',
  severity: 'low',
  rationale:
    'Whoever may change this file switches off who may ask the kubelet what; whoever may read it learns how the node is protected. Drop-ins count as much as the file.',
  remedy: 'Run chmod 600 on /var/lib/kubelet/config.yaml, or the file of --config, and on the drop-ins of --config-dir.',
  controls: [...cis('4.1.9'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0170'], trivy: ['KCV-0077'] },
  component: 'kubelet',
  files: 'kubelet-config',
  what: 'a configuration file of the kubelet',
  most: 0o600,
  mostOn: { eks: 0o644, aks: 0o644, gke: 0o644 },
  examples: () => ({
    good: [nodeFacts({ files: { '/var/lib/kubelet/config.yaml': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/var/lib/kubelet/config.yaml': '644 root:root' } }), path: 'mode' }],
  }),
});
