/**
 * Programs of the company, as they are written for clusters: informers that list and then watch, a lock on a Lease, events,
 * and what operators do (status, finalizers). In a pod this one file runs by itself, as `client.ts ROLE`, with the token
 * that is mounted there; so it imports nothing of the project.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

export interface Session {
  readonly server: string;
  readonly ca: string;
  readonly token: string;
  readonly agent: string;
}

interface Meta {
  readonly name: string;
  readonly generation?: number;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly uid?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
}

interface Thing {
  readonly metadata: Meta;
  readonly status?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: Thing & { readonly items?: readonly Thing[] };
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What the server answered, also where it refused: a program that is refused says so and goes on, as most do. */
export async function ask(session: Session, method: Method, path: string, body?: unknown): Promise<Answer> {
  const { server, ca, token, agent } = session;
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const headers = { authorization: `Bearer ${token}`, 'user-agent': agent, accept: 'application/json', 'content-type': type };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = request(new URL(path, server), { method, ca, headers, agent: false, timeout: 30_000 }, resolve);
    asked.on('timeout', () => asked.destroy(new Error(`no answer to ${method} ${path}`)));
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const content = await text(response);
  const status = response.statusCode ?? 0;
  if (status === 403) process.stderr.write(`refused: ${method} ${path}: ${content}\n`);
  return { status, body: JSON.parse(content) as Answer['body'] };
}

/** Each object as it comes, until the server ends the watch. */
async function* watch(session: Session, path: string): AsyncGenerator<Thing> {
  const { server, ca, token, agent } = session;
  const headers = { authorization: `Bearer ${token}`, 'user-agent': agent };
  const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    request(new URL(path, server), { ca, headers, agent: false }, resolve).on('error', reject).end();
  });
  let rest = '';
  for await (const chunk of response) {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { type, object } = JSON.parse(line) as { type?: string; object?: Thing };
      if (object?.metadata?.name !== undefined && type !== 'DELETED') yield object;
    }
  }
}

/** As client-go does it: a list, then watches from where it ended, each for some seconds. */
async function informer(session: Session, path: string, seen: (thing: Thing) => Promise<void> = () => Promise.resolve()): Promise<never> {
  for (;;) {
    const { status, body } = await ask(session, 'GET', path);
    if (status === 200) {
      for (const item of body.items ?? []) await seen(item);
      const from = body.metadata.resourceVersion ?? '';
      for await (const thing of watch(session, `${path}?watch=true&resourceVersion=${from}&timeoutSeconds=4`)) await seen(thing);
    }
    await pause(500);
  }
}

/** A lock that is taken and renewed, as leader election does it. */
async function lead(session: Session, namespace: string, name: string): Promise<never> {
  const list = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  for (;;) {
    const now = new Date().toISOString().replace('Z', '000Z');
    const spec = { holderIdentity: `${name}-${process.pid}`, leaseDurationSeconds: 15, renewTime: now };
    const { status, body } = await ask(session, 'GET', `${list}/${name}`);
    const metadata = { name, namespace };
    if (status === 404) await ask(session, 'POST', list, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec });
    else if (status === 200) await ask(session, 'PUT', `${list}/${name}`, { ...body, spec });
    await pause(1500);
  }
}

/** An event, and the same once more, which recorders write as a patch. */
async function tell(session: Session, about: { kind: string; apiVersion: string; metadata: Meta }, reason: string): Promise<void> {
  const namespace = about.metadata.namespace ?? 'default';
  const list = `/api/v1/namespaces/${namespace}/events`;
  const name = `${about.metadata.name}.${process.hrtime.bigint().toString(16)}`;
  const { kind, apiVersion } = about;
  const involvedObject = { kind, apiVersion, namespace, name: about.metadata.name, uid: about.metadata.uid };
  await ask(session, 'POST', list, { apiVersion: 'v1', kind: 'Event', metadata: { name, namespace }, involvedObject, reason, count: 1 });
  await ask(session, 'PATCH', `${list}/${name}`, { count: 2 });
}

const ORDERS = '/apis/shop.example/v1';
const FINALIZER = 'shop.example/unpack';

/** Sees to it that what an order asks for is so, and lets it go only after it has cleared up. */
async function reconcile(session: Session, order: Thing): Promise<void> {
  const { name, namespace = '', deletionTimestamp, finalizers = [] } = order.metadata;
  const path = `${ORDERS}/namespaces/${namespace}/orders/${name}`;
  const about = { kind: 'Order', apiVersion: 'shop.example/v1', metadata: order.metadata };
  if (deletionTimestamp !== undefined) {
    if (finalizers.includes(FINALIZER)) await ask(session, 'PATCH', path, { metadata: { finalizers: null } });
    return;
  }
  if (!finalizers.includes(FINALIZER)) await ask(session, 'PATCH', path, { metadata: { finalizers: [FINALIZER] } });
  if (order.status?.phase === 'Packed') return;
  const { body } = await ask(session, 'GET', path);
  await ask(session, 'PUT', `${path}/status`, { ...body, status: { phase: 'Packed' } });
  await tell(session, about, 'Packed');
}

/** What each program of the company does, by the name of its role. */
export const ROLES: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
  orders: (session) =>
    Promise.all([
      lead(session, 'shop', 'orders'),
      informer(session, '/api/v1/namespaces/shop/pods'),
      informer(session, '/api/v1/namespaces/shop/configmaps', async ({ metadata }) => {
        if (metadata.name === 'settings') await tell(session, { kind: 'ConfigMap', apiVersion: 'v1', metadata }, 'Read');
      }),
    ]),
  operator: (session) =>
    Promise.all([lead(session, 'ops', 'operator'), informer(session, `${ORDERS}/orders`, (order) => reconcile(session, order))]),
  /** Root of the cluster, and needed: it keeps the labels of namespaces and what is in them. */
  provisioner: (session) =>
    informer(session, '/api/v1/namespaces', async ({ metadata: { name } }) => {
      if (name !== 'shop' && name !== 'ops') return;
      await ask(session, 'PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels: { team: name } } });
      await ask(session, 'GET', `/apis/rbac.authorization.k8s.io/v1/namespaces/${name}/rolebindings`);
    }),
  report: async (session) => {
    const { body } = await ask(session, 'GET', '/api/v1/namespaces/shop/pods');
    const data = { pods: String(body.items?.length ?? 0) };
    await ask(session, 'PATCH', '/api/v1/namespaces/shop/configmaps/report', { data });
  },
  /** Has a token and talks to nobody. */
  web: () => pause(100_000_000),
};

/** Where the programs of a pod find the server and who they are. */
function ofThePod(role: string): Session {
  const folder = '/var/run/secrets/kubernetes.io/serviceaccount';
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = process.env;
  const read = (name: string): string => readFileSync(`${folder}/${name}`, 'utf8');
  return { server: `https://${host}:${port}`, ca: read('ca.crt'), token: read('token'), agent: `${role}/1.0` };
}

const [, file = '', role = ''] = process.argv;
if (file.endsWith('client.ts') && import.meta.main) {
  // A restart of a pod is to be quick: who waits for nothing more ends when told to.
  process.on('SIGTERM', () => process.exit(0));
  await ROLES[role]?.(ofThePod(role));
}
