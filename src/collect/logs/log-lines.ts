/**
 * The lines of a log, plain or compressed with gzip, in chunks as they are read. A log that was read before, under
 * whatever name, is recognised by its first lines, and only what it has grown by is handed out.
 */
import { type Hash, createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CastellanError, messageOf } from '../../lib/errors.ts';
import type { ReadPart } from '../../record/index.ts';

const CHUNK = 1 << 20;
/** No event is longer: etcd takes no object of this size. What is longer is a document and no line. */
const LONGEST_HEAD = 4096;
const NEWLINE = 10;

export interface LogOptions {
  /** What is known of logs that were read before. */
  readonly known: (head: string) => ReadPart | undefined;
  /** Looks at the first line, also of a log of which it was read before, once `known` was asked. */
  readonly first?: (line: Buffer) => void;
  /**
   * Each line without its end; its bytes are good until it returns. `last` is true where the log stops without a line
   * end. False leaves such a line for the next time.
   */
  readonly line: (line: Buffer, last: boolean) => boolean;
}

export interface LogResult {
  readonly part: ReadPart;
  /** Whether there was anything in it that was not read before. */
  readonly isNew: boolean;
  /** What ended the log too early. */
  readonly broken?: string;
}

/** Reads a file, or standard input for `-`. Errors: CAS_NOT_FOUND, CAS_UNREADABLE, CAS_NOT_LOG. */
export async function readLines(path: string, options: LogOptions): Promise<LogResult> {
  const reader = new LineReader(path, options);
  try {
    for await (const chunk of await opened(path)) reader.push(chunk as Buffer);
  } catch (error) {
    if (error instanceof CastellanError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CastellanError('CAS_NOT_FOUND', `there is no file "${path}"`, { cause: error });
    if (!code.startsWith('Z_'))
      throw new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code || messageOf(error)})`, { cause: error });
    return reader.end('compressed data that ends too early');
  }
  return reader.end();
}

async function opened(path: string): Promise<Readable> {
  if (path === '-') return decompressed(process.stdin);
  // What is no plain file may be a pipe: it is read once, from its beginning.
  const file = await open(path, 'r');
  try {
    if ((await file.stat()).isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
  } finally {
    await file.close();
  }
  return decompressed(createReadStream(path, { highWaterMark: CHUNK }));
}

/** Told by the first two bytes. */
async function decompressed(source: Readable): Promise<Readable> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let start = Buffer.alloc(0);
  while (start.length < 2) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const whole = Readable.from(rest(start, chunks), { objectMode: false, highWaterMark: CHUNK });
  if (start[0] !== 0x1f || start[1] !== 0x8b) return whole;
  const gunzip = createGunzip({ chunkSize: CHUNK });
  whole.on('error', (error) => gunzip.destroy(error));
  return whole.pipe(gunzip);
}

async function* rest(start: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (start.length > 0) yield start;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done === true) return;
    yield value;
  }
}

class LineReader {
  readonly #path: string;
  readonly #options: LogOptions;
  readonly #hash: Hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);
  /** The first lines, until it is known which log it is; undefined from then on. */
  #first: { readonly whole: Buffer; readonly length: number }[] | undefined = [];
  #head = headOf([]);
  /** What was read of it before, and is passed over. */
  #before: ReadPart | undefined;
  /** Bytes that are done with. */
  #bytes = 0;

  constructor(path: string, options: LogOptions) {
    this.#path = path;
    this.#options = options;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let [start, done] = [0, 0];
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      // Of a log that is new all lines are taken, and counted together.
      if (this.#first === undefined && this.#before === undefined) {
        if (end > start) this.#options.line(bytes.subarray(start, end), false);
      } else {
        this.#next(bytes.subarray(start, end + 1), end - start);
        done = end + 1;
      }
      start = end + 1;
    }
    this.#count(bytes.subarray(done, start));
    this.#rest = bytes.subarray(start);
  }

  end(broken?: string): LogResult {
    const rest = this.#rest;
    if (this.#first !== undefined) this.#begin(rest.length > 0 ? [...this.#first, { whole: rest, length: rest.length }] : this.#first);
    if (rest.length > 0) this.#take(rest, rest.length, true);
    if (this.#before !== undefined && this.#bytes < this.#before.bytes) throw this.#notTheSame('is shorter');
    const isNew = this.#before === undefined || this.#bytes > this.#before.bytes;
    const part = isNew
      ? { head: this.#head, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
      : (this.#before ?? { head: '', bytes: 0, sha256: '' });
    return { part, isNew, ...(broken !== undefined && { broken }) };
  }

  #next(whole: Buffer, length: number): void {
    if (this.#first === undefined) {
      this.#take(whole, length, false);
      return;
    }
    this.#first.push({ whole: Buffer.from(whole), length });
    if (TIME.test(whole.toString('latin1', 0, LONGEST_HEAD)) || this.#first.length === MOST_FIRST) this.#begin(this.#first);
  }

  /** Settles which log it is, and goes on with the lines that were held for it. */
  #begin(lines: readonly { readonly whole: Buffer; readonly length: number }[]): void {
    const held = this.#first ?? [];
    this.#first = undefined;
    this.#head = headOf(lines.map(({ whole, length }) => whole.subarray(0, length)));
    this.#before = this.#options.known(this.#head);
    const [first] = lines;
    if (first !== undefined) this.#options.first?.(first.whole.subarray(0, first.length));
    for (const { whole, length } of held) this.#take(whole, length, false);
  }

  #take(whole: Buffer, length: number, last: boolean): void {
    const line = whole.subarray(0, length);
    const before = this.#before?.bytes ?? 0;
    const isPassed = this.#bytes < before;
    if (!isPassed && length > 0 && !this.#options.line(line, last) && last) return;
    // A log that ended without a line end was read up to there.
    const used = isPassed && before - this.#bytes === length ? length : whole.length;
    this.#count(whole.subarray(0, used));
    if (isPassed && this.#bytes >= before) this.#compare(before);
    this.#count(whole.subarray(used));
  }

  #count(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  #compare(before: number): void {
    const same = this.#bytes === before && this.#hash.copy().digest('hex') === this.#before?.sha256;
    if (!same) throw this.#notTheSame('goes on differently');
  }

  #notTheSame(how: string): CastellanError {
    return new CastellanError('CAS_NOT_LOG', `${this.#path} begins as a log that was read before, but ${how}`, {
      remedy: 'A log must not be edited between two readings; begin a new record, or leave this file out.',
    });
  }
}

/** What no two logs have in common: the head of a table and the bracket of a list are the same in all of them. */
const TIME = /\d{4}-\d\d-\d\d[T ]|\d{9}/;
/** Logs that tell no time are known by so many lines. */
const MOST_FIRST = 64;

/** Up to the first line with a time. */
function headOf(lines: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const [index, line] of lines.entries()) hash.update(index === 0 ? '' : '\n').update(line.subarray(0, LONGEST_HEAD));
  return hash.digest('hex');
}
