/** Storage drivers and backup: what mounts volumes into pods or reads them from the node. */
import { type AddOn, agent, hostNetwork, hostPid, privileged, reads, root, token, writes } from './add-on.ts';

const MOUNTS = 'it mounts volumes into pods, which only a privileged container can pass on to the node';
const KUBELET = ['/var/lib/kubelet'];
const REGISTERS = 'it mounts volumes into the folders of pods and registers with the kubelet';
const DEVICES = [
  '/dev',
  '/sys',
  '/lib/modules',
  '/run/udev',
  '/etc/iscsi',
  '/etc/udev',
  '/run/mount',
  '/run/lock',
  '/run/multipathd.sock',
  '/etc/multipath.conf',
];
const ATTACHES = 'it finds and formats the disks of the node';
const ATTACHES_OVER = 'it reaches its storage servers or the metadata service over the network of the node, which outlives its own pod';

export const STORAGE_ADD_ONS: readonly AddOn[] = [
  agent(
    'csi-node',
    {
      name: 'CSI node plug-in',
      purpose: 'volumes of one kind of storage',
      images: [
        'public.ecr.aws/ebs-csi-driver/aws-ebs-csi-driver amazonaws.com/eks/aws-ebs-csi-driver registry.k8s.io/provider-aws/aws-ebs-csi-driver docker.io/amazon/aws-efs-csi-driver public.ecr.aws/efs-csi-driver/amazon/aws-efs-csi-driver public.ecr.aws/mountpoint-s3-csi-driver/aws-mountpoint-s3-csi-driver',
        'mcr.microsoft.com/oss/kubernetes-csi/azuredisk-csi mcr.microsoft.com/oss/kubernetes-csi/azurefile-csi mcr.microsoft.com/oss/kubernetes-csi/blob-csi mcr.microsoft.com/oss/v2/kubernetes-csi/azuredisk-csi mcr.microsoft.com/oss/v2/kubernetes-csi/azurefile-csi',
        'registry.k8s.io/cloud-provider-gcp/gcp-compute-persistent-disk-csi-driver gke.gcr.io/gcp-compute-persistent-disk-csi-driver',
        'registry.k8s.io/sig-storage/nfsplugin registry.k8s.io/sig-storage/smbplugin registry.k8s.io/sig-storage/hostpathplugin registry.k8s.io/sig-storage/iscsiplugin',
        'registry.k8s.io/provider-os/cinder-csi-plugin registry.k8s.io/csi-vsphere/driver docker.io/digitalocean/do-csi-plugin docker.io/hetznercloud/hcloud-csi-driver docker.io/linode/linode-blockstorage-csi-driver',
        'quay.io/cephcsi/cephcsi docker.io/juicedata/juicefs-csi-driver docker.io/democraticcsi/democratic-csi ghcr.io/piraeusdatastore/piraeus-csi docker.io/yandex/csi-s3',
      ].join(' '),
      names: 'csi csi-node csi-nodeplugin csi-rbdplugin csi-cephfsplugin csi-nfsplugin',
    },
    [
      privileged(MOUNTS),
      writes(KUBELET, REGISTERS),
      writes(DEVICES, ATTACHES),
      hostNetwork(ATTACHES_OVER),
      hostPid('it asks the processes of the node which mounts they hold'),
      writes(
        ['/run/efs', '/var/amazon/efs', '/etc/amazon/efs', '/run/systemd/system', '/etc/kubernetes/azure.json', '/etc/selinux'],
        'its mount helper keeps its state and reads its settings there',
      ),
      token('it reads its node and the volumes that are attached to it from the API'),
    ],
  ),
  agent(
    'csi-secrets-store',
    {
      name: 'Secrets Store CSI driver',
      purpose: 'secrets of a vault as volumes',
      images:
        'registry.k8s.io/csi-secrets-store/driver mcr.microsoft.com/oss/kubernetes-csi/secrets-store/driver mcr.microsoft.com/oss/v2/kubernetes-csi/secrets-store/driver',
      names: 'secrets-store-csi-driver csi-secrets-store secrets-store',
    },
    [
      privileged(MOUNTS),
      writes(KUBELET, REGISTERS),
      writes(
        ['/etc/kubernetes/secrets-store-csi-providers', '/run/secrets-store-csi-providers'],
        'the programs that speak to vaults leave their sockets there',
      ),
      token('it reads from the API which secrets a pod asks for'),
    ],
  ),
  agent(
    'cert-manager-csi',
    {
      name: 'cert-manager CSI driver',
      purpose: 'certificates as volumes',
      images: 'quay.io/jetstack/cert-manager-csi-driver quay.io/jetstack/cert-manager-csi-driver-spiffe',
      names: 'cert-manager-csi-driver',
    },
    [
      privileged(MOUNTS),
      writes([...KUBELET, '/tmp/cert-manager-csi-driver'], REGISTERS),
      token('it orders the certificates through the API'),
    ],
  ),
  agent(
    'longhorn',
    {
      name: 'Longhorn',
      purpose: 'volumes on the disks of the nodes',
      images:
        'docker.io/longhornio/longhorn-manager docker.io/longhornio/longhorn-share-manager docker.io/longhornio/longhorn-engine docker.io/longhornio/longhorn-instance-manager',
      names: 'longhorn-manager longhorn-csi-plugin engine-image',
    },
    [
      privileged('it makes block devices of the node and mounts them'),
      hostPid('it carries out mounts in the namespace of the node'),
      writes(
        ['/var/lib/longhorn', ...KUBELET, ...DEVICES, '/boot', '/etc', '/proc', '/run'],
        'the data of volumes lie on the disks of the node',
      ),
      token('it keeps its volumes and nodes as objects of the API'),
    ],
  ),
  agent(
    'rook',
    {
      name: 'Rook',
      purpose: 'volumes of a Ceph cluster on the nodes',
      images: 'docker.io/rook/ceph quay.io/rook/ceph quay.io/ceph/ceph',
      names: 'rook-discover rook-ceph-agent',
    },
    [
      privileged('it opens the disks of the node'),
      writes(['/var/lib/rook', ...DEVICES], ATTACHES),
      hostNetwork(ATTACHES_OVER),
      token('it tells the operator of the disks through the API'),
    ],
  ),
  agent(
    'openebs',
    {
      name: 'OpenEBS node agent',
      purpose: 'volumes on the disks of the nodes',
      images:
        'docker.io/openebs/node-disk-manager docker.io/openebs/lvm-driver docker.io/openebs/zfs-driver docker.io/openebs/mayastor-csi-node docker.io/openebs/mayastor-io-engine docker.io/openebs/node-disk-exporter',
      names: 'openebs openebs-ndm openebs-lvm-node openebs-zfs-node openebs-csi-node openebs-io-engine',
    },
    [
      privileged('it opens, divides and formats the disks of the node'),
      hostNetwork(ATTACHES_OVER),
      hostPid('it asks the processes of the node about mounts and devices'),
      writes(['/var/openebs', '/var/local/openebs', ...KUBELET, ...DEVICES], 'the data of volumes lie on the disks of the node'),
      reads(['/proc', '/'], ATTACHES),
      token('it keeps disks and volumes as objects of the API'),
    ],
  ),
  agent(
    'velero-node-agent',
    {
      name: 'Velero node agent',
      purpose: 'backups of the files in volumes',
      images: 'docker.io/velero/velero docker.io/bitnami/velero',
      names: 'node-agent restic velero-node-agent',
    },
    [
      root('it reads and restores files of every owner'),
      privileged('on some platforms the folders of other pods are closed to it otherwise'),
      writes(
        ['/var/lib/kubelet/pods', '/var/lib/kubelet/plugins'],
        'it reads volumes where the kubelet mounts them, and writes them when it restores',
      ),
      token('it follows backups and restores through the API'),
    ],
  ),
];
