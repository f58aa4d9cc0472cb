import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { stdout } from '../lib/sink.ts';
import { SegmentWriter, objectsOf, readSnapshotFile, writeSnapshotFile } from '../snapshot/index.ts';
import { runSnapshotShow } from './snapshot-show.ts';
import { runSnapshot } from './snapshot.ts';

let folder = '';
let file = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-snapshot-'));
  file = join(folder, 'cluster.snapshot');
  const pods = new SegmentWriter({ apiVersion: 'v1', kind: 'Pod', resource: 'pods' });
  for (let index = 0; index < 1200; index += 1)
    pods.add({ metadata: { namespace: 'acme', name: `web-${String(index).padStart(4, '0')}` } });
  const deployments = new SegmentWriter({ apiVersion: 'apps/v1', kind: 'Deployment', resource: 'deployments' });
  deployments.add({ metadata: { namespace: 'acme', name: 'web' } });
  const jobs = new SegmentWriter({ apiVersion: 'batch/v1', kind: 'Job', resource: 'jobs' });
  writeSnapshotFile(file, {
    header: {
      kind: 'cluster',
      complete: false,
      kubernetesVersion: '1.34.1',
      cluster: { uid: '7d0b52a4', server: 'https://api.acme.example:6443' },
      takenAt: '2026-11-21T10:00:00Z',
      takenBy: '1.2.3',
      missing: [{ group: '', kind: 'Secret', resource: 'secrets', why: 'forbidden' }],
      leftOut: ['events', 'leases.coordination.k8s.io'],
    },
    gaps: [
      { scope: 'secrets', code: 'forbidden', reason: 'told above', effect: '' },
      {
        scope: 'appliances.acme.example',
        code: 'not-collected',
        reason: 'no rule reads\u001b[31m these kinds',
        effect: 'they were not listed',
      },
    ],
    segments: [pods.end(), deployments.end(), jobs.end()],
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shown(path: string, flags: { format?: string } = {}): string {
  const write = vi.spyOn(stdout, 'write').mockReturnValue(undefined);
  try {
    runSnapshotShow(path, { ...flags, color: false });
    return write.mock.calls
      .join('')
      .replaceAll(/[0-9a-f]{12}\n/g, '************\n')
      .replace(/file of .*/, 'file of …');
  } finally {
    write.mockRestore();
  }
}

describe('snapshot show', () => {
  it('says what is inside, and what is not', () => {
    expect(shown(file)).toBe(`cluster       https://api.acme.example:6443  7d0b52a4
kubernetes    1.34.1
taken         2026-11-21T10:00:00Z by castellan 1.2.3
objects       1,201 of 2 kinds, 99.7 kB in a file of …

kind        version  objects     size  content
Pod         v1         1,200  99.6 kB  ************
Deployment  apps/v1        1     90 B  ************

not in it
  secrets                     may not be listed
  events                      left out on purpose
  leases.coordination.k8s.io  left out on purpose

gaps
  appliances.acme.example  no rule reads\\u{1b}[31m these kinds; they were not listed
`);
  });

  it('has no other formats', () => {
    expect(() => shown(file, { format: 'yaml' })).toThrow(/no format "yaml"/);
  });
});

describe('snapshot FILE --anonymize', () => {
  it('writes another one, without the names', async () => {
    const output = join(folder, 'shared.snapshot');
    expect(await runSnapshot(file, { anonymize: true, output, quiet: true })).toBe(0);
    const { header, gaps, segments } = readSnapshotFile(output);
    expect(header.anonymized).toBe(true);
    expect(segments.map(({ kind, count }) => `${kind} ${count}`)).toEqual(['Pod 1200', 'Deployment 1', 'Job 0']);
    expect(JSON.stringify([header, gaps, segments.flatMap((segment) => [...objectsOf(segment)])])).not.toMatch(/acme|web/);
    expect(shown(output)).toContain('\nanonymized    names are not those of the cluster\n');
  });

  it.each<[string, string | undefined, Record<string, unknown>, string]>([
    ['no file to write', 'x', { anonymize: true }, 'CAS_USAGE'],
    ['nothing to do', 'x', { output: 'y' }, 'CAS_USAGE'],
    ['a cluster besides', 'x', { output: 'y', anonymize: true, context: 'z' }, 'CAS_USAGE'],
    ['no such file', 'nowhere', { output: 'y', anonymize: true }, 'CAS_NOT_FOUND'],
  ])('refuses %s', async (_, path, flags, code) => {
    await expect(runSnapshot(path, flags)).rejects.toMatchObject({ code });
  });

  it('writes nothing where what is named is no snapshot', async () => {
    const other = join(folder, 'pod.yaml');
    writeFileSync(other, 'kind: Pod\n');
    await expect(runSnapshot(other, { anonymize: true, output: join(folder, 'out') })).rejects.toMatchObject({ code: 'CAS_NOT_SNAPSHOT' });
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });
});
