export { type Coverage, coverageOf } from './coverage.ts';
export { looksLikeRecord, readRecordFile, writeRecordFile } from './file.ts';
export { shareIds } from './least-ids.ts';
export { Ledger, type OpenStream, type SeenFlow, notePart } from './ledger.ts';
export { isCalled, makerOf, workloadIn } from './maker.ts';
export type { Span } from './minutes.ts';
export type { Outcome, Sighting } from './tally.ts';
export type {
  Actor,
  AddressUse,
  Asked,
  FlowEnd,
  FlowProtocol,
  FlowUse,
  ReadPart,
  RequestUse,
  Stream,
  UseRecord,
  VersionUse,
} from './use-record.ts';
