/** What was read from a server or a file → Snapshot. */
import type { SnapshotParts } from './file.ts';
import { inOrder, judgedObjectsOf } from './segment.ts';
import type { Origin, Snapshot, SourceObject } from './snapshot.ts';

const ORIGINS = new WeakSet<Origin>();
/** Of all objects that came from a server, for they stand in no text. */
export const CLUSTER: Origin = clusterOrigin();

/** Objects are read anew, one by one, each time they are walked over. */
export function toSnapshot({ header, gaps, segments }: SnapshotParts): Snapshot {
  const ordered = inOrder(segments);
  const uid = header.cluster?.uid;
  const origin = uid === undefined ? CLUSTER : clusterOrigin({ cluster: uid });
  const count = ordered.reduce((sum, segment) => sum + segment.count, 0);
  return {
    header,
    objects: {
      *[Symbol.iterator](): Generator<SourceObject> {
        for (const segment of ordered) for (const judged of judgedObjectsOf(segment)) yield { ...judged, origin };
      },
    },
    // A kind that could not be listed counts as one document that was not judged.
    counts: { files: header.kind === 'snapshot' ? 1 : 0, documents: count + (header.missing?.length ?? 0), judged: count, foreign: 0 },
    gaps,
  };
}

function clusterOrigin(more: Partial<Origin> = {}): Origin {
  const origin: Origin = Object.freeze({ source: 'cluster', line: 1, format: 'json', prefix: [], ...more });
  ORIGINS.add(origin);
  return origin;
}

/** The same where the source of the object is at hand too. */
export function sourcedOrigin(origin: Origin): Origin {
  let made = SOURCED.get(origin);
  if (made === undefined) SOURCED.set(origin, (made = clusterOrigin({ ...origin, sourced: true })));
  return made;
}
const SOURCED = new WeakMap<Origin, Origin>();

/** Whether a server gave the object: then its status says what is, and its owners are who they say. */
export function isOfCluster(origin: Origin): boolean {
  return ORIGINS.has(origin);
}
