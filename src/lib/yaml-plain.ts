/**
 * Reads the YAML that nearly all manifests are written in: mappings and sequences in blocks, scalars of every style,
 * simple brackets. It gives the value at once, and the events that the general parser would have made, for positions.
 * For anything else (anchors, tags, merge keys, tabs, odd characters, whatever is wrong) it gives nothing: then the
 * general parser decides. It exists because a command that runs for a fraction of a second runs cold: a parser of few
 * functions is compiled when a large one is still interpreted.
 */
import { COLLECTION_STYLE, EVENT_ID } from 'js-yaml';
import { readBlock } from './yaml-block.ts';
import { Cursor, endsIndicator, giveUp, isGivingUp, isMarker } from './yaml-cursor.ts';
import type { PackedEvents } from './yaml-events.ts';
import { readFlow } from './yaml-flow.ts';
import { readKey, readPlain, readQuoted } from './yaml-scalars.ts';

export interface PlainDocument {
  value: unknown;
  events: PackedEvents;
  /** Where the first key begins that stands twice in its mapping; -1 where none does. */
  twice: number;
}

/** A carriage return by itself, and anything but line breaks, tabs and characters that the general parser takes in every scalar. */
const ODD = /\r(?!\n)|[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
const DEEPEST = 40;

/** The only document of a text; undefined where it is not plain. */
export function readPlainDocument(text: string): PlainDocument | undefined {
  if (ODD.test(text)) return undefined;
  const cursor = new Cursor(text);
  try {
    const value = readRoot(cursor);
    return { value, events: cursor.events(), twice: cursor.twice };
  } catch (error) {
    if (isGivingUp(error)) return undefined;
    throw error;
  }
}

function readRoot(cursor: Cursor): unknown {
  cursor.skipAll();
  if (isMarker(cursor.input, cursor.at)) {
    if (cursor.at !== cursor.lineStart || cursor.code === 46) giveUp();
    cursor.at += 3;
    // Content on the line of the marker has rules of its own.
    if (!cursor.skip() && cursor.code !== 0) giveUp();
  } else if (cursor.code === 0) return undefined;
  cursor.beginDocument();
  const value = cursor.code === 0 ? cursor.empty() : readBlockNode(cursor, cursor.indent - 1, 0);
  cursor.skip();
  if (cursor.code !== 0 || typeof value !== 'object') giveUp();
  cursor.endDocument();
  return value;
}

/** What stands at the beginning of its line, or behind a dash. `parent` is the column of what it belongs to. */
function readBlockNode(cursor: Cursor, parent: number, depth: number): unknown {
  if (depth > DEEPEST) giveUp();
  const column = cursor.at - cursor.lineStart;
  if (isDash(cursor)) return readSequence(cursor, column, depth);
  cursor.open(EVENT_ID.MAPPING, COLLECTION_STYLE.BLOCK, cursor.at);
  const key = readKey(cursor);
  if (key !== undefined) return readMapping(cursor, { key, column, depth });
  cursor.takeBack();
  return readInline(cursor, parent + 1);
}

/** From behind the first key on: `column` is where each key has to stand. */
function readMapping(cursor: Cursor, { key: first, column, depth }: { key: string; column: number; depth: number }): unknown {
  const mapping: Record<string, unknown> = {};
  for (let key: string | undefined = first; ; key = readKey(cursor)) {
    if (key === undefined || key === '<<' || key === '__proto__') giveUp();
    const line = cursor.lineStart;
    const start = cursor.keyStart;
    cursor.at += 1;
    const value = readEntryValue(cursor, column, depth);
    cursor.noteKey(mapping, key, start);
    mapping[key] = value;
    cursor.skip();
    if (cursor.code === 0) break;
    if (cursor.lineStart === line || cursor.indent > column) giveUp();
    if (cursor.indent < column) break;
  }
  cursor.close();
  return mapping;
}

function readEntryValue(cursor: Cursor, column: number, depth: number): unknown {
  const below = cursor.skip();
  if (cursor.code === 0) return cursor.empty();
  if (!below) return readInline(cursor, column + 1);
  if (cursor.indent > column) return readBlockNode(cursor, column, depth + 1);
  return cursor.indent === column && isDash(cursor) ? readSequence(cursor, column, depth + 1) : cursor.empty();
}

function readSequence(cursor: Cursor, column: number, depth: number): unknown[] {
  const sequence: unknown[] = [];
  cursor.open(EVENT_ID.SEQUENCE, COLLECTION_STYLE.BLOCK, cursor.at);
  do {
    const line = cursor.lineStart;
    cursor.at += 1;
    const below = cursor.skip();
    const empty = cursor.code === 0 || (below && cursor.indent <= column);
    sequence.push(empty ? cursor.empty() : readBlockNode(cursor, column, depth + 1));
    cursor.skip();
    if (cursor.code === 0 || cursor.indent < column) break;
    if (cursor.lineStart === line || cursor.indent > column) giveUp();
  } while (isDash(cursor));
  cursor.close();
  return sequence;
}

/** What needs no lines of its own, though it may go over several. */
function readInline(cursor: Cursor, indent: number): unknown {
  switch (cursor.code) {
    case 34: // "
    case 39: // '
      return readQuoted(cursor, indent);
    case 91: // [
    case 123: // {
      return readFlow(cursor, indent);
    case 124: // |
    case 62: // >
      return readBlock(cursor, indent);
    default:
      return readPlain(cursor, indent);
  }
}

function isDash({ input, at }: Cursor): boolean {
  return input.charCodeAt(at) === 45 && endsIndicator(input.charCodeAt(at + 1));
}
