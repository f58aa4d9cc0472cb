import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'kubelet-config-owner',
  title: 'Configuration of the kubelet does not belong to root',
  severity: 'medium',
  rationale: 'The owner of this file may let anybody ask the kubelet for anything, from the next restart on.',
  remedy: 'Run chown root:root on /var/lib/kubelet/config.yaml, or the file of --config, and on the drop-ins of --config-dir.',
  controls: [...cis('4.1.10'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0171'], trivy: ['KCV-0078'] },
  component: 'kubelet',
  files: 'kubelet-config',
  what: 'a configuration file of the kubelet',
  examples: () => ({
    good: [nodeFacts({ files: { '/var/lib/kubelet/config.yaml': '600 root:root' } })],
    bad: [{ yaml: nodeFacts({ files: { '/var/lib/kubelet/config.yaml': '600 kube:kube' } }), path: 'owner' }],
  }),
});
