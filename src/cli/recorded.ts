/** `--record FILE`, `--audit LOG…`, `--flows LOG…`: what was really done, as one record. */
import { LogReader, streamOf } from '../collect/logs/index.ts';
import { Ledger, type UseRecord, readRecordFile } from '../record/index.ts';

/** Undefined where neither is given. @throws CAS_NOT_FOUND, CAS_UNREADABLE, CAS_NOT_LOG, and what a record may be wrong with */
export async function readRecorded(path: string | undefined, logs: readonly string[]): Promise<UseRecord | undefined> {
  if (path === undefined && logs.length === 0) return undefined;
  const before = path === undefined ? undefined : readRecordFile(path);
  const ledger = new Ledger();
  if (before !== undefined) ledger.merge(before);
  const reader = new LogReader(ledger, before);
  for (const log of logs) await reader.read({ path: log, stream: streamOf(log) });
  return ledger.record();
}
