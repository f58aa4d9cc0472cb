/**
 * Lines of text in compressed blocks of about a megabyte, each of which can be read by itself: a list of any length is
 * written and read with one block in memory. A block is its compressed and its raw length, four bytes each with the
 * lowest first, and then a raw deflate stream.
 */
import { type Hash, createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CastellanError } from '../lib/errors.ts';

const BLOCK = 1 << 20;
/** One line may be longer than a block, but no server stores an object of this size. */
const LARGEST_BLOCK = 64 << 20;
const HEAD = 8;

export interface Blocks {
  data: Buffer;
  lines: number;
  /** Of the lines, each with its line end. */
  bytes: number;
  sha256: string;
}

/** Where blocks end depends on the lines alone, so that the same lines give the same bytes. */
export class BlockWriter {
  readonly #hash: Hash = createHash('sha256');
  readonly #done: Buffer[] = [];
  #open: string[] = [];
  #openBytes = 0;
  #lines = 0;
  #bytes = 0;

  add(line: string): void {
    this.#open.push(line);
    this.#openBytes += Buffer.byteLength(line) + 1;
    this.#lines += 1;
    if (this.#openBytes >= BLOCK) this.#close();
  }

  end(): Blocks {
    this.#close();
    return { data: Buffer.concat(this.#done), lines: this.#lines, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  #close(): void {
    if (this.#open.length === 0) return;
    const raw = Buffer.from(`${this.#open.join('\n')}\n`);
    this.#open = [];
    this.#openBytes = 0;
    this.#bytes += raw.length;
    this.#hash.update(raw);
    const compressed = deflateRawSync(raw, { level: 6 });
    const head = Buffer.alloc(HEAD);
    head.writeUInt32LE(compressed.length, 0);
    head.writeUInt32LE(raw.length, 4);
    this.#done.push(head, compressed);
  }
}

/** The lines, each as its bytes without the line end. They are good until the next one is asked for. */
export function* linesOf({ data, lines, bytes, sha256 }: Blocks, { hashed }: { hashed: boolean }): Generator<Buffer> {
  const hash = hashed ? createHash('sha256') : undefined;
  let seen = 0;
  let left = bytes;
  for (let at = 0; at < data.length;) {
    const { raw, next } = blockAt(data, at, left);
    hash?.update(raw);
    left -= raw.length;
    at = next;
    for (let start = 0; start < raw.length;) {
      const end = raw.indexOf(10, start);
      if (end < 0) throw damaged('a block ends inside of a line');
      seen += 1;
      yield raw.subarray(start, end);
      start = end + 1;
    }
  }
  const isOther = hash !== undefined && hash.digest('hex') !== sha256;
  if (seen !== lines || left !== 0 || isOther) throw damaged('the objects are not those that its table names');
}

function blockAt(data: Buffer, at: number, most: number): { raw: Buffer; next: number } {
  if (at + HEAD > data.length) throw damaged('a block is cut off');
  const start = at + HEAD;
  const next = start + data.readUInt32LE(at);
  const size = data.readUInt32LE(at + 4);
  if (next > data.length || size === 0 || size > most || size > LARGEST_BLOCK) throw damaged('a block has an impossible length');
  let raw: Buffer;
  try {
    // Never more than was declared, whatever the stream would give.
    raw = inflateRawSync(data.subarray(start, next), { maxOutputLength: size, chunkSize: Math.max(size, 64) });
  } catch (error) {
    throw damaged('a block cannot be decompressed', error);
  }
  if (raw.length !== size) throw damaged('a block is shorter than it says');
  return { raw, next };
}

export function damaged(what: string, cause?: unknown): CastellanError {
  return new CastellanError('CAS_SNAPSHOT_DAMAGED', `the snapshot is damaged: ${what}`, { cause });
}
