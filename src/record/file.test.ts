import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coverageOf } from './coverage.ts';
import { looksLikeRecord, readRecordFile, writeRecordFile } from './file.ts';
import { Ledger } from './ledger.ts';
import { rowsOf } from './rows.ts';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'castellan-record-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function example(): Ledger {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  stream.formats.add('audit.k8s.io');
  stream.parts.push({ head: 'ab', bytes: 12, sha256: 'cd' });
  stream.miss('line that is no JSON');
  for (let minute = 0; minute < 90; minute += 1) if (minute < 20 || minute > 40) stream.event(86_400 + minute * 60, { beat: true });
  const actor = ledger.actor({ name: 'system:serviceaccount:shop:cart', groups: ['system:serviceaccounts'], bound: 'pod' });
  const asked = {
    verb: 'get',
    apiGroup: '',
    resource: 'secrets',
    subresource: '',
    namespace: 'shop',
    name: 'db',
    path: '',
    through: 'request',
  } as const;
  ledger.request(actor, asked, { stream: stream.id, time: 86_405, outcome: 'allowed' });
  ledger.request(
    actor,
    { ...asked, resource: '', namespace: '', name: '', path: '/metrics' },
    { stream: stream.id, time: 86_405, outcome: 'denied' },
  );
  ledger.flow(
    { source: 'ip:10.0.0.1', destination: 'pod:shop/db-0', protocol: 'TCP', port: 5432 },
    { stream: stream.id, time: 90_000, outcome: 'allowed' },
  );
  ledger.address('10.0.0.2', 'pod:shop/db-0', 90_000);
  return ledger;
}

describe('the file of a record', () => {
  test('gives back what was written, for its owner only', () => {
    const [path, record] = [join(folder, 'whole'), example().record()];
    writeRecordFile(path, record);
    const again = readRecordFile(path);
    expect(rowsOf(again)).toBe(rowsOf(record));
    expect(again.requests).toEqual(record.requests);
    expect(again.streams.map(coverageOf)).toEqual(record.streams.map(coverageOf));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(looksLikeRecord(path)).toBe(true);
  });

  test('is refused where a single byte differs, where it is cut, and where it is something else', () => {
    const path = join(folder, 'damaged');
    writeRecordFile(path, example().record());
    const bytes = readFileSync(path);
    for (let at = 'castellan record 1\n'.length; at < bytes.length; at += 7) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path, changed);
      expect(() => readRecordFile(path), `byte ${at}`).toThrow(expect.objectContaining({ code: 'CAS_RECORD_DAMAGED' }));
    }
    writeFileSync(path, bytes.subarray(0, bytes.length - 1));
    expect(() => readRecordFile(path)).toThrow(/bytes of content and should have/);
    writeFileSync(path, 'kind: Pod\n');
    expect(() => readRecordFile(path)).toThrow(expect.objectContaining({ code: 'CAS_NOT_RECORD' }));
    writeFileSync(path, bytes.toString('latin1').replace('record 1', 'record 2'), 'latin1');
    expect(() => readRecordFile(path)).toThrow(expect.objectContaining({ code: 'CAS_RECORD_NEWER' }));
    expect(() => readRecordFile(join(folder, 'absent'))).toThrow(expect.objectContaining({ code: 'CAS_NOT_FOUND' }));
    expect(looksLikeRecord(folder)).toBe(false);
  });
});

describe('coverage', () => {
  test('has a hole where a heart stops beating', () => {
    expect(example().record().streams.map(coverageOf)).toEqual([
      { span: { from: 86_400, to: 86_400 + 90 * 60 }, holes: [{ from: 86_400 + 20 * 60, to: 86_400 + 41 * 60 }], beats: true },
    ]);
  });

  test('has a hole where only the heartbeat is missing', () => {
    const stream = new Ledger().stream('cp1', 'audit');
    for (let minute = 0; minute < 60; minute += 1) stream.event(minute * 60, { beat: minute < 10 || minute > 30 });
    expect(coverageOf(stream.closed()).holes).toEqual([{ from: 600, to: 1860 }]);
  });

  test('of a stream goes no further than its heartbeats', () => {
    const stream = new Ledger().stream('cp1', 'audit');
    for (const time of [60, 3660, 3720]) stream.event(time, { beat: time > 60 });
    stream.event(86_400);
    expect(coverageOf(stream.closed())).toEqual({ span: { from: 3660, to: 3780 }, holes: [], beats: true });
  });

  test('of a stream without heartbeats says so', () => {
    const stream = new Ledger().stream('cp1', 'audit');
    stream.event(60);
    expect(coverageOf(stream.closed())).toEqual({ span: { from: 60, to: 120 }, holes: [], beats: false });
    expect(coverageOf(new Ledger().stream('none', 'audit').closed()).span).toBeUndefined();
  });
});
