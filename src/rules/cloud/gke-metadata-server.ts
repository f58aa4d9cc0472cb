import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-metadata-server',
  title: 'Pods reach the metadata of their node',
  severity: 'high',
  rationale:
    'Without the metadata server of GKE each pod reads the token of the node and its bootstrap data from the address 169.254.169.254.',
  remedy:
    'Set --workload-metadata=GKE_METADATA on each pool, together with Workload Identity. Pods that relied on the identity of the node lose it.',
  controls: [...ofDistributions({ gke: ['5.4.1'] }), ...nsa('cloud-metadata'), ...mitre('T1552.005')],
  effort: 'medium',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.workloadMetadataConfig.mode`,
    wrong:
      cluster.text(`${path}.config.workloadMetadataConfig.mode`) === 'GKE_METADATA'
        ? undefined
        : `the pool ${name} shows pods the metadata of the node`,
  })),
  examples: () => ({
    good: [gkePool({ config: { workloadMetadataConfig: { mode: 'GKE_METADATA' } } })],
    bad: [{ yaml: gkePool({ config: {} }), path: 'nodePools[0].config.workloadMetadataConfig.mode' }],
  }),
});
