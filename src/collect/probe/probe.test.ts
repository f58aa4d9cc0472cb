/** Probing against servers that are made here: what they take and show is what is told. */
import { createServer as createPlain } from 'node:http';
import { type ServerOptions, createServer } from 'node:https';
import { createServer as createSocket, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../../test/cluster/certificates.ts';
import { RUNS } from '../../../test/runs.ts';
import type { PortOwner, PortUse } from '../../snapshot/index.ts';
import { probe } from './index.ts';
import { Pace } from './pace.ts';
import { pathsOf } from './paths.ts';
import { readServer } from './server-hello.ts';
import { signatureOf } from './signature.ts';

const AUTHORITY = makeAuthority('ca');
const OWN = AUTHORITY.issue({ name: 'server', hosts: ['127.0.0.1'] });
const OPTIONS = { version: '1.0.0', now: new Date('2026-11-01T08:00:00Z'), rate: 1000, patience: 2000 };

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Answers what it is told for a path, and 403 for the rest. */
function serving(answers: Readonly<Record<string, number>> = {}, options: ServerOptions = {}): Promise<number> {
  const { certificate: cert, key } = OWN;
  const server = createServer({ cert, key, ...options }, ({ url = '' }, response) => {
    response.statusCode = answers[url] ?? 403;
    response.end('{}');
  });
  return listening(server);
}

async function seen(port: number, component: PortOwner = 'kube-apiserver', use: PortUse = 'secure') {
  const { endpoints, gaps } = await probe([{ host: '127.0.0.1', port, component, use, from: 'a test' }], OPTIONS);
  const [endpoint] = endpoints;
  if (endpoint === undefined) throw new Error('nothing was probed');
  const accepted = (endpoint.tls?.versions ?? []).filter((each) => each.accepted === 'yes');
  return { endpoint, gaps, versions: accepted.map(({ version }) => version), suites: accepted.flatMap(({ suites }) => suites) };
}

describe('TLS', () => {
  it('of old versions, with suites that the runtime would not offer by itself', async () => {
    const { versions, suites } = await seen(await serving({}, { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }));
    expect(versions).toEqual(['TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3']);
    expect(suites).toEqual(expect.arrayContaining(['TLS_ECDH_anon_WITH_AES_128_CBC_SHA', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA']));
  });

  it('with exactly the versions and suites that are set', async () => {
    const ciphers = 'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA';
    const { endpoint } = await seen(await serving({}, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` }));
    expect(endpoint.tls?.versions).toEqual([
      { version: 'TLS 1.0', accepted: 'no', suites: [] },
      { version: 'TLS 1.1', accepted: 'yes', suites: ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'] },
      {
        version: 'TLS 1.2',
        accepted: 'yes',
        suites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA'],
      },
      { version: 'TLS 1.3', accepted: 'no', suites: [] },
    ]);
  });

  it.each<[string, ServerOptions]>([
    ['before TLS 1.3', { maxVersion: 'TLSv1.2' }],
    ['in TLS 1.3', { minVersion: 'TLSv1.3' }],
  ])('certificates %s', async (_name, options) => {
    const past = AUTHORITY.issue({ name: 'over', hosts: ['10.0.0.9'], until: new Date('2026-02-01T00:00:00Z'), rsa: 2048 });
    const { endpoint } = await seen(await serving({}, { ...options, cert: past.certificate + AUTHORITY.certificate, key: past.key }));
    expect(endpoint.tls?.certificates).toMatchObject([
      {
        subject: 'CN=over',
        key: 'rsa 2048',
        notAfter: '2026-02-01T00:00:00Z',
        signature: 'sha256-with-ecdsa',
        selfSigned: false,
        fits: false,
      },
      { subject: 'CN=ca', key: 'ec prime256v1', selfSigned: true },
    ]);
  });

  it.each<[string, ServerOptions]>([
    ['before TLS 1.3', { maxVersion: 'TLSv1.2' }],
    ['in TLS 1.3', { minVersion: 'TLSv1.3' }],
  ])('that wants a certificate of the client, %s', async (_name, options) => {
    const strict = { requestCert: true, rejectUnauthorized: true, ca: AUTHORITY.certificate, ...options };
    const { endpoint, gaps } = await seen(await serving({ '/health': 200 }, strict), 'etcd', 'client');
    expect(endpoint.tls?.clientCertificate).toBe('required');
    expect(endpoint.answers).toHaveLength(1);
    expect(endpoint.tls?.certificates[0]?.subject).toBe('CN=server');
    expect(gaps).toEqual([]);
  });
});

describe('what is answered', () => {
  it('path by path, with the status and nothing else', async () => {
    const { endpoint } = await seen(await serving({ '/healthz': 200, '/pods': 200, '/metrics': 401 }), 'kubelet');
    const statuses = Object.fromEntries(endpoint.answers.map(({ path, status }) => [path, status]));
    expect(statuses).toMatchObject({ '/healthz': 200, '/pods': 200, '/metrics': 401, '/configz': 403 });
    expect(endpoint).toMatchObject({ state: 'open', http: false, tls: { clientCertificate: 'not-required' } });
  });

  it('never where a path would run, stream or lead on, nor with Secrets', () => {
    const owners: PortOwner[] = ['kube-apiserver', 'kubelet', 'etcd', 'kube-proxy', 'kube-scheduler', 'kube-controller-manager', 'unknown'];
    const uses: PortUse[] = ['secure', 'read-only', 'client', 'peer', 'metrics', 'health'];
    for (const owner of owners)
      for (const use of uses)
        for (const path of pathsOf(owner, use)) expect(path).not.toMatch(/exec|run|attach|portForward|containerLogs|proxy\/|secrets|watch/);
  });

  it('in the clear', async () => {
    const plain = createPlain(({ url }, response) => {
      response.statusCode = url === '/pods' ? 200 : 404;
      response.end();
    });
    const { endpoint } = await seen(await listening(plain), 'kubelet', 'read-only');
    expect(endpoint).toMatchObject({ state: 'open', http: true });
    expect(endpoint.tls).toBeUndefined();
    expect(endpoint.answers.find(({ path }) => path === '/pods')).toEqual({ scheme: 'http', path: '/pods', status: 200 });
  });

  it('is not taken for plain HTTP where a server of TLS says that it wants TLS', async () => {
    const plain = createPlain((_request, response) => {
      response.statusCode = 400;
      response.end('Client sent an HTTP request to an HTTPS server.\n');
    });
    const { endpoint } = await seen(await listening(plain));
    expect(endpoint.http).toBe(false);
  });
});

describe('ports that tell nothing', () => {
  it('closed', async () => {
    const port = await listening(createSocket());
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    const { endpoint, gaps } = await seen(port);
    expect(endpoint).toMatchObject({ state: 'closed', answers: [] });
    expect(gaps).toEqual([]);
  });

  it('that take a connection and say nothing', async () => {
    const port = await listening(createSocket((socket) => socket.on('error', () => undefined).resume()));
    const target = { host: '127.0.0.1', port, component: 'etcd', use: 'client', from: 'a test' } as const;
    const { endpoints, gaps } = await probe([target], { ...OPTIONS, patience: 100 });
    expect(endpoints[0]).toMatchObject({ state: 'open', http: false });
    expect(gaps).toMatchObject([{ scope: `127.0.0.1:${port}`, code: 'port-unknown' }]);
  });

  it('that answer with noise', async () => {
    const noisy = createSocket((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end(Buffer.from([22, 3, 3, 0xff, 0xff, 2, 0, 0, 1, 1]));
    });
    const { endpoint, gaps } = await seen(await listening(noisy));
    expect(endpoint.tls).toBeUndefined();
    expect(gaps).toHaveLength(1);
  });
});

it('keeps the pace', async () => {
  const pace = new Pace(50);
  const started = performance.now();
  for (let count = 0; count < 6; count += 1) await pace.turn();
  expect(performance.now() - started).toBeGreaterThanOrEqual(95);
  expect(pace.connections).toBe(6);
});

it('reads whatever a stranger sends, and never throws', () => {
  const start = fc.constantFrom([], [22, 3, 3], [22, 3, 3, 0, 60, 2, 0, 0, 56, 3, 3], [21, 3, 1, 0, 2, 2, 40]);
  fc.assert(
    fc.property(start, fc.uint8Array({ maxLength: 200 }), (head, tail) => {
      readServer(Buffer.from([...head, ...tail]));
      signatureOf(Buffer.from(tail));
    }),
    { numRuns: RUNS },
  );
});
