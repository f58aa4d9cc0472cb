/** What the API server knows of the nodes. */
import type { TestCluster } from '../test-cluster.ts';
import { waitFor } from '../wait.ts';

interface NodeState {
  name: string;
  podCidr: string;
  address: string;
  ready: boolean;
}

interface NodeObject {
  metadata: { name: string };
  spec: { podCIDR?: string };
  status: { addresses?: { type: string; address: string }[]; conditions?: { type: string; status: string }[] };
}

export async function nodeStates(cluster: TestCluster): Promise<NodeState[]> {
  const { items } = (await cluster.request('GET', '/api/v1/nodes')).json() as { items: NodeObject[] };
  return items.map(({ metadata, spec, status }) => ({
    name: metadata.name,
    podCidr: spec.podCIDR ?? '',
    address: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    ready: status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true,
  }));
}

/** Until all machines are nodes that are ready. */
export async function waitForNodes(cluster: TestCluster): Promise<void> {
  const ready = async (): Promise<boolean> => {
    const states = await nodeStates(cluster);
    return cluster.machines.every((machine) => states.some(({ name, ready }) => name === machine.name && ready));
  };
  await waitFor('ready nodes', ready, { seconds: 120, check: () => cluster.programs.check() });
}
