/** What was read from a server or a file → Snapshot. */
import type { SnapshotParts } from './file.ts';
import { inOrder, objectsOf } from './segment.ts';
import type { Origin, Snapshot, SourceObject } from './snapshot.ts';

/** Of all objects that came from a server, for they stand in no text. */
export const CLUSTER: Origin = Object.freeze({ source: 'cluster', line: 1, format: 'json', prefix: [] });

/** Objects are read anew, one by one, each time they are walked over. */
export function toSnapshot({ header, gaps, segments }: SnapshotParts): Snapshot {
  const ordered = inOrder(segments);
  const uid = header.cluster?.uid;
  const origin = uid === undefined ? CLUSTER : Object.freeze({ ...CLUSTER, cluster: uid });
  const count = ordered.reduce((sum, segment) => sum + segment.count, 0);
  return {
    header,
    objects: {
      *[Symbol.iterator](): Generator<SourceObject> {
        for (const segment of ordered) for (const object of objectsOf(segment)) yield { object, origin };
      },
    },
    // A kind that could not be listed counts as one document that was not judged.
    counts: { files: header.kind === 'snapshot' ? 1 : 0, documents: count + (header.missing?.length ?? 0), judged: count, foreign: 0 },
    gaps,
  };
}
