import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'scheduler-manifest-owner',
  title: 'Manifest of the scheduler does not belong to root',
  severity: 'medium',
  rationale:
    'The owner of this file may always change it, whatever its mode, and with it the flags and mounts with which the scheduler runs on the node.',
  remedy: 'Run chown root:root on the manifest of the scheduler; nothing but the kubelet needs it.',
  controls: [...cis('1.1.6'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0097'], trivy: ['KCV-0053'] },
  component: 'kube-scheduler',
  files: 'scheduler-manifest',
  what: 'a manifest of the scheduler',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '600 root:root' } })],
    bad: [
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '600 kube:kube' } }), path: 'owner' },
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '600 root:kube' } }), path: 'owner' },
    ],
  }),
});
