import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'controller-manager-manifest-owner',
  title: 'Manifest of the controller manager does not belong to root',
  severity: 'medium',
  rationale:
    'The owner of this file may always change it, whatever its mode, and with it the flags and mounts with which the controller manager runs on the node.',
  remedy: 'Run chown root:root on the manifest of the controller manager; nothing but the kubelet needs it.',
  controls: [...cis('1.1.4'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0095'], trivy: ['KCV-0051'] },
  component: 'kube-controller-manager',
  files: 'controller-manager-manifest',
  what: 'a manifest of the controller manager',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '600 root:root' } })],
    bad: [
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '600 kube:kube' } }), path: 'owner' },
      { yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-controller-manager.yaml': '600 root:kube' } }), path: 'owner' },
    ],
  }),
});
