/** A snapshot file of plain objects, as a cluster would give them. */
import { type SnapshotParts, SegmentWriter, writeSnapshotFile } from '../src/snapshot/index.ts';

export function writeSnapshot(
  file: string,
  objects: readonly { apiVersion: string; kind: string }[],
  more: Partial<SnapshotParts['header']> = {},
): void {
  const writers = new Map<string, SegmentWriter>();
  for (const object of objects) {
    const { apiVersion, kind } = object;
    let writer = writers.get(`${apiVersion} ${kind}`);
    if (writer === undefined)
      writers.set(`${apiVersion} ${kind}`, (writer = new SegmentWriter({ apiVersion, kind, resource: `${kind.toLowerCase()}s` })));
    writer.add({ ...object });
  }
  const header: SnapshotParts['header'] = {
    kind: 'cluster',
    complete: true,
    kubernetesVersion: '1.36.0',
    cluster: { server: 'https://cluster.test', uid: 'u' },
    takenAt: '2026-03-01T10:00:00Z',
    ...more,
  };
  writeSnapshotFile(file, { header, gaps: [], segments: [...writers.values()].map((writer) => writer.end()) });
}
