import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-auto-upgrade',
  title: 'Nodes are not upgraded by themselves',
  severity: 'medium',
  rationale: 'Patches of the kubelet, the runtime and the kernel then wait for a person; the control plane moves on without them.',
  remedy: 'Run gcloud container node-pools update POOL --enable-autoupgrade, and set maintenance windows for when nodes may be replaced.',
  controls: [...ofDistributions({ gke: ['5.5.3'] }), ...nsa('upgrading')],
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.management.autoUpgrade`,
    wrong: cluster.flag(`${path}.management.autoUpgrade`) === true ? undefined : `the pool ${name} is not upgraded by itself`,
  })),
  examples: () => ({
    good: [gkePool({ management: { autoUpgrade: true } })],
    bad: [{ yaml: gkePool({ management: {} }), path: 'nodePools[0].management.autoUpgrade' }],
  }),
});
