import { cis, mitre, nsa } from '../rule.ts';
import { boolean } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { etcd, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'etcd-peer-auto-tls',
  title: 'etcd signs its own peer certificate',
  severity: 'medium',
  rationale: 'Members cannot verify each other with certificates that each made for itself: a stranger can pose as one of them.',
  remedy: 'Remove --peer-auto-tls and give each member a certificate by --peer-cert-file and --peer-key-file.',
  controls: [...cis('2.6'), ...nsa('etcd-protection', 'encryption-in-transit'), ...mitre('T1557')],
  aliases: { kubescape: ['C-0158'], trivy: ['KCV-0047'] },
  effort: 'medium',
  component: 'etcd',
  expect: boolean('--peer-auto-tls', false, { byDefault: false }),
  examples: () => ({
    good: [etcd(), etcd('--peer-auto-tls=false'), etcd('--auto-tls=true')],
    bad: [
      { yaml: etcd('--peer-auto-tls=true'), path: FIRST },
      { yaml: etcd('--peer-auto-tls'), path: FIRST },
    ],
  }),
});
