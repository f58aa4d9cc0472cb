import { cis, mitre, nsa } from '../rule.ts';
import { loopback } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, controllerManager, FIRST } from './manifests.ts';

export const rule = flagRule({
  id: 'cm-bind-address',
  title: 'Controller manager listens beyond the node',
  severity: 'medium',
  rationale:
    'Its port tells metrics and health, and is one more server that everyone on the network may attack, though only the node itself needs it.',
  remedy: 'Set --bind-address=127.0.0.1. A Prometheus that scrapes the port from elsewhere then needs a proxy on the node.',
  controls: [...cis('1.3.7'), ...nsa('control-plane-hardening', 'worker-segmentation'), ...mitre('T1046')],
  aliases: { kubescape: ['C-0150'], trivy: ['KCV-0039'], checkov: ['CKV_K8S_113'] },
  component: 'kube-controller-manager',
  expect: loopback('--bind-address', { accepted: true }),
  examples: () => ({
    good: [controllerManager('--bind-address=127.0.0.1'), controllerManager('--bind-address=::1')],
    bad: [
      { yaml: controllerManager('--bind-address=0.0.0.0'), path: FIRST, severity: 'medium' },
      { yaml: controllerManager('--bind-address=10.127.0.1'), path: FIRST },
      { yaml: controllerManager(), path: COMMAND, severity: 'low' },
    ],
  }),
});
