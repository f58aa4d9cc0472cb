/** Nodes that only seem to be there: kwok says of them, and of the pods put on them, what a kubelet would say. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtPart } from './parts.ts';
import type { TestCluster } from './test-cluster.ts';
import { waitFor } from './wait.ts';

const STAGES = fileURLToPath(new URL('stages.yaml', import.meta.url));
const ROOM = { cpu: '32', memory: '256Gi', pods: '250', 'ephemeral-storage': '1Ti' };

/** Adds the nodes `sim-1` to `sim-COUNT`, and returns when they are ready. */
export async function simulateNodes(cluster: TestCluster, count: number): Promise<void> {
  const kwok = join(builtPart('kwok'), 'kwok');
  const chosen = ['--manage-all-nodes=false', '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake'];
  const places = [`--kubeconfig=${cluster.kubeconfig}`, `--config=${STAGES}`, '--cidr=10.244.0.0/16', '--server-address='];
  if (!cluster.programs.runs('kwok')) await cluster.programs.launch('kwok', [kwok, ...chosen, ...places]);
  const items = Array.from({ length: count }, (_, index) => node(index + 1));
  await cluster.kubectl(['apply', '--server-side', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await waitFor('ready nodes', async () => (await readyNodes(cluster)) >= count, { seconds: 120, check: () => cluster.programs.check() });
}

async function readyNodes(cluster: TestCluster): Promise<number> {
  const format = '{range .items[*]}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';
  const states = await cluster.kubectl(['get', 'nodes', '-l', 'type=simulated', '-o', `jsonpath=${format}`]);
  return states.split('\n').filter((state) => state === 'True').length;
}

function node(number: number): unknown {
  const name = `sim-${number}`;
  const labels = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', type: 'simulated' };
  const address = `10.90.${Math.floor(number / 250)}.${(number % 250) + 1}`;
  const addresses = [
    { type: 'InternalIP', address },
    { type: 'Hostname', address: name },
  ];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, annotations: { 'kwok.x-k8s.io/node': 'fake' }, labels },
    status: { addresses, allocatable: ROOM, capacity: ROOM },
  };
}
