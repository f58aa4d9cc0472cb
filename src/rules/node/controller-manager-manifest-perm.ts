import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'controller-manager-manifest-perm',
  title: 'Manifest of the controller manager can be read or changed by others',
  severity: 'medium',
  rationale:
    'Whoever may change this file decides with which flags and mounts the controller manager runs, as root on the node; whoever may read it learns where its keys and files are.',
  remedy: 'Run chmod 600 on the manifest of the controller manager; the kubelet, which runs as root, still reads it.',
  controls: [...cis('1.1.3'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0094'], trivy: ['KCV-0050'] },
  component: 'kube-controller-manager',
  files: 'controller-manager-manifest',
  what: 'a manifest of the controller manager',
  most: 0o600,
  examples: () => ({
    good: [
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '600 root:root' } }),
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '400 root:root' } }),
    ],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '644 root:root' } }), path: 'mode' }],
  }),
});
