/** Ways to snapshots that k3s and RKE2 save. */
import type { TriedFamily } from '../way.ts';

export const family: TriedFamily = {
  ways: [],
  untried: {
    ETCD_SNAPSHOT_FILES: 'the test cluster is neither k3s nor RKE2; ETCD_ACCESS reads files of etcd on a node',
    ETCD_SNAPSHOT_FOLDER: 'the same; ETCD_ACCESS reads a folder of the node that a pod mounts',
    ETCD_SNAPSHOT_BUCKET: 'the test cluster has no store of objects that the Secret could sign in to',
  },
};
