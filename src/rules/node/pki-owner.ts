import { cis, mitre, nsa } from '../rule.ts';
import { fileOwnerRule } from './file-rule.ts';
import { nodeFacts } from './node-examples.ts';

export const rule = fileOwnerRule({
  id: 'pki-owner',
  title: 'Certificates and keys do not belong to root',
  severity: 'high',
  rationale:
    'Whoever owns the folder or a file in it can read keys that sign users, nodes and tokens, or put other certificates in their place.',
  remedy:
    'Run chown -R root:root on the folder of certificates; a component that runs as another user needs its own key in a folder of its own.',
  controls: [...cis('1.1.19'), ...nsa('control-plane-hardening'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0110'], trivy: ['KCV-0066'] },
  component: 'pki',
  files: 'pki',
  what: 'a folder of certificates and keys',
  examples: () => ({
    good: [nodeFacts({ files: { '/etc/kubernetes/pki': '755 root:root/', '/etc/kubernetes/pki/ca.crt': '644 root:root' } })],
    bad: [
      { yaml: nodeFacts({ files: { '/etc/kubernetes/pki': '755 kube:kube/' } }), path: 'owner' },
      { yaml: nodeFacts({ files: { '/etc/kubernetes/pki/etcd/ca.crt': '644 etcd:etcd' } }), path: 'owner' },
    ],
  }),
});
