import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-default-sa',
  title: 'Nodes run as the default service account of the project',
  severity: 'medium',
  rationale:
    'The default account of Compute Engine may often edit the whole project; every pod that reaches the metadata of its node, or escapes to it, is that account.',
  remedy:
    'Make an account with roles/container.defaultNodeServiceAccount alone and pools that use it (--service-account); then delete the old pools.',
  controls: [...ofDistributions({ gke: ['5.2.1'] }), ...nsa('cloud-metadata'), ...mitre('T1552.005')],
  effort: 'high',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.serviceAccount`,
    wrong:
      (cluster.text(`${path}.config.serviceAccount`) ?? 'default') !== 'default'
        ? undefined
        : `the pool ${name} runs as the default service account`,
  })),
  examples: () => ({
    good: [gkePool({ config: { serviceAccount: 'nodes@shop.iam.gserviceaccount.com' } })],
    bad: [{ yaml: gkePool({ config: { serviceAccount: 'default' } }), path: 'nodePools[0].config.serviceAccount' }],
  }),
});
