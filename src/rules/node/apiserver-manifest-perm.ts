import { cis, mitre, nsa } from '../rule.ts';
import { fileModeRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileModeRule({
  id: 'apiserver-manifest-perm',
  title: 'Manifest of the API server can be read or changed by others',
  severity: 'medium',
  rationale:
    'Whoever may change this file decides with which flags and mounts the API server runs, as root on the node; whoever may read it learns where its keys and files are.',
  remedy: 'Run chmod 600 on the manifest of the API server; the kubelet, which runs as root, still reads it.',
  controls: [...cis('1.1.1'), ...nsa('control-plane-hardening'), ...mitre('T1543')],
  aliases: { kubescape: ['C-0092'], trivy: ['KCV-0048'] },
  component: 'kube-apiserver',
  files: 'apiserver-manifest',
  what: 'a manifest of the API server',
  most: 0o600,
  examples: () => ({
    good: [
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '600 root:root' } }),
      nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '400 root:root' } }),
    ],
    bad: [{ yaml: nodeFacts({ files: { '/etc/kubernetes/manifests/kube-apiserver.yaml': '644 root:root' } }), path: 'mode' }],
  }),
});
