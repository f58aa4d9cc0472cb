import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'apiserver-manifest-owner',
  title: 'Manifest of the API server does not belong to root',
  severity: 'medium',
  rationale:
    'The owner of this file may always change it, whatever its mode, and with it the flags and mounts with which the API server runs on the node.',
  remedy: 'Run chown root:root on the manifest of the API server; nothing but the kubelet needs it.',
  controls: [...cis('1.1.2'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0093'], trivy: ['KCV-0049'] },
  component: 'kube-apiserver',
  files: 'apiserver-manifest',
  what: 'a manifest of the API server',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '600 root:root' } })],
    bad: [
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '600 kube:kube' } }), path: 'owner' },
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '600 root:kube' } }), path: 'owner' },
    ],
  }),
});
