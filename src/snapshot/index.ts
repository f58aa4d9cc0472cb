export { type Position } from '../lib/positions.ts';
export { positionOf, usePositionFallback } from './position.ts';
export { type Gap, type GapCode, LOSSES, type Origin, type ReadCounts, type Snapshot, type SourceObject } from './snapshot.ts';
