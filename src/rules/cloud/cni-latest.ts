import { aks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cni-latest',
  title: 'Network plug-in may be out of date',
  severity: 'low',
  rationale:
    'Network plug-ins run with every right on every node, and old ones have known holes; AKS updates Azure CNI only together with node images.',
  remedy:
    'Upgrade node images (az aks nodepool upgrade --node-image-only), or set the node OS channel to NodeImage, and see with castellan versions what runs.',
  controls: [...ofDistributions({ aks: ['4.4.1'] }), ...nsa('upgrading')],
  byPerson: true,
  azure: lookAt(
    'networkProfile.networkPlugin',
    'look whether the node images, and with them the network plug-in, are current: az aks nodepool get-upgrades',
  ),
  examples: () => ({
    good: [gke({})],
    bad: [{ yaml: aks({ networkProfile: { networkPlugin: 'azure' } }), path: 'networkProfile.networkPlugin', status: 'manual' }],
  }),
});
