import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'etcd-manifest-perm',
  title: 'Manifest of etcd can be read or changed by others',
  severity: 'medium',
  rationale:
    'Whoever may change this file decides with which flags and mounts etcd runs, as root on the node; whoever may read it learns where its keys and files are.',
  remedy: 'Run chmod 600 on the manifest of etcd; the kubelet, which runs as root, still reads it.',
  controls: [...cis('1.1.7'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0098'], trivy: ['KCV-0054'] },
  component: 'etcd',
  files: 'etcd-manifest',
  what: 'a manifest of etcd',
  most: 0o600,
  examples: () => ({
    good: [
      nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '600 root:root' } }),
      nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '400 root:root' } }),
    ],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '644 root:root' } }), path: 'mode' }],
  }),
});
