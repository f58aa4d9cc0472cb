/** How the API server on the first node is reached from outside, at the same address as one without nodes. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCluster } from '../test-cluster.ts';

const RELAY = fileURLToPath(new URL('relay.ts', import.meta.url));

export async function startRelay(cluster: TestCluster): Promise<void> {
  const socket = join(cluster.dir, 'machines', 'api.sock');
  const server = `127.0.0.1:${cluster.ports.api}`;
  await cluster.programs.launch('relay-inside', [...(cluster.machines[0]?.network ?? []), process.execPath, RELAY, socket, server]);
  await cluster.programs.launch('relay-outside', [process.execPath, RELAY, server, socket]);
}
