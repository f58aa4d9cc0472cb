import { gke } from './cloud-examples.ts';
import { cloudRule, mustBeOff } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-no-alpha',
  title: 'Cluster has alpha features',
  severity: 'high',
  rationale: 'Alpha clusters have every unfinished feature switched on, get no security patches and are deleted after thirty days.',
  remedy: 'Move what runs there to a cluster without --enable-kubernetes-alpha; it cannot be switched off.',
  controls: [...ofDistributions({ gke: ['5.10.2'] }), ...nsa('upgrading')],
  effort: 'high',
  google: mustBeOff('enableKubernetesAlpha', 'this is an alpha cluster, which gets no patches'),
  examples: () => ({
    good: [gke({})],
    bad: [{ yaml: gke({ enableKubernetesAlpha: true }), path: 'enableKubernetesAlpha' }],
  }),
});
