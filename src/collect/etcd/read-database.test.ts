import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { databaseFile, seal, snapshotOf } from '../../../test/etcd/bbolt-writer.ts';
import { bucketsWith, type Change, encrypted, namespace, protobufObject, secret } from '../../../test/etcd/contents.ts';
import { RUNS } from '../../../test/runs.ts';
import { type EtcdDatabase, readEtcdDatabase } from './read-database.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'castellan-etcd-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

function read(bytes: Uint8Array, prefix?: string): EtcdDatabase {
  const path = join(FOLDER, 'db');
  writeFileSync(path, bytes);
  return readEtcdDatabase(path, prefix);
}

function codes({ problems }: EtcdDatabase): string[] {
  return [...new Set(problems.kept.map(({ code }) => code))];
}

/** Namespaces, Secrets of all forms, changes and deletions; several levels of pages, and values that overflow. */
function changes(): Change[] {
  const many = Array.from({ length: 300 }, (_, index) =>
    secret(`many-${index}`, index % 3 === 0 ? encrypted('aescbc', 'key1') : undefined),
  );
  return [
    namespace('default'),
    namespace('shop'),
    ...many,
    secret('large', protobufObject({ kind: 'Secret', name: 'large', spec: Buffer.alloc(30_000, 'x') })),
    secret('changed'),
    secret('changed', encrypted('secretbox', 'box')),
    secret('gone'),
    { key: '/registry/secrets/shop/gone' },
    { key: '/registry/leases/shop/held', value: protobufObject({ kind: 'Lease', name: 'held' }), lease: 5n },
    { key: 'compact_rev_key', value: Buffer.from('1') },
  ];
}

const WHOLE = databaseFile(bucketsWith({ changes: changes(), leases: [5n] }));

describe('what is whole', () => {
  it.each([
    ['a database', WHOLE, 'absent'],
    ['a snapshot', snapshotOf(WHOLE), 'matches'],
    ['with pages behind its end', Buffer.concat([WHOLE, Buffer.alloc(8192, 0xee)]), 'absent'],
    ['with pages of 16 KiB', databaseFile(bucketsWith({ changes: changes(), leases: [5n] }), { pageSize: 16_384 }), 'absent'],
    ['with pages of 1 KiB', databaseFile(bucketsWith({ changes: changes(), leases: [5n] }), { pageSize: 1024 }), 'absent'],
    ['with a freelist', databaseFile(bucketsWith({ changes: changes(), leases: [5n] }), { free: 7 }), 'absent'],
    ['without small buckets', databaseFile(bucketsWith({ changes: changes(), leases: [5n] }), { inline: false }), 'absent'],
  ])('%s', (_, bytes, checksum) => {
    const database = read(bytes);
    expect(database.problems.kept).toEqual([]);
    expect(database).toMatchObject({ isEtcd: true, checksum, records: { revision: 310, count: 309, deletions: 1 } });
    expect(database.objects.keys).toBe(306);
    expect(database.objects.resources.get('secrets')).toMatchObject({ total: 302, plain: 201, encrypted: 101 });
    expect(Object.fromEntries(database.objects.resources.get('secrets')?.by ?? [])).toEqual({ 'aescbc/key1': 100, 'secretbox/box': 1 });
    expect(database.objects.pastPlainOf('secrets')).toEqual(['secrets/shop/changed', 'secrets/shop/gone']);
    expect(database.own.members).toMatchObject([{ id: '8e9e05c52164694d', name: 'first' }]);
  });

  it('a database without a single key', () => {
    const database = read(databaseFile(bucketsWith({ changes: [] })));
    expect(database.problems.kept).toEqual([]);
    expect(database.objects).toMatchObject({ keys: 0, prefix: undefined });
  });

  it('after a compaction, the first record of a key may have any version', () => {
    const kept = changes().slice(0, 5);
    expect(read(databaseFile(bucketsWith({ changes: kept, from: 5000 }))).problems.kept).toEqual([]);
  });
});

/** Where an entry stands in the file: finds the bytes once. */
function at(needle: string | Buffer, bytes: Buffer = WHOLE): number {
  return bytes.indexOf(needle);
}

/** The database with some bytes written over, raw. */
function damaged(offset: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(WHOLE);
  copy.set(bytes, offset);
  return copy;
}

/** One object among others, as they should be. */
function withMore(change: Change): Buffer {
  return databaseFile(bucketsWith({ changes: [...changes(), change], leases: [5n] }));
}

