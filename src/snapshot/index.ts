export type { Gap, GapCode, Origin, ReadCounts, Snapshot, SourceObject } from './snapshot.ts';
