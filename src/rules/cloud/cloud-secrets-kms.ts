import { aks, eks, gke } from './cloud-examples.ts';
import { cloudRule, mustBeOn } from './cloud-rule.ts';
import { mitre, nsa, ofDistributions } from '../rule.ts';

export const rule = cloudRule({
  id: 'cloud-secrets-kms',
  title: 'Secrets are not encrypted with a key of your own',
  severity: 'low',
  rationale:
    'The provider encrypts its disks, but whoever reads the database through the control plane or a backup reads Secrets in plain text; a key of your own in its key service adds a log of every use and can be taken away.',
  remedy:
    'Give the cluster a key: encryptionConfig with resources secrets on EKS, --enable-azure-keyvault-kms on AKS, --database-encryption-key on GKE. It cannot be removed from EKS again, and whoever deletes the key loses the Secrets.',
  controls: [
    ...ofDistributions({ eks: ['5.3.1'], aks: ['5.3.1'], gke: ['5.3.1'] }),
    ...nsa('encryption-at-rest', 'etcd-protection'),
    ...mitre('T1552'),
  ],
  effort: 'medium',
  aws(cluster) {
    const keyed = cluster.entries('encryptionConfig').find(({ path }) => {
      return cluster.texts(`${path}.resources`).includes('secrets') && cluster.text(`${path}.provider.keyArn`) !== undefined;
    });
    if (keyed !== undefined) return { path: `${keyed.path}.provider.keyArn` };
    return { path: 'encryptionConfig', wrong: 'Secrets are encrypted with no key of yours' };
  },
  azure: mustBeOn('securityProfile.azureKeyVaultKms.enabled', 'Secrets are encrypted with no key of yours'),
  google(cluster) {
    const path = 'databaseEncryption.state';
    return { path, wrong: cluster.text(path) === 'ENCRYPTED' ? undefined : 'Secrets are encrypted with no key of yours' };
  },
  examples: () => ({
    good: [
      eks({ encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: 'arn:aws:kms:eu-central-1:111122223333:key/1' } }] }),
      aks({ securityProfile: { azureKeyVaultKms: { enabled: true } } }),
      gke({ databaseEncryption: { state: 'ENCRYPTED', keyName: 'projects/shop/locations/l/keyRings/r/cryptoKeys/k' } }),
    ],
    bad: [
      { yaml: eks({}), path: 'encryptionConfig' },
      { yaml: aks({ securityProfile: {} }), path: 'securityProfile.azureKeyVaultKms.enabled' },
      { yaml: gke({ databaseEncryption: { state: 'DECRYPTED' } }), path: 'databaseEncryption.state' },
    ],
  }),
});
