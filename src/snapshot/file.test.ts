import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CastellanError } from '../lib/errors.ts';
import {
  type SnapshotParts,
  SegmentWriter,
  looksLikeSnapshot,
  objectsOf,
  readSnapshotFile,
  toSnapshot,
  writeSnapshotFile,
} from './index.ts';

let folder = '';
let file = '';
let whole: Buffer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-snapshot-'));
  file = join(folder, 'cluster.snapshot');
  writeSnapshotFile(file, parts());
  whole = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function parts(takenAt = '2026-11-21T10:00:00Z'): SnapshotParts {
  const segments = [
    segmentOf({ apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments' }, ['shop/web']),
    segmentOf({ apiVersion: 'v1', kind: 'Pod', resource: 'pods' }, ['shop/web-1', 'shop/web-2']),
    segmentOf({ apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps' }, []),
  ];
  return {
    header: {
      kind: 'cluster',
      kubernetesVersion: '1.34.1',
      complete: false,
      cluster: { uid: '3f1c', server: 'https://10.0.0.1:6443' },
      takenAt,
      takenBy: '1.2.3',
      leases: { holders: [{ namespace: 'shop', name: 'lock', holder: 'web-1_0', renewed: 1_700_000_000 }], servers: 2 },
      missing: [{ group: '', kind: 'Secret', resource: 'secrets', why: 'forbidden' }],
      leftOut: ['events'],
    },
    gaps: [{ scope: 'secrets', code: 'forbidden', reason: 'they may not be listed', effect: 'they were not judged' }],
    segments,
  };
}

function segmentOf(
  id: { apiVersion: string; kind: string; resource: string },
  names: readonly string[],
): SnapshotParts['segments'][number] {
  const writer = new SegmentWriter(id);
  for (const [namespace, name] of names.map((text) => text.split('/'))) writer.add({ metadata: { namespace, name } });
  return writer.end();
}

/** What reading these bytes comes to: a code, or the names of the objects. */
function outcomeOf(bytes: Buffer): string {
  const path = join(folder, 'tried');
  writeFileSync(path, bytes);
  try {
    return [...toSnapshot(readSnapshotFile(path)).objects].map(({ object }) => (object.metadata as { name: string }).name).join(' ');
  } catch (error) {
    return error instanceof CastellanError ? error.code : `unexpected: ${String(error)}`;
  }
}

/** The file with another header, sealed by whoever made it so. */
function resealed(change: (header: Record<string, unknown>) => unknown): Buffer {
  const lines = [0, 1, 2].reduce<number[]>((ends) => [...ends, whole.indexOf(10, (ends.at(-1) ?? -1) + 1)], []);
  const header = JSON.parse(whole.toString('utf8', (lines[1] ?? 0) + 1, lines[2])) as Record<string, unknown>;
  const changed = change(header) ?? header;
  const content = Buffer.concat([
    Buffer.from(`${typeof changed === 'string' ? changed : JSON.stringify(changed)}\n`),
    whole.subarray((lines[2] ?? 0) + 1),
  ]);
  const length = content.indexOf(10) + 1;
  const sum = createHash('sha256').update(content).digest('hex');
  return Buffer.concat([Buffer.from(`castellan snapshot 1\n${sum} ${length} ${content.length}\n`), content]);
}

describe('writing and reading', () => {
  it('gives back what was written, as a snapshot', () => {
    const read = readSnapshotFile(file);
    const { header, gaps, segments } = parts();
    expect(read.header).toEqual({ ...header, kind: 'snapshot' });
    expect(read.gaps).toEqual(gaps);
    expect(new Set(read.segments.map(({ data, ...rest }) => JSON.stringify([rest, data.length])))).toEqual(
      new Set(segments.map(({ data, ...rest }) => JSON.stringify([rest, data.length]))),
    );
    const snapshot = toSnapshot(read);
    // One kind could not be listed.
    expect(snapshot.counts).toEqual({ files: 1, documents: 4, judged: 3, foreign: 0 });
    // Each walk begins anew.
    for (let round = 0; round < 2; round += 1)
      expect([...snapshot.objects].map(({ object }) => object.kind)).toEqual(['Pod', 'Pod', 'Deployment']);
    expect([...snapshot.objects][0]?.origin).toEqual({ source: 'cluster', line: 1, format: 'json', prefix: [], cluster: '3f1c' });
    expect(toSnapshot(parts()).counts.files).toBe(0);
  });

  it('says in its first lines what it is', () => {
    const [first, , third] = whole.toString('latin1').split('\n');
    expect(first).toBe('castellan snapshot 1');
    expect(JSON.parse(third ?? '')).toMatchObject({
      takenAt: '2026-11-21T10:00:00Z',
      cluster: { uid: '3f1c' },
      segments: [{ kind: 'ConfigMap' }, {}, {}],
    });
  });

  it('gives the same bytes after the header for the same objects, in whatever order the lists came', () => {
    const later = parts('2026-11-22T10:00:00Z');
    later.segments.reverse();
    const path = join(folder, 'later');
    writeSnapshotFile(path, later);
    const rest = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf(10, bytes.indexOf(10, bytes.indexOf(10) + 1) + 1) + 1);
    expect(rest(readFileSync(path)).equals(rest(whole))).toBe(true);
    expect(readFileSync(path).equals(whole)).toBe(false);
  });

  it('is readable by its owner only, and replaces in one step', () => {
    const path = join(folder, 'mode');
    writeFileSync(path, 'old');
    chmodSync(path, 0o644);
    writeSnapshotFile(path, parts());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
    mkdirSync(join(folder, 'taken'));
    expect(() => writeSnapshotFile(join(folder, 'taken'), parts())).toThrow(/cannot be written \(EISDIR\)/);
  });
});

describe('what is not as it was written', () => {
  it('is refused whichever byte differs', () => {
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      expect(outcomeOf(bytes), `byte ${at}`).toMatch(/^CAS_(?:SNAPSHOT_(?:DAMAGED|NEWER)|NOT_SNAPSHOT)$/);
    }
  });

  it('is refused wherever it is cut off or goes on', () => {
    for (let length = 0; length < whole.length; length += 1)
      expect(outcomeOf(whole.subarray(0, length)), `${length} bytes`).toMatch(/^CAS_(?:SNAPSHOT_DAMAGED|NOT_SNAPSHOT)$/);
    expect(outcomeOf(Buffer.concat([whole, Buffer.from([0])]))).toBe('CAS_SNAPSHOT_DAMAGED');
    expect(outcomeOf(whole)).toBe('web-1 web-2 web');
  });

  it('of a newer version is refused as such', () => {
    expect(outcomeOf(Buffer.from('castellan snapshot 2\nanything'))).toBe('CAS_SNAPSHOT_NEWER');
    expect(outcomeOf(resealed((header) => void (header.gaps = [{ scope: '', code: 'unheard-of', reason: '', effect: '' }])))).toBe(
      'CAS_SNAPSHOT_NEWER',
    );
  });

  it.each<[string, string]>([
    ['a length that no file has', `castellan snapshot 1\n${'0'.repeat(64)} 5 99999999999999\n{}`],
    ['a header longer than the file', `castellan snapshot 1\n${'0'.repeat(64)} 999 3\n{}\n`],
    ['lengths with other digits', `castellan snapshot 1\n${'0'.repeat(64)} 03 3\n{}\n`],
  ])('is refused with %s', (_, text) => expect(outcomeOf(Buffer.from(text))).toBe('CAS_SNAPSHOT_DAMAGED'));

  type Header = {
    complete: unknown;
    gaps: unknown;
    cluster: { server: unknown };
    segments: Record<string, unknown>[];
    [name: string]: unknown;
  };
  it.each<[string, (header: Header) => unknown]>([
    ['no JSON', () => '{'],
    ['no object', () => []],
    ['whether it is complete', (header) => void delete header.complete],
    ['gaps that are none', (header) => void (header.gaps = [1])],
    ['no gaps', (header) => void delete header.gaps],
    ['a cluster without a server', (header) => void (header.cluster.server = 1)],
    ['a kind that is missing for no reason', (header) => void (header.missing = [{ group: '', kind: '', resource: '', why: '?' }])],
    ['fewer segments', (header) => void header.segments.pop()],
    ['a segment twice', (header) => void header.segments.push({ ...header.segments[1] })],
    ['a segment elsewhere', (header) => void (header.segments[1] = { ...header.segments[1], offset: 1 })],
    ['a negative length', (header) => void (header.segments[1] = { ...header.segments[1], length: -1 })],
    ['half an object', (header) => void (header.segments[1] = { ...header.segments[1], count: 1.5 })],
    ['more objects', (header) => void (header.segments[1] = { ...header.segments[1], count: 3 })],
    ['a text for a hash', (header) => void (header.segments[1] = { ...header.segments[1], sha256: 'x' })],
  ])('is refused although its checksum holds: %s', (_, change) => {
    expect(outcomeOf(resealed((header) => change(header as Header)))).toBe('CAS_SNAPSHOT_DAMAGED');
  });

  it('shows whoever reads whole objects that they are others than the table names', () => {
    const path = join(folder, 'others');
    writeFileSync(
      path,
      resealed((header) => void ((header as Header).segments[1] = { ...(header as Header).segments[1], sha256: '0'.repeat(64) })),
    );
    const [, pods] = readSnapshotFile(path).segments;
    expect(() => pods && [...objectsOf(pods)]).toThrow(/the objects are not those that its table names/);
  });

  it('is refused when it would grow beyond any cluster', () => {
    const grown = resealed(
      (header) => void ((header.segments as { bytes: number }[])[1] = { ...(header.segments as { bytes: number }[])[1], bytes: 2 ** 40 }),
    );
    expect(outcomeOf(grown)).toBe('CAS_SNAPSHOT_TOO_LARGE');
    expect(outcomeOf(resealed(() => undefined))).toBe('web-1 web-2 web');
  });

  it('names the file', () => {
    expect(() => readSnapshotFile(join(folder, 'none'))).toThrow(/there is no file/);
    writeFileSync(join(folder, 'other'), 'kind: Pod\n');
    expect(() => readSnapshotFile(join(folder, 'other'))).toThrow(/other: it is no snapshot/);
  });
});

describe('looksLikeSnapshot', () => {
  it('goes by the first bytes, whatever the name', () => {
    writeFileSync(join(folder, 'x.snapshot'), 'kind: Pod\n');
    expect(looksLikeSnapshot(file)).toBe(true);
    for (const path of [join(folder, 'x.snapshot'), folder, join(folder, 'none'), '-', '/dev/null'])
      expect(looksLikeSnapshot(path), path).toBe(false);
  });
});
