import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'etcd-manifest-owner',
  title: 'Manifest of etcd does not belong to root',
  severity: 'medium',
  rationale:
    'The owner of this file may always change it, whatever its mode, and with it the flags and mounts with which etcd runs on the node.',
  remedy: 'Run chown root:root on the manifest of etcd; nothing but the kubelet needs it.',
  controls: [...cis('1.1.8'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0099'], trivy: ['KCV-0055'] },
  component: 'etcd',
  files: 'etcd-manifest',
  what: 'a manifest of etcd',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '600 root:root' } })],
    bad: [
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '600 kube:kube' } }), path: 'owner' },
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/etcd.yaml': '600 root:kube' } }), path: 'owner' },
    ],
  }),
});
