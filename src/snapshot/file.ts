/**
 * A snapshot as one file. The first line says what it is and in which version of the format; the second holds the
 * SHA-256 of all that follows it, and the lengths of the header and of the whole file; the third is the header as JSON.
 * Then the segments follow one another. Of an unchanged cluster all but the first three lines stay the same.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { AtomicFile } from '../lib/atomic-file.ts';
import { CastellanError } from '../lib/errors.ts';
import { unwritable } from '../lib/sink.ts';
import { damaged } from './blocks.ts';
import { type Place, headerText, parseHeader } from './file-header.ts';
import { type Segment, inOrder } from './segment.ts';
import type { Gap, SnapshotHeader } from './snapshot.ts';

export interface SnapshotParts {
  header: SnapshotHeader;
  gaps: Gap[];
  segments: Segment[];
}

/** How every snapshot file begins, whatever its version. */
export const MAGIC = 'castellan snapshot ';
const VERSION = 1;
/** The first two lines are shorter than this. */
const PREFACE = 256;
/** Of a cluster with 60,000 pods it takes some tens of megabytes. */
const LARGEST_FILE = 1 << 30;
const LARGEST_HEADER = 64 << 20;
/** What all segments together may grow to. The pods of 20,000 workloads are half a gigabyte. */
const LARGEST_RAW = 8 * 2 ** 30;

/** Replaces the file in one step. Only its owner may read it: it holds all that is known of a cluster but its secrets. */
export function writeSnapshotFile(path: string, parts: SnapshotParts): void {
  const segments = inOrder(parts.segments);
  const header = Buffer.from(`${headerText({ ...parts, segments: placesOf(segments) })}\n`);
  const hash = createHash('sha256').update(header);
  for (const { data } of segments) hash.update(data);
  const content = header.length + segments.reduce((sum, { data }) => sum + data.length, 0);
  const first = `${MAGIC}${VERSION}\n`;
  let file: AtomicFile | undefined;
  try {
    file = new AtomicFile(path, 0o600);
    file.write(Buffer.from(`${first}${preface(hash.digest('hex'), header.length, content)}`));
    file.write(header);
    for (const { data } of segments) file.write(data);
    file.close();
    file.place();
  } catch (error) {
    file?.abandon();
    throw unwritable(path, error);
  }
}

/** Whether the file begins as a snapshot. What is no plain file is not touched: reading a pipe would empty it. */
export function looksLikeSnapshot(path: string): boolean {
  let descriptor: number | undefined;
  try {
    if (path === '-' || !statSync(path).isFile()) return false;
    descriptor = openSync(path, 'r');
    return read(descriptor, 0, MAGIC.length).toString('latin1') === MAGIC;
  } catch {
    // Whoever reads it says why it cannot be read.
    return false;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Everything that was written, or an error: a file of which a single bit differs is refused. */
export function readSnapshotFile(path: string): SnapshotParts {
  const descriptor = opened(path);
  try {
    return new FileReader(path, descriptor).parts();
  } catch (error) {
    if (error instanceof CastellanError) throw new CastellanError(error.code, `${path}: ${error.message}`, { cause: error });
    throw unreadable(path, error);
  } finally {
    closeSync(descriptor);
  }
}

class FileReader {
  readonly #path: string;
  readonly #descriptor: number;

  constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  parts(): SnapshotParts {
    const size = fstatSync(this.#descriptor).size;
    const { checksum, start, headerLength } = this.#preface(size);
    const headerBytes = this.#bytes(start, headerLength);
    // Read once: what was compared is what is used.
    const content = this.#bytes(start + headerLength, size - start - headerLength);
    if (createHash('sha256').update(headerBytes).update(content).digest('hex') !== checksum) throw damaged('its checksum does not hold');
    const { header, gaps, segments } = parseHeader(headerBytes.toString('utf8'));
    checkPlaces(segments, content.length);
    return {
      header,
      gaps,
      segments: segments.map(({ offset, length, ...segment }) => ({ ...segment, data: content.subarray(offset, offset + length) })),
    };
  }

  #preface(size: number): { checksum: string; start: number; headerLength: number } {
    const text = read(this.#descriptor, 0, Math.min(size, PREFACE)).toString('latin1');
    if (!text.startsWith(MAGIC)) throw new CastellanError('CAS_NOT_SNAPSHOT', 'it is no snapshot');
    const version = /^([1-9]\d{0,8})\n/.exec(text.slice(MAGIC.length))?.[1];
    if (version === undefined) throw damaged('its first line is not whole');
    if (Number(version) > VERSION)
      throw new CastellanError('CAS_SNAPSHOT_NEWER', `it is written in version ${version} of the format; this Castellan reads ${VERSION}`);
    const [second, checksum = '', header = '', content = ''] =
      /^([0-9a-f]{64}) ([1-9]\d{0,14}) ([1-9]\d{0,14})\n/.exec(text.slice(MAGIC.length + version.length + 1)) ?? [];
    if (second === undefined) throw damaged('its second line is not whole');
    const start = MAGIC.length + version.length + 1 + second.length;
    const headerLength = Number(header);
    if (start + Number(content) !== size) throw damaged(`it has ${size} bytes and should have ${start + Number(content)}`);
    if (size > LARGEST_FILE || headerLength > LARGEST_HEADER) throw tooLarge(size);
    if (headerLength > size - start) throw damaged('its header is longer than the file');
    return { checksum, start, headerLength };
  }

  #bytes(at: number, length: number): Buffer {
    const bytes = read(this.#descriptor, at, length);
    if (bytes.length < length) throw damaged(`${this.#path} changed while it was read`);
    return bytes;
  }
}

/** Segments stand one behind the other without holes, so that every byte of the file belongs to one of them. */
function checkPlaces(segments: readonly Place[], length: number): void {
  let end = 0;
  let raw = 0;
  for (const segment of segments) {
    if (segment.offset !== end) throw damaged('its segments are not in their places');
    end += segment.length;
    raw += segment.bytes;
  }
  if (end !== length) throw damaged('its segments are not in their places');
  if (raw > LARGEST_RAW) throw tooLarge(raw);
}

function placesOf(segments: readonly Segment[]): Place[] {
  let offset = 0;
  return segments.map(({ data, ...segment }) => {
    const place = { ...segment, offset, length: data.length };
    offset += data.length;
    return place;
  });
}

function preface(checksum: string, header: number, content: number): string {
  return `${checksum} ${header} ${content}\n`;
}

function read(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(descriptor, bytes, filled, length - filled, at + filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): CastellanError {
  const { code = 'error' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new CastellanError('CAS_NOT_FOUND', `there is no file "${path}"`, { cause: error });
  return new CastellanError('CAS_UNREADABLE', `${path} could not be read (${code})`, { cause: error });
}

function tooLarge(bytes: number): CastellanError {
  return new CastellanError('CAS_SNAPSHOT_TOO_LARGE', `it takes ${bytes} bytes, more than any cluster that can be judged here`);
}
