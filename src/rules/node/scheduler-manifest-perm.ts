import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'scheduler-manifest-perm',
  title: 'Manifest of the scheduler can be read or changed by others',
  severity: 'medium',
  rationale:
    'Whoever may change this file decides with which flags and mounts the scheduler runs, as root on the node; whoever may read it learns where its keys and files are.',
  remedy: 'Run chmod 600 on the manifest of the scheduler; the kubelet, which runs as root, still reads it.',
  controls: [...cis('1.1.5'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0096'], trivy: ['KCV-0052'] },
  component: 'kube-scheduler',
  files: 'scheduler-manifest',
  what: 'a manifest of the scheduler',
  most: 0o600,
  examples: () => ({
    good: [
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '600 root:root' } }),
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '400 root:root' } }),
    ],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-scheduler.yaml': '644 root:root' } }), path: 'mode' }],
  }),
});
