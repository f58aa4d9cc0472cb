/** TCP ports on loopback. */
import { createServer, type Server } from 'node:net';

export interface Ports {
  api: number;
  etcd: number;
  peer: number;
  controller: number;
  scheduler: number;
}

/** Free now: another program may take one before it is used, so whoever uses them tries again with others. */
export async function freePorts(): Promise<Ports> {
  // All are held until the last is found, so that no two are the same.
  const held = await Promise.all(Array.from({ length: 5 }, hold));
  const [api = 0, etcd = 0, peer = 0, controller = 0, scheduler = 0] = held.map(portOf);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return { api, etcd, peer, controller, scheduler };
}

function hold(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
