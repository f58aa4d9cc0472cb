import { cis, mitre, nsa } from '../rule.ts';
import { loopback } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, FIRST, scheduler } from './manifests.ts';

export const rule = flagRule({
  id: 'sched-bind-address',
  title: 'Scheduler listens beyond the node',
  severity: 'medium',
  rationale:
    'Its port tells metrics and health, and is one more server that everyone on the network may attack, though only the node itself needs it.',
  remedy: 'Set --bind-address=127.0.0.1. A Prometheus that scrapes the port from elsewhere then needs a proxy on the node.',
  controls: [...cis('1.4.2'), ...nsa('control-plane-hardening', 'worker-segmentation'), ...mitre('T1046')],
  aliases: { kubescape: ['C-0152'], trivy: ['KCV-0041'], checkov: ['CKV_K8S_115'] },
  component: 'kube-scheduler',
  expect: loopback('--bind-address', { accepted: true }),
  examples: () => ({
    good: [scheduler('--bind-address=127.0.0.1'), scheduler('--bind-address=::1')],
    bad: [
      { yaml: scheduler('--bind-address=0.0.0.0'), path: FIRST, severity: 'medium' },
      { yaml: scheduler('--bind-address=10.127.0.1'), path: FIRST },
      { yaml: scheduler(), path: COMMAND, severity: 'low' },
    ],
  }),
});
