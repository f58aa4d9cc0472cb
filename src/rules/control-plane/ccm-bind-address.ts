import { mitre, nsa } from '../rule.ts';
import { loopback } from './expectations.ts';
import { flagRule } from './flag-rule.ts';
import { COMMAND, FIRST, cloudControllerManager } from './manifests.ts';

export const rule = flagRule({
  id: 'ccm-bind-address',
  title: 'Cloud controller manager listens beyond the node',
  severity: 'medium',
  rationale:
    'It holds credentials of the cloud, and its port tells metrics and health: one more server that everyone on the network may attack, though only the node itself needs it.',
  remedy:
    'Set --bind-address=127.0.0.1. A Prometheus that scrapes the port from elsewhere then needs a proxy on the node; a provider that serves webhooks has another flag for these (--webhook-bind-address).',
  controls: [...nsa('control-plane-hardening', 'worker-segmentation'), ...mitre('T1046')],
  component: 'cloud-controller-manager',
  expect: loopback('--bind-address', { accepted: false }),
  examples: () => ({
    good: [cloudControllerManager('--bind-address=127.0.0.1'), cloudControllerManager('--bind-address', '::1')],
    bad: [
      { yaml: cloudControllerManager('--bind-address=0.0.0.0'), path: FIRST, severity: 'medium' },
      { yaml: cloudControllerManager('--cloud-provider=openstack'), path: COMMAND, severity: 'low' },
    ],
  }),
});
