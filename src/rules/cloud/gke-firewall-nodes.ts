import { aks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-firewall-nodes',
  title: 'Firewall of the nodes needs a look',
  severity: 'low',
  rationale: 'Firewall rules that let the internet in reach node ports, the kubelet and whatever runs on the network of the host.',
  remedy: 'Look at the firewall rules of the network: leave those that GKE makes, and let in from outside only what load balancers need.',
  controls: [...ofDistributions({ gke: ['5.6.6'] }), ...nsa('worker-segmentation'), ...mitre('T1133')],
  byPerson: true,
  google: lookAt('network', 'look which firewall rules of this network let traffic in to the nodes'),
  examples: () => ({
    good: [aks({})],
    bad: [{ yaml: gke({}), path: 'network', status: 'manual' }],
  }),
});
