import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-auto-repair',
  title: 'Broken nodes are not repaired',
  severity: 'low',
  rationale: 'A node that fails its checks stays as it is: neither updates nor agents reach it, and nobody looks.',
  remedy: 'Run gcloud container node-pools update POOL --enable-autorepair. Nodes that fail are drained and made anew.',
  controls: [...ofDistributions({ gke: ['5.5.2'] })],
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.management.autoRepair`,
    wrong: cluster.flag(`${path}.management.autoRepair`) === true ? undefined : `the pool ${name} is not repaired by itself`,
  })),
  examples: () => ({
    good: [gkePool({ management: { autoRepair: true } })],
    bad: [{ yaml: gkePool({ management: { autoRepair: false } }), path: 'nodePools[0].management.autoRepair' }],
  }),
});
