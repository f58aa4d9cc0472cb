/** Bytes of a file → the texts of its documents, without ever holding more of a large file than it takes. */
import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { MAGIC } from '../../snapshot/index.ts';

interface TextLimits {
  /** Characters; longer documents are refused: parsing one takes about twenty times its size. */
  longest: number;
  /** Bytes that are read before they are split. */
  chunk: number;
}

const LIMITS: TextLimits = { longest: 64 * 1024 * 1024, chunk: 4 * 1024 * 1024 };
/** Shared by all reads: most files fit, and their bytes are decoded before the next read. */
const FIRST_PIECE = Buffer.allocUnsafeSlow(64 * 1024);
const NEXT_PIECE = 1024 * 1024;

export interface DocumentText {
  text: string;
  /** Line of the file, from 1, on which the text begins. */
  line: number;
  /** Of a file that the user named, which is meant to be read: what cannot be parsed is told, whatever it seems to be. */
  named?: boolean;
}

export type Problem = { problem: 'binary' | 'snapshot' | 'too-large' | 'encoding'; line: number };

/**
 * The documents of a file, split where YAML splits them. Reads in pieces, so that the size of a file is no limit. Of a
 * `regular` file less than was asked for is the end, of a pipe it is not: nearly every file is then read in one piece.
 */
