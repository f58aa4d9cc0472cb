import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { createColors } from 'picocolors';
import { afterAll, describe, expect, it } from 'vitest';
import { databaseFile, snapshotOf } from '../../test/etcd/bbolt-writer.ts';
import { bucketsWith, encrypted, message, namespace, protobufObject, secret } from '../../test/etcd/contents.ts';
import { RUNS } from '../../test/runs.ts';
import { readEtcdDatabase } from '../collect/etcd/index.ts';
import { parseEncryptionConfiguration } from '../engines/encryption/index.ts';
import { type EtcdReport, etcdDocument, etcdTable } from '../report/etcd/index.ts';
import { SCHEMAS } from '../report/schemas/index.ts';
import { etcdReport } from './etcd-report.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'castellan-etcd-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const VALUE = 'hunter2-hunter2-hunter2';
const withValue = (kind: string, name: string): Buffer => protobufObject({ kind, name, spec: message([1, Buffer.from(VALUE)]) });
const KMS = message([1, Buffer.alloc(40, 1)], [2, Buffer.from(VALUE)], [3, Buffer.alloc(32, 2)]);
const CHANGES = [
  namespace('shop'),
  { key: '/registry/configmaps/shop/settings', value: withValue('ConfigMap', 'settings') },
  { key: '/registry/example.com/apps/shop/web', value: Buffer.from(`{"apiVersion":"example.com/v1","kind":"App","spec":"${VALUE}"}`) },
  secret('plain', withValue('Secret', 'plain')),
  secret('kept', encrypted('kms2', 'vault', KMS)),
  secret('\u{1b}[31mred\n::error::', withValue('Secret', '\u{1b}[31mred\n::error::')),
  secret('unknown', Buffer.from(VALUE)),
  namespace('other'),
];
const RAW = databaseFile(bucketsWith({ changes: CHANGES }));

function reported(bytes: Uint8Array, configuration?: unknown): EtcdReport {
  const path = join(FOLDER, 'db');
  writeFileSync(path, bytes);
  const parsed = configuration === undefined ? undefined : parseEncryptionConfiguration(configuration);
  return etcdReport(readEtcdDatabase(path), parsed !== undefined && 'configuration' in parsed ? parsed.configuration : undefined);
}

const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(SCHEMAS.etcd as object);

function expectRight(report: EtcdReport): void {
  const document = etcdDocument(report);
  expect(validate(JSON.parse(document)) ? [] : validate.errors).toEqual([]);
  const table = etcdTable('some.db', report, createColors(false));
  expect(document).not.toContain('hunter2');
  expect(table).not.toContain('hunter2');
  expect(table).not.toContain('\u{1b}');
  expect(table).not.toMatch(/^\s*::/m);
}

describe('the report', () => {
  it('is what its schema says, whole or not, and never shows a value', () => {
    const configuration = {
      kind: 'EncryptionConfiguration',
      resources: [{ resources: ['secrets', 'configmaps'], providers: [{ identity: {} }, { kms: { apiVersion: 'v2', name: 'vault' } }] }],
    };
    for (const bytes of [RAW, snapshotOf(RAW), RAW.subarray(0, 9000), Buffer.from('text'), Buffer.alloc(0)]) {
      expectRight(reported(bytes));
      expectRight(reported(bytes, configuration));
    }
  });

  it('of changed files neither', () => {
    fc.assert(
      fc.property(fc.nat(RAW.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const copy = Buffer.from(RAW);
        copy.writeUInt8(copy.readUInt8(at) ^ by, at);
        expectRight(reported(copy));
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  it('lists what is protected, and Secrets where nothing says what that is', () => {
    const withKey = (...resources: string[]): unknown => ({
      kind: 'EncryptionConfiguration',
      resources: [{ resources, providers: [{ aescbc: { keys: [{ name: 'a' }] } }] }],
    });
    const file = databaseFile(bucketsWith({ changes: CHANGES.slice(0, 5) }));
    expect(reported(file).plain).toEqual(['secrets/shop/plain']);
    expect(reported(file, withKey('*.example.com', 'configmaps')).plain).toEqual(
      ['apps.example.com/shop/web', 'configmaps/shop/settings'].toSorted(),
    );
    expect(reported(file, withKey('*.*')).plain).toHaveLength(4);
    expect(reported(file).keysInUse).toMatchObject([{ by: 'kms/vault', version: 'v2', objects: 1 }]);
  });

  it('says what cannot be seen where there is no checksum, and nothing where there is one', () => {
    expect(reported(RAW).integrity).toMatchObject({
      checksum: 'absent',
      unseen: expect.arrayContaining([expect.stringContaining('ciphertext')]),
    });
    expect(reported(snapshotOf(RAW)).integrity).toEqual({ checksum: 'matches', unseen: [] });
  });

  it('counts odd values where so many are odd that they are not told as damage', () => {
    const odd = [
      ...Array.from({ length: 3 }, (_, index) => secret(`odd-${index}`, Buffer.from(VALUE))),
      secret('short', encrypted('aescbc', 'k', Buffer.from('short'))),
    ];
    const changes = [namespace('shop'), ...odd];
    const report = reported(databaseFile(bucketsWith({ changes })));
    expectRight(report);
    expect(report).toMatchObject({ intact: true, problemCount: 0 });
    expect(report.integrity.unseen).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^whether 3 values in no form .* beside 2 as they should be/),
        expect.stringMatching(/^whether 1 value encrypted.* beside 0 as they should be/),
      ]),
    );
    expect(reported(snapshotOf(databaseFile(bucketsWith({ changes })))).integrity.unseen).toEqual([]);
  });
});
