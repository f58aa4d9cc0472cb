export { type Position } from '../lib/positions.ts';
export { positionOf, usePositionFallback } from './position.ts';
export {
  type ClusterIdentity,
  type FeatureGates,
  type Gap,
  type GapCode,
  LOSSES,
  type MissingKind,
  type RequestCounters,
  type Origin,
  type ReadCounts,
  type Snapshot,
  type SnapshotHeader,
  type SourceObject,
} from './snapshot.ts';
export { type AnonymizeOptions, anonymized } from './anonymize.ts';
export type { PublicNames } from './anonymous-text.ts';
export { MAGIC, type SnapshotParts, looksLikeSnapshot, readSnapshotFile, writeSnapshotFile } from './file.ts';
export { makes } from './makers.ts';
export { mixed } from './mixture.ts';
export { CLUSTER, isOfCluster, toSnapshot } from './parts.ts';
export { type Segment, type SegmentId, SegmentWriter, objectsOf } from './segment.ts';
