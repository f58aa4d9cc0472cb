export { type Position } from '../lib/positions.ts';
export { positionOf, usePositionFallback } from './position.ts';
export type { Gap, GapCode, Origin, ReadCounts, Snapshot, SourceObject } from './snapshot.ts';
