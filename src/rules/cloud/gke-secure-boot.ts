import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-secure-boot',
  title: 'Nodes start any kernel module',
  severity: 'low',
  rationale: 'With secure boot only signed code starts below the system, so that a rootkit does not outlive a restart.',
  remedy: 'Make pools with --shielded-secure-boot. Kernel modules without a signature, such as some drivers, are refused then.',
  controls: [...ofDistributions({ gke: ['5.5.7'] })],
  effort: 'medium',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.shieldedInstanceConfig.enableSecureBoot`,
    wrong:
      cluster.flag(`${path}.config.shieldedInstanceConfig.enableSecureBoot`) === true ? undefined : `the pool ${name} has no secure boot`,
  })),
  examples: () => ({
    good: [gkePool({ config: { shieldedInstanceConfig: { enableSecureBoot: true } } })],
    bad: [
      {
        yaml: gkePool({ config: { shieldedInstanceConfig: { enableIntegrityMonitoring: true } } }),
        path: 'nodePools[0].config.shieldedInstanceConfig.enableSecureBoot',
      },
    ],
  }),
});
