/** Many requests of the administrator, some at a time, over connections that are kept. */
import { Agent } from 'node:https';
import { type ApiAnswer, askApi } from './api.ts';
import type { TestCluster } from './test-cluster.ts';

const AT_ONCE = 8;

export type Ask = (method: string, path: string, body?: unknown) => Promise<ApiAnswer>;

/** Runs `work` with a way to ask that is as quick as the server; the connections end with it. */
export async function inBulk<T>({ server, pki }: TestCluster, work: (ask: Ask) => Promise<T>): Promise<T> {
  const { certificate, key } = pki.read('admin');
  const credentials = { ca: pki.authority.certificate, cert: certificate, key };
  const agent = new Agent({ ...credentials, keepAlive: true, maxSockets: AT_ONCE });
  try {
    return await work((method, path, body) => askApi(server, credentials, { method, path, agent, ...(body !== undefined && { body }) }));
  } finally {
    agent.destroy();
  }
}

/** The answers in the order of the questions. */
export async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
