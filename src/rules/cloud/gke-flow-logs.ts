import { gke } from './cloud-examples.ts';
import { cloudRule, mustBeOn } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-flow-logs',
  title: 'Traffic between pods of a node is not seen',
  severity: 'low',
  rationale: 'Flow logs of the network tell who talked to whom; without intranode visibility they never see traffic that stays on a node.',
  remedy:
    'Run gcloud container clusters update NAME --enable-intra-node-visibility, and switch flow logs of the subnet on. They cost by volume.',
  controls: [...ofDistributions({ gke: ['5.6.1'] }), ...nsa('threat-detection')],
  google: mustBeOn('networkConfig.enableIntraNodeVisibility', 'intranode visibility is off'),
  examples: () => ({
    good: [gke({ networkConfig: { enableIntraNodeVisibility: true } })],
    bad: [{ yaml: gke({ networkConfig: {} }), path: 'networkConfig.enableIntraNodeVisibility' }],
  }),
});
