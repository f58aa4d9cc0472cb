/**
 * What `castellan etcd verify` says of snapshots and databases that a real etcd wrote under a real API server: plain, with
 * each provider, half-way through a change of keys, with identity first, with 50,000 keys, compacted and defragmented.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { encrypted, protobufObject } from '../etcd/contents.ts';
import { askApi } from './api.ts';
import { each } from './bulk.ts';
import { runCommand } from './command.ts';
import { describeCluster } from './describe-cluster.ts';
import { RELEASES } from './parts.ts';
import type { TestCluster } from './test-cluster.ts';

/** The API server is started anew several times. */
vi.setConfig({ testTimeout: 240_000 });

const FOLDER = mkdtempSync(join(tmpdir(), 'castellan-etcd-test-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const key = (name: string): object => ({ keys: [{ name, secret: Buffer.alloc(32, name).toString('base64') }] });
const IDENTITY = { identity: {} };

interface Verified {
  intact: boolean;
  problems: { message: string }[];
  integrity: { checksum: string };
  revision: number;
  keys: number;
  resources: Record<string, { total: number; plain: number; encrypted: number; by: Record<string, number> }>;
  plain: string[];
  pastPlain: string[];
  configuration: { code: string; by?: string; objects: number }[];
  newest: { time: string } | null;
  etcd: { members: { name: string }[] };
  restore: { agrees: boolean; version: string };
}

function writeConfiguration(file: string, providers: readonly object[]): void {
  const resources = [{ resources: ['secrets'], providers }];
  writeFileSync(file, JSON.stringify({ apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration', resources }));
}

async function verify(file: string, args: readonly string[] = []): Promise<Verified & { exit: number }> {
  const { exit, stdout, stderr } = await runCommand(['etcd', 'verify', file, '-f', 'json', ...args]);
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Verified), exit };
}

let files = 0;

async function snapshot(cluster: TestCluster): Promise<string> {
  const file = join(FOLDER, `${(files += 1)}.snapshot`);
  await cluster.etcdctl(['snapshot', 'save', file]);
  return file;
}

/** With the configuration as it stands in the file now. */
async function restartApiServer(cluster: TestCluster): Promise<void> {
  // It would wait for those who watch it.
  await cluster.programs.end('kube-apiserver', 'SIGKILL');
  await cluster.programs.again('kube-apiserver');
  await cluster.ready();
}

const SECRETS = '/api/v1/namespaces/default/secrets';

async function createSecrets(cluster: TestCluster, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const body = { metadata: { name }, stringData: { password: 'hunter2' } };
    expect((await cluster.request('POST', SECRETS, { body })).status).toBe(201);
  }
}

async function rewrite(cluster: TestCluster, name: string): Promise<void> {
  const body = (await cluster.request('GET', `${SECRETS}/${name}`)).json();
  expect((await cluster.request('PUT', `${SECRETS}/${name}`, { body })).status).toBe(200);
}

const NAMES = ['plain-1', 'plain-2', 'plain-3', 'identity-1', 'encrypted-0', 'encrypted-1', 'encrypted-2'];

function named(names: readonly string[]): string[] {
  return names.map((name) => `secrets/default/${name}`);
}

for (const release of RELEASES) {
  const configuration = join(FOLDER, `encryption-${release}.json`);
  const configure = (...providers: object[]): void => writeConfiguration(configuration, providers);
  configure(IDENTITY);
  const skip = ['kube-controller-manager', 'kube-scheduler'] as const;
  describeCluster(`databases of Kubernetes ${release}`, { release, skip, encryption: { file: configuration } }, (cluster) => {
    it('everything is plain where nothing is encrypted', async () => {
      await createSecrets(cluster(), ['plain-1', 'plain-2', 'plain-3']);
      const found = await verify(await snapshot(cluster()), ['--fail-on', 'plain']);
      expect(found).toMatchObject({ exit: 1, intact: true, problems: [], integrity: { checksum: 'matches' } });
      expect(found.plain).toEqual(named(['plain-1', 'plain-2', 'plain-3']));
      expect(found.resources.secrets).toEqual({ total: 3, plain: 3, encrypted: 0, by: {} });
      expect(found.etcd.members).toMatchObject([{ name: 'test' }]);
      expect(Math.abs(Date.now() - Date.parse(found.newest?.time ?? ''))).toBeLessThan(600_000);
    });

    it('identity first: what is written stays plain', async () => {
      configure(IDENTITY, { aescbc: key('key1') });
      await restartApiServer(cluster());
      await createSecrets(cluster(), ['identity-1']);
      const found = await verify(await snapshot(cluster()), ['--encryption-config', configuration]);
      expect(found.plain).toEqual(named(['identity-1', 'plain-1', 'plain-2', 'plain-3']));
      expect(found.configuration).toMatchObject([{ code: 'identity-first', objects: 4 }]);
    });

    it('each provider, and half-way through a change of keys', async () => {
      const providers = [{ aescbc: key('key1') }, { secretbox: key('box') }, { aesgcm: key('gcm') }];
      for (const [index, provider] of providers.entries()) {
        configure(provider, ...providers.filter((other) => other !== provider), IDENTITY);
        await restartApiServer(cluster());
        await createSecrets(cluster(), [`encrypted-${index}`]);
      }
      await rewrite(cluster(), 'plain-1');
      const found = await verify(await snapshot(cluster()), ['--encryption-config', configuration]);
      expect(found.resources.secrets).toEqual({
        total: 7,
        plain: 3,
        encrypted: 4,
        by: { 'aescbc/key1': 1, 'secretbox/box': 1, 'aesgcm/gcm': 2 },
      });
      expect(found.plain).toEqual(named(['identity-1', 'plain-2', 'plain-3']));
      expect(found.pastPlain).toEqual(named(['plain-1']));
      expect(found.configuration.map(({ code, by, objects }) => `${code} ${by} ${objects}`).toSorted()).toEqual([
        'old-key aescbc/key1 1',
        'old-key secretbox/box 1',
      ]);
    });

    it('all rewritten, compacted: nothing plain is left, and the old keys can go', async () => {
      configure({ aescbc: { keys: [...key2(), ...keysOf('key1')] } }, { secretbox: key('box') }, { aesgcm: key('gcm') }, IDENTITY);
      await restartApiServer(cluster());
      for (const name of NAMES) await rewrite(cluster(), name);
      const before = await verify(await snapshot(cluster()));
      expect(before.pastPlain).toEqual(named(['identity-1', 'plain-1', 'plain-2', 'plain-3']));
      await cluster().etcdctl(['compact', String(before.revision)]);
      const found = await verify(await snapshot(cluster()), ['--encryption-config', configuration, '--fail-on', 'plain']);
      expect(found).toMatchObject({ exit: 0, plain: [], pastPlain: [], configuration: [] });
      expect(found.resources.secrets?.by).toEqual({ 'aescbc/key2': 7 });
      // The key of what is stored is not in this one any more.
      configure({ aescbc: key('key3') });
      const without = await verify(await snapshot(cluster()), ['--encryption-config', configuration]);
      expect(without.configuration).toMatchObject([{ code: 'key-missing', by: 'aescbc/key2', objects: 7 }]);
      configure({ aescbc: { keys: key2() } }, IDENTITY);
    });

    it('50,000 keys, compacted, defragmented; a snapshot, the file itself, and a real restore', async () => {
      // It would try to read what it has no key for.
      await cluster().programs.end('kube-apiserver', 'SIGKILL');
      await fill(cluster(), 50_000);
      await cluster().etcdctl(['compact', String((await verify(await snapshot(cluster()))).revision)]);
      await cluster().etcdctl(['defrag']);
      const found = await verify(await snapshot(cluster()), ['--restore-check', '--etcd', cluster().bin]);
      expect(found).toMatchObject({ intact: true, restore: { agrees: true } });
      const plain = Array.from({ length: 50_000 }, (_, index) => index).filter((index) => index % 10 === 0);
      expect(found.plain).toEqual(plain.map((index) => `secrets/many/object-${index}`).sort());
      expect(found.resources.secrets).toMatchObject({ total: 50_007, plain: 5000, encrypted: 45_007 });
      expect(found.keys).toBeGreaterThan(50_000);
      await cluster().programs.end('etcd');
      const copy = join(FOLDER, 'copied.db');
      copyFileSync(join(cluster().dir, 'etcd/member/snap/db'), copy);
      const raw = await verify(copy, ['--restore-check', '--etcd', cluster().bin]);
      expect(raw).toMatchObject({ intact: true, problems: [], integrity: { checksum: 'absent' }, restore: { agrees: true } });
      expect(raw.plain).toEqual(found.plain);
    });
  });
}

function key2(): object[] {
  return keysOf('key2');
}

function keysOf(name: string): object[] {
  return (key(name) as { keys: object[] }).keys;
}

/** Past the API server, as it would have written them: a tenth of them plain. */
async function fill({ ports, pki }: TestCluster, count: number): Promise<void> {
  const { certificate, key } = pki.read('etcd-client');
  const credentials = { ca: pki.read('etcd-ca').certificate, cert: certificate, key };
  const batches = Array.from({ length: Math.ceil(count / 100) }, (_, batch) => batch * 100);
  await each(batches, async (first) => {
    const success = Array.from({ length: 100 }, (_, index) => ({ requestPut: put(first + index) }));
    const answer = await askApi(`https://127.0.0.1:${ports.etcd}`, credentials, { method: 'POST', path: '/v3/kv/txn', body: { success } });
    if (answer.status !== 200) throw new Error(answer.text);
  });
}

function put(index: number): { key: string; value: string } {
  const name = `object-${index}`;
  const value = index % 10 === 0 ? protobufObject({ kind: 'Secret', name, namespace: 'many' }) : encrypted('aescbc', 'key2');
  return { key: Buffer.from(`/registry/secrets/many/${name}`).toString('base64'), value: value.toString('base64') };
}
