import { gke } from './cloud-examples.ts';
import { cloudRule, mustBeOn } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-vpc-native',
  title: 'Pods have no addresses of the network',
  severity: 'low',
  rationale:
    'With routes in place of alias addresses a node may send as any pod, firewall rules cannot name pods, and network policies of the provider do not work.',
  remedy: 'Make clusters with --enable-ip-alias; of one that is there it cannot be changed.',
  controls: [...ofDistributions({ gke: ['5.6.2'] }), ...nsa('network-policies')],
  effort: 'high',
  google: mustBeOn('ipAllocationPolicy.useIpAliases', 'the cluster is not VPC-native'),
  examples: () => ({
    good: [gke({ ipAllocationPolicy: { useIpAliases: true } })],
    bad: [{ yaml: gke({ ipAllocationPolicy: { useRoutes: true } }), path: 'ipAllocationPolicy.useIpAliases' }],
  }),
});
