/** The command against servers on loopback: what it asks, tells, writes, and how `scan` reads it again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAuthority } from '../../test/cluster/certificates.ts';
import { nodeFacts } from '../../test/rule-tester.ts';
import { type RanHere, runHere, runProcess } from '../../test/run-here.ts';
import { SCHEMAS } from '../report/schemas/index.ts';

const authority = makeAuthority('ca');

let folder = '';
const servers: Server[] = [];
const ports = { old: 0, plain: 0, strict: 0 };

function portOf(server: Server): Promise<number> {
  servers.push(server);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-probe-'));
  const over = authority.issue({ name: 'kubelet', hosts: ['127.0.0.1'], until: new Date(Date.now() - 86_400_000), rsa: 1024 });
  const good = authority.issue({ name: 'server', hosts: ['127.0.0.1'] });
  const any = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  ports.old = await portOf(createServer({ cert: over.certificate, key: over.key, ...any }, (_request, response) => response.end('{}')));
  ports.plain = await portOf(createPlain((_request, response) => response.end('{}')));
  const strict = { cert: good.certificate, key: good.key, ca: authority.certificate, requestCert: true, minVersion: 'TLSv1.3' } as const;
  ports.strict = await portOf(createServer({ ...strict, rejectUnauthorized: true }, (_request, response) => response.end()));
});
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(...args: string[]): Promise<RanHere> {
  return runHere(args, { cwd: folder });
}

interface Document {
  endpoints: unknown[];
  findings: { rule: string; severity: string; subject: { name: string; component: string }; evidence: unknown[] }[];
}

async function probed(...args: string[]): Promise<Document> {
  const { stdout, stderr, status } = await run('probe', ...args, '--yes', '-q', '--rate', '1000', '-f', 'json');
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Document;
}

function rulesOf({ findings }: Pick<Document, 'findings'>): string[] {
  return [...new Set(findings.map(({ rule }) => rule))].toSorted();
}

it('finds what is wrong with a port, in the form that it publishes', async () => {
  const document = await probed('--target', `127.0.0.1:${ports.old}=kubelet`);
  const validate = new Ajv2020({ strict: true, strictRequired: true, allowUnionTypes: true }).compile(SCHEMAS.probe ?? {});
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  expect(rulesOf(document)).toEqual([
    'port-anonymous',
    'port-certificate-expiry',
    'port-certificate-weak',
    'port-tls-suites',
    'port-tls-version',
  ]);
});

it('finds plain HTTP and read-only ports, and nothing at a port that is well kept', async () => {
  const plain = await probed('--target', `127.0.0.1:${ports.plain}=etcd`);
  expect(plain.findings).toMatchObject([{ rule: 'port-plain-http', severity: 'critical', subject: { component: 'etcd' } }]);
  expect(await probed('--target', `127.0.0.1:${ports.strict}=etcd`)).toMatchObject({ findings: [] });
});

it('compares with what the facts of a node say, and scan judges the same from the file', async () => {
  const flags = [`--secure-port=${ports.old}`, '--advertise-address=127.0.0.1', '--anonymous-auth=false', '--tls-min-version=VersionTLS12'];
  writeFileSync(join(folder, 'node.json'), nodeFacts({ node: 'cp1', processes: [['kube-apiserver', ...flags]] }));
  const document = await probed('--node-facts', 'node.json');
  expect(document.endpoints).toMatchObject([{ host: '127.0.0.1', port: ports.old, component: 'kube-apiserver', node: 'cp1' }]);
  const differs = document.findings.filter(({ rule }) => rule === 'port-differs');
  expect(differs).toMatchObject([
    { subject: { name: 'cp1' }, evidence: [{ path: 'GET https:/version' }, { source: 'cp1:/proc/100/cmdline', path: 'argv[3]' }] },
    { evidence: [{ path: 'tls.versions' }, { source: 'cp1:/proc/100/cmdline', path: 'argv[4]', value: '--tls-min-version=VersionTLS12' }] },
  ]);
  writeFileSync(join(folder, 'probe.json'), JSON.stringify(document));
  const { stdout } = await run('scan', '--probe', 'probe.json', '--node-facts', 'node.json', '-f', 'json', '-q');
  const scanned = JSON.parse(stdout) as Document;
  expect(scanned.findings.filter(({ rule }) => rule.startsWith('port-'))).toEqual(document.findings);
  const alone = JSON.parse((await run('scan', '--probe', 'probe.json', '-f', 'json', '-q')).stdout) as Document;
  expect(rulesOf(alone)).toEqual(rulesOf(document).filter((rule) => rule !== 'port-differs'));
});

it('draws a table', async () => {
  const { stdout, stderr, status } = await runProcess(['probe', '--target', `127.0.0.1:${ports.old}=kubelet`, '--yes', '--rate', '1000'], {
    cwd: folder,
  });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^PORT +COMPONENT +TLS/);
  expect(stdout).toMatch(/kubelet +1\.0 1\.1 1\.2 1\.3 +rsa 1024, until/);
  expect(stdout).toMatch(/high +Endpoint 127\.0\.0\.1:\d+ kubelet: without credentials it answers \/pods/);
  expect(stderr).toMatch(/is going to ask 1 port/);
});

it('asks before it connects to anything', async () => {
  const { status, stderr, stdout } = await run('probe', '--target', `127.0.0.1:${ports.old}`);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/CAS_NOT_CONFIRMED/);
});

it.each<[string[], RegExp]>([
  [['--target', 'nonsense'], /takes HOST:PORT/],
  [['--target', '127.0.0.1:99999'], /takes HOST:PORT/],
  [['--target', '127.0.0.1:1=nginx'], /no component "nginx"/],
  [['--target', '127.0.0.1:1', '--rate', '0'], /--rate takes/],
  [['--target', '127.0.0.1:1', '-f', 'xml'], /no format "xml"/],
])('refuses %j', async (args, message) => {
  const { status, stderr } = await run('probe', ...args, '--yes');
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

it('refuses a file that it did not write', async () => {
  writeFileSync(join(folder, 'other.json'), '{"schema":"castellan/probe/v1","probedAt":"x"}');
  const { status, stderr } = await run('scan', '--probe', 'other.json');
  expect(status).toBe(3);
  expect(stderr).toMatch(/"probedAt" is not what it should be .*CAS_NOT_PROBE/);
  expect(readFileSync(join(folder, 'other.json'), 'utf8')).toContain('probe/v1');
});
