import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-integrity-monitoring',
  title: 'Nodes are not watched for a changed boot',
  severity: 'low',
  rationale: 'Integrity monitoring compares each boot with a known one: what was changed below the system shows nowhere else.',
  remedy:
    'Make pools with --shielded-integrity-monitoring and look at the log of failed checks. The setting of a pool cannot be changed later.',
  controls: [...ofDistributions({ gke: ['5.5.6'] })],
  effort: 'medium',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.shieldedInstanceConfig.enableIntegrityMonitoring`,
    wrong:
      cluster.flag(`${path}.config.shieldedInstanceConfig.enableIntegrityMonitoring`) === true
        ? undefined
        : `the pool ${name} has no integrity monitoring`,
  })),
  examples: () => ({
    good: [gkePool({ config: { shieldedInstanceConfig: { enableIntegrityMonitoring: true } } })],
    bad: [{ yaml: gkePool({ config: {} }), path: 'nodePools[0].config.shieldedInstanceConfig.enableIntegrityMonitoring' }],
  }),
});
