/** `castellan record add`: what logs say was done, entered into a record that grows with each reading. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LogReader, type LogSummary, streamOf } from '../collect/logs/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { Ledger, type UseRecord, looksLikeRecord, readRecordFile, writeRecordFile } from '../record/index.ts';

export interface RecordAddFlags {
  record?: string;
  quiet?: boolean;
}

/** `FILE`, or `STREAM=FILE` where the name of the file does not say which server wrote it. */
interface Input {
  readonly path: string;
  readonly stream: string;
}

export async function runRecordAdd(logs: readonly string[], { record: path, quiet = false }: RecordAddFlags): Promise<number> {
  if (path === undefined)
    throw new CastellanError('CAS_USAGE', 'record add needs a record to add to', {
      remedy: 'Name it: castellan record add LOG… --record FILE.',
    });
  const before = existsSync(path) ? readRecordFile(path) : undefined;
  const ledger = new Ledger();
  if (before !== undefined) ledger.merge(before);
  const reader = new LogReader(ledger, before);
  for (const input of inputsOf(logs)) {
    if (looksLikeRecord(input.path)) merge(ledger, input.path, before);
    else {
      const summary = await reader.read(input);
      if (!quiet) tell(summary);
    }
  }
  const record = ledger.record();
  // Whoever proves something by it would be told that nothing was used.
  if (record.streams.every(({ events }) => events === 0))
    throw new CastellanError('CAS_NOT_LOG', `no event is in ${logs.join(', ')}, and a record of nothing is not written`);
  writeRecordFile(path, record);
  if (!quiet) process.stderr.write(`${lineStart(printable(`${told(record)} in ${path} (castellan record show ${path})`))}\n`);
  return 0;
}

/** What both have read would count twice. */
function merge(ledger: Ledger, path: string, before: UseRecord | undefined): void {
  const other = readRecordFile(path);
  const known = new Set((before?.streams ?? []).flatMap(({ parts }) => parts.map(({ head }) => head)));
  const twice = other.streams.find(({ parts }) => parts.some(({ head }) => known.has(head)));
  if (twice !== undefined)
    throw new CastellanError('CAS_USAGE', `${path} holds a log of ${twice.name} that was read before`, {
      remedy: 'Merge records of different logs only, or read the logs themselves: what was read is passed over.',
    });
  ledger.merge(other);
}

function inputsOf(logs: readonly string[]): Input[] {
  return logs.flatMap((text) => {
    const at = text.indexOf('=');
    const [stream, path] = at > 0 && !existsSync(text) ? [text.slice(0, at), text.slice(at + 1)] : [undefined, text];
    return filesOf(path).map((file) => ({ path: file, stream: stream ?? streamOf(file) }));
  });
}

/** The files of a folder in the order of their names, which is that of time for rotated logs. */
function filesOf(path: string): string[] {
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const files = readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ parentPath, name }) => join(parentPath, name));
  if (files.length === 0) throw new CastellanError('CAS_NOT_LOG', `there is no file in ${path}`);
  return files.toSorted();
}

function tell({ path, kind, events, unread, isNew }: LogSummary): void {
  const what = kind === 'audit' ? plural(events, 'event') : plural(events, 'flow');
  const missed = unread > 0 ? `, ${plural(unread, 'line')} that could not be read` : '';
  process.stderr.write(`${lineStart(printable(`${path}: ${isNew ? what + missed : 'read before'}`))}\n`);
}

function told({ streams, requests, flows }: UseRecord): string {
  const written = streams.filter(({ events }) => events > 0);
  return `${plural(requests.length, 'distinct request')} and ${plural(flows.length, 'flow')} of ${plural(written.length, 'stream')}`;
}
