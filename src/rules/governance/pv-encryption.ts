import type { Tables } from '../../model/index.ts';
import { defineRule, nsa } from '../rule.ts';

export const rule = defineRule({
  id: 'pv-encryption',
  title: 'Volumes that the storage does not encrypt',
  severity: 'medium',
  area: 'governance',
  rationale:
    'Snapshots, backups and discarded disks of an unencrypted volume can be read by everyone who gets at the storage account, without any right in the cluster.',
  remedy:
    'Make a StorageClass that encrypts (EBS: parameters encrypted "true" and a kmsKeyId; Ceph and Longhorn: encrypted "true" with a key store) and move the data: existing volumes stay as they are. Encryption by default in the cloud account does the same and is not visible here.',
  controls: nsa('encryption-at-rest'),
  aliases: { kubescape: ['C-0264'] },
  effort: 'high',
  scope: 'object',
  kinds: ['StorageClass'],
  reads: ['PersistentVolume'],
  check(object, { PersistentVolume }) {
    const { provisioner = '', parameters = {} } = object.body;
    const parameter = ENCRYPTED_BY.get(provisioner.replace(/^.*\.(?=rbd\.csi\.ceph\.com$|cephfs\.csi\.ceph\.com$)/, ''));
    if (parameter === undefined) return undefined;
    const written = Object.keys(parameters).find((key) => key.toLowerCase() === parameter.toLowerCase());
    if (written !== undefined && parameters[written]?.toLowerCase() === 'true') return undefined;
    const volumes = volumesOf(PersistentVolume).get(object.name) ?? 0;
    return {
      message: `StorageClass "${object.name}" makes volumes without encryption${volumes === 0 ? '' : `, ${volumes} of them so far`}`,
      path: `parameters.${written ?? parameter}`,
    };
  },
  examples: () => ({
    good: [
      '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}, provisioner: ebs.csi.aws.com, parameters: {type: gp3, encrypted: "true"}}',
      '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gke}, provisioner: pd.csi.storage.gke.io, parameters: {type: pd-ssd}}',
      '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: local}, provisioner: kubernetes.io/no-provisioner}',
    ],
    bad: [
      {
        yaml: '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: gp3}, provisioner: ebs.csi.aws.com, parameters: {type: gp3}}',
        path: 'parameters.encrypted',
      },
      {
        yaml: '{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: ceph}, provisioner: rook-ceph.rbd.csi.ceph.com, parameters: {pool: a, encrypted: "false"}}',
        path: 'parameters.encrypted',
      },
    ],
  }),
});

/**
 * Storage that encrypts only when the class says so, and the parameter that says it. The disks of Google and Azure are
 * always encrypted; for local disks, NFS and the rest the objects do not tell.
 */
const ENCRYPTED_BY: ReadonlyMap<string, string> = new Map([
  ['ebs.csi.aws.com', 'encrypted'],
  ['ebs.csi.eks.amazonaws.com', 'encrypted'],
  ['kubernetes.io/aws-ebs', 'encrypted'],
  ['rbd.csi.ceph.com', 'encrypted'],
  ['cephfs.csi.ceph.com', 'encrypted'],
  ['driver.longhorn.io', 'encrypted'],
  ['pxd.portworx.com', 'secure'],
  ['kubernetes.io/portworx-volume', 'secure'],
  ['diskplugin.csi.alibabacloud.com', 'encrypted'],
]);

const COUNTS = new WeakMap<Tables['PersistentVolume'], Map<string, number>>();

function volumesOf(table: Tables['PersistentVolume']): Map<string, number> {
  let counts = COUNTS.get(table);
  if (counts === undefined) {
    counts = new Map();
    for (const { body } of table.all) {
      const name = body.spec?.storageClassName ?? '';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    COUNTS.set(table, counts);
  }
  return counts;
}
