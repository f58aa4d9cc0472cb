/** What `probe --configz` shows to kubelets, and what it refuses to. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../test/cluster/certificates.ts';
import { runHere } from '../../test/run-here.ts';
import { configzSignIn } from './configz-sign-in.ts';

const AUTHORITY = makeAuthority('cluster');
const ADMIN = AUTHORITY.issue({ name: 'admin', groups: ['admins'] });
const KUBELET = AUTHORITY.issue({ name: 'kubelet', hosts: ['127.0.0.1'] });
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const CONFIGZ = { verbs: ['get'], apiGroups: [''], resources: ['nodes/configz'] };
const EVERYBODYS = {
  verbs: ['create'],
  apiGroups: ['authorization.k8s.io'],
  resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
};
const PATHS = { verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/healthz', '/openapi/*', '/version/'] };

let folder = '';
let server: Server;
let kubelet: ReturnType<typeof createTlsServer>;
let status: unknown;
const asked: { authorization: string | undefined; namespace: unknown }[] = [];
const told: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-configz-'));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { spec } = JSON.parse(body) as { spec: { namespace: unknown } };
      asked.push({ authorization: request.headers.authorization, namespace: spec.namespace });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ kind: 'SelfSubjectRulesReview', status }));
    });
  });
  kubelet = createTlsServer(
    { cert: KUBELET.certificate, key: KUBELET.key, ca: AUTHORITY.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      told.push(`${request.url} ${request.headers.authorization}`);
      response.statusCode = request.url === '/configz' ? 200 : 401;
      response.end(JSON.stringify({ kubeletconfig: { kind: 'KubeletConfiguration', readOnlyPort: 10_255 } }));
    },
  );
  await Promise.all([server, kubelet].map((each) => new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve))));
});
afterAll(() => {
  server.close();
  kubelet.close();
  rmSync(folder, { recursive: true, force: true });
});

function kubeconfig(user: Record<string, unknown>, address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`): string {
  const file = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: address, 'certificate-authority-data': base64(AUTHORITY.certificate) } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function tokenFile(text: string): string {
  const file = join(folder, 'token');
  writeFileSync(file, text);
  return file;
}

const NOWHERE = 'https://127.0.0.1:1';
const WITH_CERTIFICATE = { 'client-certificate-data': base64(ADMIN.certificate), 'client-key-data': base64(ADMIN.key) };

describe('without a token', () => {
  it('the client certificate and the CA of the kubeconfig', async () => {
    expect(await configzSignIn({ kubeconfig: kubeconfig(WITH_CERTIFICATE, NOWHERE), configz: true })).toEqual({
      ca: AUTHORITY.certificate,
      credential: { by: 'certificate', cert: ADMIN.certificate, key: ADMIN.key },
    });
  });

  it('nothing where that was not asked for', async () => {
    expect(await configzSignIn({ kubeconfig: join(folder, 'none') })).toBeUndefined();
  });

  it('never what the kubeconfig signs in with by a token', async () => {
    const file = kubeconfig({ token: 'the-users-own' }, NOWHERE);
    await expect(configzSignIn({ kubeconfig: file, configz: true })).rejects.toMatchObject({
      code: 'CAS_USAGE',
      message: expect.stringContaining('signs in without one'),
      remedy: expect.stringContaining('--configz-token FILE'),
    });
  });

  it('nothing on behalf of somebody else', async () => {
    await expect(configzSignIn({ configz: true, as: 'jane' })).rejects.toMatchObject({ code: 'CAS_USAGE' });
  });
});

describe('a token', () => {
  const claims = Buffer.from(JSON.stringify({ sub: 'system:serviceaccount:audit:reader' })).toString('base64url');
  const signIn = (text = `x.${claims}.y\n`) =>
    configzSignIn({ kubeconfig: kubeconfig({ token: 'the-users-own' }), configzToken: tokenFile(text) });

  it('that may do nothing else, which the API server alone is asked', async () => {
    asked.length = 0;
    status = { resourceRules: [CONFIGZ, EVERYBODYS], nonResourceRules: [PATHS], incomplete: false };
    expect(await signIn()).toMatchObject({ credential: { by: 'token', token: `x.${claims}.y`, onlyTrusted: false } });
    const authorization = `Bearer x.${claims}.y`;
    expect(asked).toEqual(['default', 'kube-system', 'audit'].map((namespace) => ({ authorization, namespace })));
  });

  it.each<[string, unknown]>([
    ['a webhook may say more', { resourceRules: [CONFIGZ], nonResourceRules: [], incomplete: true }],
    ['nothing is said of it', {}],
  ])('where %s goes only to whom the CA vouches for', async (_name, said) => {
    status = said;
    expect(await signIn('opaque')).toMatchObject({ credential: { onlyTrusted: true } });
  });

  it.each<[unknown, RegExp]>([
    [
      { resourceRules: [CONFIGZ, { verbs: ['list', 'get'], apiGroups: [''], resources: ['secrets'] }] },
      /may do more than get nodes\/configz: get secrets, list secrets$/,
    ],
    [{ resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] }, /: \* \*\.\*$/],
    [{ resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['nodes/proxy'] }] }, /: get nodes\/proxy$/],
    [{ nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/metrics', '/version'] }] }, /: get \/metrics$/],
  ])('that may do more is refused: %j', async (said, message) => {
    status = { incomplete: false, resourceRules: [], ...(said as object) };
    await expect(signIn()).rejects.toMatchObject({ code: 'CAS_USAGE', message: expect.stringMatching(message) });
  });

  it.each(['', 'two words', 'two\nlines', 'ü', 'x'.repeat(20_000)])('that is none is refused: %j', async (text) => {
    await expect(signIn(text)).rejects.toMatchObject({ code: 'CAS_USAGE', message: expect.stringMatching(/holds no token/) });
  });
});

it('probe asks with it, tells what it shows, and scan judges the answer of a file', async () => {
  const { port } = kubelet.address() as AddressInfo;
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
  const status = { addresses: [{ type: 'InternalIP', address: '127.0.0.1' }], daemonEndpoints: { kubeletEndpoint: { Port: port } } };
  writeFileSync(join(folder, 'node.json'), JSON.stringify({ ...node, status }));
  const args = ['--kubeconfig', kubeconfig(WITH_CERTIFICATE, NOWHERE), '--configz', '--yes', '--rate', '1000', '--wait', '1s'];
  const { stdout, stderr } = await runHere(['probe', 'node.json', ...args], { cwd: folder });
  expect(stderr).toContain('1 kubelet is asked for /configz as well, and shown the client certificate of the kubeconfig.');
  expect(stdout).toContain(`1 kubelet told the configuration it runs with\n  127.0.0.1:${port} (n1), asked by certificate\n`);
  expect(told.every((each) => each.endsWith(' undefined'))).toBe(true);
  await runHere(['probe', 'node.json', ...args, '-q', '-f', 'json', '-o', 'ports.json'], { cwd: folder });
  expect(readFileSync(join(folder, 'ports.json'), 'utf8')).not.toContain('PRIVATE KEY');
  const scan = await runHere(['scan', '--probe', 'ports.json', '--only', 'kubelet-read-only-port', '-q', '-f', 'json'], { cwd: folder });
  expect((JSON.parse(scan.stdout) as { findings: unknown }).findings).toMatchObject([
    { subject: { kind: 'Node', name: 'n1' }, evidence: [{ source: `127.0.0.1:${port}/configz`, path: 'readOnlyPort', value: 10_255 }] },
  ]);
});

it('probe asks the ports that are named also where the cluster of the kubeconfig may not be read', async () => {
  const closed = createServer((_request, response) => {
    response.statusCode = 403;
    response.end('{"kind": "Status", "message": "no"}');
  });
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  try {
    const file = kubeconfig(WITH_CERTIFICATE, `http://127.0.0.1:${(closed.address() as AddressInfo).port}`);
    const target = `127.0.0.1:${(kubelet.address() as AddressInfo).port}=kubelet`;
    const args = ['probe', '--target', target, '--kubeconfig', file, '--configz', '--yes', '-q', '--rate', '1000', '-f', 'json'];
    const { stdout, stderr } = await runHere(args, { cwd: folder });
    if (stdout === '') throw new Error(stderr);
    const { endpoints, gaps } = JSON.parse(stdout) as { endpoints: { configz?: unknown }[]; gaps: unknown[] };
    expect(endpoints.filter(({ configz }) => configz !== undefined)).toHaveLength(1);
    expect(gaps).toMatchObject([{ scope: 'the cluster', code: 'list-failed', reason: expect.stringContaining('does not allow it') }]);
  } finally {
    closed.close();
  }
});

it('probe refuses where there is no kubelet to ask', async () => {
  const file = kubeconfig(WITH_CERTIFICATE, NOWHERE);
  writeFileSync(join(folder, 'none.json'), '{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"}}');
  const args = ['probe', 'none.json', '--target', '127.0.0.1:1=etcd', '--kubeconfig', file, '--configz', '--yes'];
  const { status, stderr } = await runHere(args, { cwd: folder });
  expect([status, stderr]).toEqual([3, expect.stringMatching(/no port of a kubelet is known/)]);
});

it('permissions prints the account for it, which has that right alone', async () => {
  const { stdout } = await runHere(['permissions', '--for', 'configz']);
  const objects = loadAll(stdout) as { kind: string; rules?: unknown }[];
  expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'ClusterRoleBinding', 'ClusterRole']);
  expect(objects.flatMap(({ rules }) => rules ?? [])).toEqual([{ apiGroups: [''], resources: ['nodes/configz'], verbs: ['get'] }]);
});
