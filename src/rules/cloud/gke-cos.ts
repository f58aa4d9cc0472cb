import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-cos',
  title: 'Nodes run another system than the container-optimised one',
  severity: 'low',
  rationale:
    'The container-optimised system has a read-only root, no package manager and little else that an intruder could use, and the provider patches it.',
  remedy: 'Make pools with --image-type=COS_CONTAINERD. What needs packages on the node has to come in a container.',
  controls: [...ofDistributions({ gke: ['5.5.1'] }), ...nsa('linux-hardening')],
  effort: 'medium',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.imageType`,
    wrong:
      cluster.text(`${path}.config.imageType`)?.toUpperCase().startsWith('COS') === true
        ? undefined
        : `the pool ${name} runs another image than COS_CONTAINERD`,
  })),
  examples: () => ({
    good: [gkePool({ config: { imageType: 'COS_CONTAINERD' } })],
    bad: [{ yaml: gkePool({ config: { imageType: 'UBUNTU_CONTAINERD' } }), path: 'nodePools[0].config.imageType' }],
  }),
});
