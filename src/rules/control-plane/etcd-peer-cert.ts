import { cis, mitre, nsa } from '../rule.ts';
import { byReach } from './etcd-urls.ts';
import { allSet } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, etcd, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'etcd-peer-cert',
  title: 'etcd speaks without TLS to its peers',
  severity: 'high',
  rationale: 'The members of etcd exchange every object of the cluster; without TLS that is readable on the network between them.',
  remedy: 'Set --peer-cert-file and --peer-key-file, and https in --listen-peer-urls, on all members in turn.',
  controls: [...cis('2.4'), ...nsa('etcd-protection', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0156'], trivy: ['KCV-0045'], checkov: ['CKV_K8S_119'] },
  effort: 'medium',
  component: 'etcd',
  expect: byReach(allSet(['--peer-cert-file', '--peer-key-file']), 'peers'),
  examples: () => ({
    good: [etcd('--peer-cert-file=/pki/peer.crt', '--peer-key-file=/pki/peer.key')],
    bad: [
      {
        yaml: etcd('--listen-peer-urls=http://10.0.0.1:2380', '--peer-cert-file=/pki/peer.crt', '--peer-key-file=/pki/peer.key'),
        path: FIRST,
        severity: 'high',
      },
      { yaml: etcd('--peer-cert-file=/pki/peer.crt', '--listen-peer-urls=https://10.0.0.1:2380'), path: COMMAND, severity: 'high' },
      { yaml: etcd('--cert-file=/pki/server.crt', '--key-file=/pki/server.key'), path: COMMAND, severity: 'medium' },
    ],
  }),
});
