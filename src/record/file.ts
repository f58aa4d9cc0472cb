/**
 * A record of use as one file. The first line says what it is and in which version of the format; the second holds the
 * SHA-256 and the length of the rest, which is JSON, a row a line, compressed with gzip.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AtomicFile } from '../lib/atomic-file.ts';
import { CastellanError } from '../lib/errors.ts';
import { unwritable } from '../lib/sink.ts';
import { parseRows, rowsOf } from './rows.ts';
import type { UseRecord } from './use-record.ts';

const MAGIC = 'castellan record ';
const VERSION = 1;
/** A record of a large cluster over a year has some tens of megabytes. */
const LARGEST = 1 << 30;

/** Only its owner may read it: it tells who did what. */
export function writeRecordFile(path: string, record: UseRecord): void {
  const content = gzipSync(rowsOf(record), { level: 4 });
  const checksum = createHash('sha256').update(content).digest('hex');
  let file: AtomicFile | undefined;
  try {
    file = new AtomicFile(path, 0o600);
    file.write(Buffer.from(`${MAGIC}${VERSION}\n${checksum} ${content.length}\n`));
    file.write(content);
    file.close();
    file.place();
  } catch (error) {
    file?.abandon();
    throw unwritable(path, error);
  }
}

/** Whether the file begins as a record. What is no plain file is not touched: reading a pipe would empty it. */
export function looksLikeRecord(path: string): boolean {
  let descriptor: number | undefined;
  try {
    if (path === '-' || !statSync(path).isFile()) return false;
    descriptor = openSync(path, 'r');
    const bytes = Buffer.alloc(MAGIC.length);
    return readSync(descriptor, bytes) === bytes.length && bytes.toString('latin1') === MAGIC;
  } catch {
    // Whoever reads it says why it cannot be read.
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Everything that was written, or an error. */
export function readRecordFile(path: string): UseRecord {
  const bytes = bytesOf(path);
  const head = bytes.subarray(0, 256).toString('latin1');
  if (!head.startsWith(MAGIC)) throw new CastellanError('CAS_NOT_RECORD', `${path} is no record of use`);
  const [first = '', version = '', checksum = '', length = ''] =
    /^castellan record (\d{1,9})\n([0-9a-f]{64}) (\d{1,15})\n/.exec(head) ?? [];
  if (first === '') throw damaged(path, 'its first lines are not whole');
  if (Number(version) > VERSION)
    throw new CastellanError('CAS_RECORD_NEWER', `${path} is written in version ${version} of the format; this Castellan reads ${VERSION}`);
  const content = bytes.subarray(first.length);
  if (content.length !== Number(length)) throw damaged(path, `it has ${content.length} bytes of content and should have ${length}`);
  if (createHash('sha256').update(content).digest('hex') !== checksum) throw damaged(path, 'its checksum does not hold');
  try {
    return parseRows(gunzipSync(content, { maxOutputLength: LARGEST }).toString('utf8'));
  } catch (error) {
    throw damaged(path, 'its rows cannot be read', error);
  }
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CastellanError('CAS_NOT_FOUND', `there is no file "${path}"`, { cause: error });
    throw new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
  }
}

function damaged(path: string, what: string, cause?: unknown): CastellanError {
  return new CastellanError('CAS_RECORD_DAMAGED', `${path} is damaged: ${what}`, { cause });
}
