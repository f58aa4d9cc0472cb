/** Puts the files on a node of the control plane where kubeadm has them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestCluster } from '../test-cluster.ts';

/** On the first node, where the control plane of a test cluster runs. */
export async function layOutControlPlane(cluster: TestCluster): Promise<void> {
  const folder = join(cluster.dir, 'node1', 'kubernetes');
  mkdirSync(join(folder, 'pki', 'etcd'), { recursive: true });
  copyFileSync(cluster.kubeconfig, join(folder, 'admin.conf'));
  for (const [from, to] of [
    ['ca.crt', 'ca.crt'],
    ['ca.key', 'ca.key'],
    ['sa.key', 'sa.key'],
    ['etcd-ca.crt', 'etcd/ca.crt'],
    ['etcd-client.crt', 'etcd/client.crt'],
    ['etcd-client.key', 'etcd/client.key'],
  ] as const)
    copyFileSync(cluster.pki.path(from), join(folder, 'pki', to));
  const labels = { 'node-role.kubernetes.io/control-plane': '' };
  const { status, text } = await cluster.request('PATCH', '/api/v1/nodes/node1', { body: { metadata: { labels } } });
  if (status !== 200) throw new Error(text);
}
