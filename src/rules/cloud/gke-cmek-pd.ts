import { aks, gke } from './cloud-examples.ts';
import { cloudRule, lookAt } from './cloud-rule.ts';
import { nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'gke-cmek-pd',
  title: 'Keys of persistent disks need a look',
  severity: 'info',
  rationale: 'Disks of volumes hold the data; with a key of your own their contents end with the key.',
  remedy: 'Make a StorageClass of pd.csi.storage.gke.io with disk-encryption-kms-key, and use it for what rules ask for.',
  controls: [...ofDistributions({ gke: ['5.9.1'] }), ...nsa('encryption-at-rest')],
  byPerson: true,
  google: lookAt('databaseEncryption', 'look whether the StorageClasses that hold such data name a key of yours'),
  examples: () => ({
    good: [aks({})],
    bad: [{ yaml: gke({}), path: 'databaseEncryption', status: 'manual' }],
  }),
});