describe('what is damaged', () => {
  it.each([
    ['nothing', Buffer.alloc(0), ['not-bbolt']],
    ['three bytes', Buffer.from('abc'), ['not-bbolt']],
    ['text', Buffer.from('kind: Secret\n'.repeat(500)), ['not-bbolt']],
    ['another database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176)]), ['not-bbolt']],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]), ['not-bbolt']],
    ['zeros', Buffer.alloc(100_000), ['not-bbolt']],
    ['both meta pages', Buffer.concat([damaged(30, [9]).subarray(0, 4096), damaged(4096 + 30, [9]).subarray(4096)]), ['meta']],
    ['the first meta page', damaged(40, [9]), ['meta']],
    ['the second meta page', damaged(4096 + 66, [9]), ['meta']],
    ['half of it', WHOLE.subarray(0, Math.floor(WHOLE.length / 8192) * 4096), ['truncated']],
    ['a page of another number', damaged(2 * 4096, [77]), ['page']],
    ['a value that is longer', damaged(2 * 4096 + 16 + 12, [255]), ['page']],
    ['bytes behind elements', damaged(3 * 4096 - 1, [1]), ['page']],
    ['a ciphertext that is not whole blocks', withMore(secret('a', encrypted('aescbc', 'k', Buffer.alloc(33)))), ['value']],
    ['a provider that there is not', withMore(secret('a', encrypted('rot13', 'k'))), ['value']],
    ['a lease that there is not', databaseFile(bucketsWith({ changes: changes() })), ['lease']],
    ['a value in no form', withMore(secret('b', Buffer.from('text'))), ['value']],
    ['a bucket that etcd has not', databaseFile(bucketsWith({ changes: [], more: [['other', 'a', Buffer.from('b')]] })), ['bucket']],
    ['a member that is none', databaseFile(bucketsWith({ changes: [], more: [['members', 'a', Buffer.from('{')]] })), ['member']],
  ])('%s', (_, bytes, expected) => {
    expect(codes(read(bytes))).toEqual(expect.arrayContaining(expected));
  });

  it('a snapshot of which one byte changed, wherever that is', () => {
    const snapshot = snapshotOf(WHOLE);
    snapshot.writeUInt8(snapshot.readUInt8(at('many-7')) ^ 1, at('many-7'));
    const database = read(snapshot);
    expect(database.checksum).toBe('differs');
    expect(codes(database)).toContain('checksum');
  });

  it('says what people have instead', () => {
    expect(read(Buffer.from([0x1f, 0x8b, 8, 0])).problems.kept[0]?.message).toContain('unpack it first');
    expect(read(Buffer.from('SQLite format 3\0more')).problems.kept[0]?.message).toContain('k3s');
  });

  it('a database of bbolt that is not of etcd', () => {
    const database = read(databaseFile([['users', [[Buffer.from('a'), Buffer.from('b')]]]]));
    expect(database.isEtcd).toBe(false);
    expect(codes(database)).toEqual(['not-etcd']);
  });

  it('a page that is used twice, or free and in use', () => {
    const copy = Buffer.from(WHOLE);
    copy.copyWithin(7 * 4096, 6 * 4096, 7 * 4096);
    expect(codes(read(copy))).toContain('page');
    const withList = databaseFile(bucketsWith({ changes: changes(), leases: [5n] }), { free: 3 });
    const list = withList.length - 4 * 4096;
    withList.writeBigUInt64LE(5n, list + 16);
    expect(codes(read(withList))).toContain('freelist');
  });

  it('a record that does not follow the one before it', () => {
    const twice = [...bucketsWith({ changes: [secret('a'), secret('a')] })];
    const [name, pairs] = twice.find(([bucket]) => bucket === 'key') ?? ['key', []];
    const [first, second] = [...pairs];
    if (first === undefined || second === undefined) throw new Error('there are two records');
    const missing = [...bucketsWith({ changes: [secret('a'), secret('a'), secret('a')] })].find(([bucket]) => bucket === 'key');
    const [one, , three] = [...(missing?.[1] ?? [])];
    if (one === undefined || three === undefined) throw new Error('there are three records');
    const bytes = databaseFile(
      [...bucketsWith({ changes: [] })].map(([bucket, entries]): [string, Iterable<[Buffer, Buffer]>] =>
        bucket === name
          ? [bucket, [[...one] as [Buffer, Buffer], [...three] as [Buffer, Buffer]]]
          : [bucket, entries as Iterable<[Buffer, Buffer]>],
      ),
    );
    expect(codes(read(bytes))).toEqual(['revision', 'history']);
  });
});

describe('what no API server wrote', () => {
  const odd = Array.from({ length: 10 }, (_, index) =>
    secret(`odd-${index}`, index < 4 ? encrypted('aescbc', 'k', Buffer.from('short')) : Buffer.from('text')),
  );

  it('is no damage where most of it is so, and Secrets are counted all the same', () => {
    const database = read(databaseFile(bucketsWith({ changes: odd })));
    expect(database.problems.kept).toEqual([]);
    expect(database.objects).toMatchObject({ prefix: '/registry', keys: 10 });
    expect(database.objects.resources.get('secrets')).toMatchObject({ total: 10, plain: 6, encrypted: 4 });
  });

  it('is no damage where a checksum says that it was written so', () => {
    const snapshot = snapshotOf(withMore(secret('b', Buffer.from('text'))));
    expect(read(snapshot).problems.kept).toEqual([]);
  });

  it('a prefix is found by its namespaces', () => {
    const other = { key: '/kubernetes.io/namespaces/default', value: protobufObject({ kind: 'Namespace', name: 'default' }) };
    const hidden = { key: '/kubernetes.io/secrets/shop/a', value: encrypted('aescbc', 'k') };
    const file = databaseFile(bucketsWith({ changes: [other, hidden, { key: '/openshift.io/routes/shop/b', value: Buffer.from('{}') }] }));
    expect(read(file).objects).toMatchObject({ prefix: '/kubernetes.io', keys: 3 });
    expect([...read(file).objects.resources.keys()]).toEqual(['namespaces', 'secrets']);
    expect([...read(file, 'openshift.io').objects.resources.keys()]).toEqual(['routes']);
  });
});

describe('claims', () => {
  it('gigantic counts and lengths end in a problem, not in memory or time', () => {
    for (const field of [32, 48, 56]) {
      const copy = Buffer.from(WHOLE);
      for (const page of [0, 1]) {
        copy.writeBigUInt64LE(2n ** 52n, page * 4096 + field);
        seal(copy.subarray(page * 4096));
      }
      expect(read(copy).problems.total).toBeGreaterThan(0);
    }
    expect(read(damaged(2 * 4096 + 12, [255, 255, 255, 255])).problems.total).toBeGreaterThan(0);
    expect(read(damaged(2 * 4096 + 10, [255, 255])).problems.total).toBeGreaterThan(0);
  });

  it('a sparse file of a terabyte', () => {
    const path = join(FOLDER, 'sparse');
    writeFileSync(path, WHOLE);
    truncateSync(path, 2 ** 40);
    expect(readEtcdDatabase(path).problems.kept).toEqual([]);
    truncateSync(path, 2 ** 40 + 32);
    expect(codes(readEtcdDatabase(path))).toEqual(['truncated']);
  });
});

/** A bit, a byte, a run of zeros, two pages that changed places, an end. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('bit'), at: fc.nat(), by: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('byte'), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('zeros'), at: fc.nat(), by: fc.integer({ min: 1, max: 5000 }) }),
  fc.record({ kind: fc.constant('swap'), at: fc.nat(), by: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant('cut'), at: fc.nat(), by: fc.constant(0) }),
);

function mutated(bytes: Buffer, { kind, at: place, by }: { kind: string; at: number; by: number }): Buffer {
  const copy = Buffer.from(bytes);
  const offset = place % bytes.length;
  if (kind === 'bit') copy[offset] = (copy[offset] ?? 0) ^ (1 << by);
  else if (kind === 'byte') copy[offset] = (copy[offset] ?? 0) ^ by;
  else if (kind === 'zeros') copy.fill(0, offset, Math.min(copy.length, offset + by));
  else if (kind === 'swap') {
    const pages = Math.floor(bytes.length / 4096);
    const [a, b] = [place % pages, (place + by) % pages];
    bytes.copy(copy, a * 4096, b * 4096, (b + 1) * 4096);
    bytes.copy(copy, b * 4096, a * 4096, (a + 1) * 4096);
  } else return copy.subarray(0, offset);
  return copy;
}

describe('1,000 changed files', () => {
  const snapshot = snapshotOf(WHOLE);

  it('a snapshot that differs in any way is not intact', () => {
    fc.assert(
      fc.property(mutation, (change) => {
        const copy = mutated(snapshot, change);
        // What is cut off by exactly the checksum is a database without one.
        fc.pre(!copy.equals(snapshot) && copy.length !== snapshot.length - 32);
        expect(read(copy).problems.total).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('a database that differs where no value or name stands is not intact', () => {
    const structure = structureOf(WHOLE);
    fc.assert(
      fc.property(fc.nat(structure.length - 1), fc.integer({ min: 1, max: 255 }), (place, by) => {
        const offset = structure[place] ?? 0;
        const copy = Buffer.from(WHOLE);
        copy[offset] = (copy[offset] ?? 0) ^ by;
        expect(read(copy).problems.total, `byte ${offset}`).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('a database that differs anywhere is read to its end', () => {
    fc.assert(
      fc.property(mutation, (change) => {
        expect(read(mutated(WHOLE, change)).fileSize).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: RUNS },
    );
  });
});

/**
 * Every byte that is neither in a value of an object nor in the name of a key: of pages in use, the headers, the elements,
 * the keys of records, their numbers, and what is left over.
 */
function structureOf(bytes: Buffer): number[] {
  const opaque = new Uint8Array(bytes.length);
  for (let id = 2; id * 4096 < bytes.length;) {
    const page = bytes.subarray(id * 4096);
    const pages = page.readUInt32LE(12) + 1;
    if (page.readUInt16LE(8) === 2)
      for (let index = 0; index < page.readUInt16LE(10); index += 1) {
        const element = 16 + index * 16;
        const start = element + page.readUInt32LE(element + 4);
        const [key, value] = [page.readUInt32LE(element + 8), page.readUInt32LE(element + 12)];
        // Of records, the name and the value of the object; of other entries, what stands under their key.
        opaque.fill(1, id * 4096 + start + key, id * 4096 + start + key + value);
      }
    id += pages;
  }
  return Array.from(opaque.keys()).filter((offset) => opaque[offset] === 0);
}
