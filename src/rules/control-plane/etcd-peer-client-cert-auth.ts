import { cis, mitre, nsa } from '../rule.ts';
import { byReach } from './etcd-urls.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, etcd, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'etcd-peer-client-cert-auth',
  title: 'etcd takes peers without a certificate',
  severity: 'high',
  rationale: 'Whoever reaches the peer port may join as a member and then gets a copy of every object.',
  remedy: 'Set --peer-client-cert-auth=true with --peer-trusted-ca-file, and https in --listen-peer-urls, on all members.',
  controls: [...cis('2.5'), ...nsa('etcd-protection', 'encryption-in-transit', 'strong-authentication'), ...mitre('T1552')],
  aliases: { kubescape: ['C-0157'], trivy: ['KCV-0046'], checkov: ['CKV_K8S_121'] },
  effort: 'medium',
  component: 'etcd',
  // Peers without any certificate are the matter of etcd-peer-cert.
  expect: byReach(boolean('--peer-client-cert-auth', true, { byDefault: false }), 'peers', '--peer-cert-file'),
  examples: () => ({
    good: [etcd('--peer-client-cert-auth=true'), etcd('--peer-client-cert-auth=false', '--peer-client-cert-auth=true')],
    bad: [
      {
        yaml: etcd('--listen-peer-urls=http://10.0.0.1:2380', '--peer-client-cert-auth=true', '--peer-cert-file=/pki/peer.crt'),
        path: FIRST,
        severity: 'high',
      },
      { yaml: etcd('--peer-client-cert-auth=false', '--listen-peer-urls=https://10.0.0.1:2380'), path: FIRST, severity: 'high' },
      { yaml: etcd('--client-cert-auth=true'), path: COMMAND, severity: 'medium' },
    ],
  }),
});