export function* documentsOf(path: string, limits: TextLimits = LIMITS, regular = false): Generator<DocumentText | Problem> {
  const descriptor = path === '-' ? 0 : openSync(path, 'r');
  try {
    const decoder = new Decoder();
    let rest = '';
    let line = 1;
    let skipping = false;
    for (;;) {
      const bytes = readChunk(descriptor, limits.chunk);
      const last = bytes.length === 0 || (regular && bytes.length < limits.chunk);
      if (line === 1 && rest === '' && isSnapshot(bytes)) {
        yield { problem: 'snapshot', line };
        return;
      }
      const decoded = decoder.decode(bytes, last);
      if (decoded === undefined) {
        yield { problem: 'binary', line };
        return;
      }
      if (decoder.invalid) {
        decoder.invalid = false;
        yield { problem: 'encoding', line };
      }
      rest += decoded;
      const end = last ? rest.length : lastBoundary(rest);
      for (const document of split(rest.slice(0, end), line)) {
        if (!skipping) yield document.text.length > limits.longest ? { problem: 'too-large', line: document.line } : document;
        skipping = false;
      }
      if (last) return;
      line += countLines(rest, end);
      rest = rest.slice(end);
      if (rest.length > limits.longest) {
        if (!skipping) yield { problem: 'too-large', line };
        skipping = true;
        line += countLines(rest, rest.length);
        rest = '';
      }
    }
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

function isSnapshot(bytes: Buffer): boolean {
  return bytes[0] === MAGIC.charCodeAt(0) && bytes.subarray(0, MAGIC.length).toString('latin1') === MAGIC;
}

/**
 * Splits at lines that begin with `---`: a document marker in YAML wherever it stands, also inside a scalar.
 * `line` is that of the first character.
 */
export function* split(text: string, line: number): Generator<DocumentText> {
  let start = 0;
  let startLine = line;
  for (let at = nextMarker(text, 0); at >= 0; at = nextMarker(text, at + 3)) {
    if (at > start && !isDirectives(text, start, at)) {
      yield { text: text.slice(start, at), line: startLine };
      startLine += countLines(text, at, start);
      start = at;
    }
  }
  if (start < text.length) yield { text: start === 0 ? text : text.slice(start), line: startLine };
}

/** `%YAML 1.2` and the like: they belong to the document that begins at the marker after them. */
function isDirectives(text: string, start: number, end: number): boolean {
  return text.charCodeAt(start) === 37 /* % */ && /^(?:[%#].*\n|[ \t\r]*\n)+$/.test(text.slice(start, end));
}

/** Where the next marker stands, at `from` or later; -1 when there is none. */
function nextMarker(text: string, from: number): number {
  for (let at = candidate(text, from); at >= 0; at = candidate(text, at + 1)) {
    if (endsMarker(text.charCodeAt(at + 3))) return at;
  }
  return -1;
}

function candidate(text: string, from: number): number {
  if (from === 0 && text.startsWith('---')) return 0;
  const newline = text.indexOf('\n---', Math.max(from - 1, 0));
  return newline < 0 ? -1 : newline + 1;
}

/** A marker is followed by white space or by the end of the text, where `charCodeAt` gives NaN. */
function endsMarker(code: number): boolean {
  return Number.isNaN(code) || code === 10 || code === 13 || code === 32 || code === 9;
}

/** The place of the last marker of a piece: what is before it is complete. 0 when there is none. */
function lastBoundary(text: string): number {
  const marker = lastMarker(text);
  return isDirectives(text, 0, marker) ? 0 : marker;
}

function lastMarker(text: string): number {
  // From the front there is nearly always one or none: to look from the end for none takes many times as long.
  if (text.length < 5 || !text.includes('\n---')) return 0;
  for (let newline = text.lastIndexOf('\n---', text.length - 5); newline >= 0; newline = text.lastIndexOf('\n---', newline - 1)) {
    if (endsMarker(text.charCodeAt(newline + 4))) return newline + 1;
    if (newline === 0) break;
  }
  return 0;
}

function countLines(text: string, end: number, start = 0): number {
  let lines = 0;
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** So many bytes, or fewer at the end. The buffer is good until the next call. */
function readChunk(descriptor: number, size: number): Buffer {
  const most = Math.min(FIRST_PIECE.length, size);
  let filled = fill(descriptor, FIRST_PIECE, most);
  const first = FIRST_PIECE.subarray(0, filled);
  if (filled < most || filled === size) return first;
  const parts = [Buffer.from(first)];
  while (filled < size) {
    const piece = Buffer.allocUnsafe(Math.min(NEXT_PIECE, size - filled));
    const read = fill(descriptor, piece, piece.length);
    parts.push(piece.subarray(0, read));
    filled += read;
    if (read < piece.length) break;
  }
  return Buffer.concat(parts);
}

/** Reads until so many bytes are there or nothing is left: a pipe gives a little at a time. */
function fill(descriptor: number, buffer: Buffer, most: number): number {
  let filled = 0;
  while (filled < most) {
    const read = readSome(descriptor, buffer, filled, most - filled);
    filled += read;
    // Nothing is lost where more was to come: what is read next begins with it. Standard input may only be slow.
    if (read === 0 || (filled < most && descriptor !== 0)) break;
  }
  return filled;
}

// oxlint-disable-next-line max-params -- as those of the function that it calls
function readSome(descriptor: number, buffer: Buffer, from: number, length: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, from, length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      // Standard input that is not ready yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

/** UTF-8 with or without a byte-order mark, UTF-16 with one. */
class Decoder {
  /** Bytes that are no UTF-8 were met and replaced. */
  invalid = false;
  #inner: InstanceType<typeof TextDecoder> | undefined;
  #first = true;

  /** Undefined when the bytes are no text. */
  decode(bytes: Buffer, last: boolean): string | undefined {
    const first = this.#first;
    this.#first = false;
    if (first) {
      const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
      if (utf16 !== undefined) this.#inner = new TextDecoder(utf16);
      else if (bytes.subarray(0, 8192).includes(0)) return undefined;
    }
    if (this.#inner === undefined) {
      if (isUtf8(bytes)) return first ? withoutMark(bytes.toString('utf8')) : bytes.toString('utf8');
      // Pieces may end inside a character; only a decoder with a memory can put them together.
      this.#inner = new TextDecoder('utf-8', { ignoreBOM: !first });
    }
    const text = this.#inner.decode(bytes, { stream: !last });
    if (text.includes('\uFFFD')) this.invalid = true;
    return text;
  }
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
