import { gkePool } from './cloud-examples.ts';
import { cloudRule, ofEach } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-cmek-boot',
  title: 'Boot disks are encrypted with no key of your own',
  severity: 'info',
  rationale: 'The provider encrypts disks with keys of its own; one of yours can be taken away, and its uses stand in your log.',
  remedy: 'Make pools with --boot-disk-kms-key where rules ask for keys of your own. Whoever deletes the key loses the nodes.',
  controls: [...ofDistributions({ gke: ['5.9.2'] }), ...nsa('encryption-at-rest')],
  effort: 'medium',
  google: ofEach('nodePools', ({ path, name }, cluster) => ({
    path: `${path}.config.bootDiskKmsKey`,
    wrong:
      cluster.text(`${path}.config.bootDiskKmsKey`) !== undefined ? undefined : `the pool ${name} has boot disks without a key of yours`,
  })),
  examples: () => ({
    good: [gkePool({ config: { bootDiskKmsKey: 'projects/shop/locations/l/keyRings/r/cryptoKeys/k' } })],
    bad: [{ yaml: gkePool({ config: {} }), path: 'nodePools[0].config.bootDiskKmsKey' }],
  }),
});
