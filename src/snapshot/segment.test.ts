import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import { type Segment, SegmentWriter, judgedObjectsOf, objectsOf } from './segment.ts';
import { RUNS } from '../../test/runs.ts';

const ID = { apiVersion: 'v1', kind: 'Pod', resource: 'pods' };

function written(objects: readonly Record<string, unknown>[]): Segment {
  const writer = new SegmentWriter(ID);
  for (const object of objects) writer.add(object);
  return writer.end();
}

function pod(namespace: string, name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace, name }, ...more };
}

const codeOf = (segment: Segment): string => {
  try {
    return `read ${[...objectsOf(segment)].length}`;
  } catch (error) {
    return error instanceof CastellanError ? error.code : `unexpected: ${String(error)}`;
  }
};

describe('SegmentWriter', () => {
  it('gives back what it took', () => {
    const objects = [pod('a', 'x'), pod('a', 'y', { spec: { text: 'ü\n"\\\u2028' } }), pod('b', 'a')];
    const segment = written(objects);
    expect([...objectsOf(segment)]).toEqual(objects);
    expect(segment).toMatchObject({ ...ID, count: 3 });
    expect(segment.bytes).toBe(objects.reduce((sum, object) => sum + Buffer.byteLength(JSON.stringify(object)) + 1, 0));
  });

  it('says of each item of a list what it is', () => {
    expect([...objectsOf(written([{ metadata: { name: 'x' } }]))]).toEqual([{ metadata: { name: 'x' }, apiVersion: 'v1', kind: 'Pod' }]);
  });

  it('orders as the API server does, whatever order they come in', () => {
    const names = [...objectsOf(written([pod('a', 'x'), pod('a-b', 'x'), pod('', 'b'), pod('a', 'a')]))].map(({ metadata }) => metadata);
    expect(names).toMatchObject([{ namespace: 'a-b' }, { namespace: 'a', name: 'a' }, { namespace: 'a', name: 'x' }, { name: 'b' }]);
  });

  it('gives the same bytes for the same objects in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'a-b', 'b'), fc.string({ minLength: 1, maxLength: 3 })), { selector: String }),
        (names) => {
          const objects = names.map(([namespace, name]) => pod(namespace, name));
          const sorted = [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
          expect(written(objects)).toEqual(written(sorted));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('cuts and merges large lists into the same blocks', () => {
    // Two million bytes for each of ten namespaces: several blocks, and several lots that are sorted apart.
    const filler = 'x'.repeat(20_000);
    const objects = Array.from({ length: 1000 }, (_, index) => pod(`n${index % 10}`, `p${String(index).padStart(4, '0')}`, { filler }));
    const mixed = written(objects);
    const sorted = written([...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)));
    expect(mixed.count).toBe(1000);
    expect(mixed.data.equals(sorted.data)).toBe(true);
    expect(mixed.sha256).toBe(sorted.sha256);
    expect(mixed.data.length).toBeLessThan(mixed.bytes / 20);
  });

  it('of nothing is nothing', () => {
    const segment = written([]);
    expect(segment).toMatchObject({ count: 0, bytes: 0 });
    expect([...objectsOf(segment)]).toEqual([]);
  });
});

describe('objectsOf', () => {
  const segment = written([pod('a', 'x'), pod('a', 'y'), pod('b', 'a')]);

  it('never gives other objects, whichever byte differs and wherever it is cut off', () => {
    const whole = JSON.stringify([...objectsOf(segment)]);
    for (let at = 0; at < segment.data.length; at += 1) {
      for (const bit of [1, 128]) {
        const data = Buffer.from(segment.data);
        data[at] = (data[at] ?? 0) ^ bit;
        // The last bits of a stream are not used.
        if (codeOf({ ...segment, data }) !== 'CAS_SNAPSHOT_DAMAGED')
          expect(JSON.stringify([...objectsOf({ ...segment, data })])).toBe(whole);
      }
      expect(codeOf({ ...segment, data: segment.data.subarray(0, at) })).toBe('CAS_SNAPSHOT_DAMAGED');
    }
  });

  it.each<[string, Partial<Segment>]>([
    ['fewer objects', { count: 2 }],
    ['fewer bytes', { bytes: segment.bytes - 1 }],
    ['more bytes', { bytes: segment.bytes + 1 }],
    ['other bytes', { sha256: '0'.repeat(64) }],
  ])('refuses what the table does not name: %s', (_, change) => {
    expect(codeOf({ ...segment, ...change })).toBe('CAS_SNAPSHOT_DAMAGED');
  });

  it('decompresses no more than was declared', () => {
    // A stream of zeros that a thousandth of its size gives.
    const bomb = Buffer.from(segment.data);
    expect(inflateRawSync(bomb.subarray(8)).length).toBe(segment.bytes);
    bomb.writeUInt32LE(10, 4);
    expect(codeOf({ ...segment, data: bomb })).toBe('CAS_SNAPSHOT_DAMAGED');
    bomb.writeUInt32LE(0xff_ff_ff_ff, 4);
    expect(codeOf({ ...segment, data: bomb, bytes: 2 ** 40 })).toBe('CAS_SNAPSHOT_DAMAGED');
  });
});

describe('judgedObjectsOf', () => {
  const judged = (object: Record<string, unknown>): unknown => [...judgedObjectsOf(written([object]))][0]?.object;
  const managedFields = [{ manager: 'x]"}', fieldsV1: { 'f:spec': { 'f:managedFields": [': [] } } }];

  it.each<[string, Record<string, unknown>]>([
    ['last', { name: 'x', managedFields }],
    ['first', { managedFields, name: 'x' }],
    ['between others', { name: 'x', managedFields, uid: 'u' }],
    ['alone', { managedFields }],
    ['empty', { name: 'x', managedFields: [] }],
  ])('leaves out who set which field: %s', (_, metadata) => {
    const { managedFields: out, ...rest } = metadata;
    const [told] = judgedObjectsOf(written([{ kind: 'Pod', apiVersion: 'v1', metadata }]));
    expect(JSON.parse(told?.managedFields ?? '')).toEqual(out);
    expect(judged({ kind: 'Pod', apiVersion: 'v1', metadata, spec: { a: [1] } })).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: rest,
      spec: { a: [1] },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['of somebody else', { metadata: { name: 'x' }, spec: { managedFields } }],
    ['deeper', { metadata: { labels: { managedFields } } }],
    ['at the top', { managedFields, metadata: {} }],
    ['in a text', { metadata: { name: '"managedFields":[1],' }, spec: [] }],
    ['at the end of a key', { metadata: { 'x"managedFields': [1], y: {} } }],
    ['that are no list', { metadata: { managedFields: { a: 1 } } }],
  ])('leaves fields of that name %s', (_, object) => {
    const whole = { kind: 'Pod', apiVersion: 'v1', ...object };
    expect(judged(whole)).toEqual(whole);
  });

  it('gives what the whole objects are, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('metadata', 'spec', 'x'), fc.dictionary(fc.constantFrom('managedFields', 'a"', 'b'), fc.jsonValue())),
        (object) => {
          const whole = {
            kind: 'Pod',
            apiVersion: 'v1',
            ...(JSON.parse(JSON.stringify(object)) as Record<string, Record<string, unknown>>),
          };
          const metadata: Record<string, unknown> | undefined =
            'metadata' in whole ? (whole.metadata as Record<string, unknown>) : undefined;
          const got = judged(structuredClone(whole)) as typeof whole & { metadata?: Record<string, unknown> };
          // They may stay where others of that name come first: the model leaves them out all the same.
          for (const each of [metadata, got.metadata]) if (Array.isArray(each?.managedFields)) delete each.managedFields;
          expect(got).toEqual(whole);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

function keyOf({ metadata }: Record<string, unknown>): string {
  const { namespace, name } = metadata as { namespace: string; name: string };
  return namespace === '' ? name : `${namespace}/${name}`;
}
