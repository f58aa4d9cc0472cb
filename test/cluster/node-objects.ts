import type { TestCluster } from './test-cluster.ts';

/** Nodes that only exist: pods that name one that does not are deleted by the garbage collector within a minute. */
export async function makeNodes(cluster: TestCluster, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const body = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
    const { status, text } = await cluster.request('POST', '/api/v1/nodes', { body });
    if (status !== 201) throw new Error(`node ${name}: ${status} ${text}`);
  }
}
