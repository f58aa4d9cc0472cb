import { gke } from './cloud-examples.ts';
import { cloudRule, mustBeOn } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-shielded-nodes',
  title: 'Nodes need not prove what they are',
  severity: 'medium',
  rationale:
    'Without shielded nodes a kubelet proves itself with data that every pod may read from the metadata server, and can join as another node.',
  remedy: 'Run gcloud container clusters update NAME --enable-shielded-nodes; nodes are made anew.',
  controls: [...ofDistributions({ gke: ['5.5.5'] }), ...nsa('worker-segmentation')],
  google: mustBeOn('shieldedNodes.enabled', 'shielded nodes are off'),
  examples: () => ({
    good: [gke({ shieldedNodes: { enabled: true } })],
    bad: [{ yaml: gke({}), path: 'shieldedNodes.enabled' }],
  }),
});
