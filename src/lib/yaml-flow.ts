/** Sequences and mappings in brackets, as manifests have them: `["sh", "-c"]`, `{app: web}`, also over several lines. */
import { CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { type Cursor, endsIndicator, giveUp } from './yaml-cursor.ts';
import { scalarHead } from './yaml-events.ts';
import { readQuoted, startsPlain } from './yaml-scalars.ts';
import { plainValue } from './yaml-schema.ts';

const PLAIN = scalarHead(SCALAR_STYLE.PLAIN, true, CHOMPING_MODE.CLIP, -1);
/** A scalar behind which a line break stands counts as one of several lines. */
const PLAIN_LINES = scalarHead(SCALAR_STYLE.PLAIN, false, CHOMPING_MODE.CLIP, -1);
const DEEPEST = 20;

/** What begins with a bracket; lines after the first have to be indented so far. */
export function readFlow(cursor: Cursor, indent: number, depth = 0): unknown {
  if (depth > DEEPEST) giveUp();
  return cursor.code === 91 ? readList(cursor, indent, depth) : readMap(cursor, indent, depth);
}

function readList(cursor: Cursor, indent: number, depth: number): unknown[] {
  const list: unknown[] = [];
  cursor.open(EVENT_ID.SEQUENCE, COLLECTION_STYLE.FLOW, cursor.at);
  cursor.at += 1;
  while (skipInside(cursor, indent) !== 93) {
    list.push(readItem(cursor, indent, depth));
    endItem(cursor, indent, 93);
  }
  cursor.at += 1;
  cursor.close();
  return list;
}

function readMap(cursor: Cursor, indent: number, depth: number): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  cursor.open(EVENT_ID.MAPPING, COLLECTION_STYLE.FLOW, cursor.at);
  cursor.at += 1;
  for (let code = skipInside(cursor, indent); code !== 125; code = skipInside(cursor, indent)) {
    const key = code === 91 || code === 123 ? giveUp() : readItem(cursor, indent, depth);
    if (typeof key !== 'string' || key === '<<' || key === '__proto__') giveUp();
    const start = cursor.keyStart;
    const value = readEntryValue(cursor, indent, depth);
    cursor.noteKey(map, key, start);
    map[key] = value;
    endItem(cursor, indent, 125);
  }
  cursor.at += 1;
  cursor.close();
  return map;
}

function readEntryValue(cursor: Cursor, indent: number, depth: number): unknown {
  if (skipInside(cursor, indent) !== 58) return cursor.empty();
  cursor.at += 1;
  const code = skipInside(cursor, indent);
  return code === 44 || code === 125 ? cursor.empty() : readItem(cursor, indent, depth);
}

/** Goes over the comma behind an item; behind the last one there may be none. */
function endItem(cursor: Cursor, indent: number, closing: number): void {
  const code = skipInside(cursor, indent);
  if (code === 44) cursor.at += 1;
  else if (code !== closing) giveUp();
}

function readItem(cursor: Cursor, indent: number, depth: number): unknown {
  switch (cursor.code) {
    case 34:
    case 39:
      return readQuoted(cursor, indent);
    case 91:
    case 123:
      return readFlow(cursor, indent, depth + 1);
    default:
      return readPlain(cursor, indent);
  }
}

function readPlain(cursor: Cursor, indent: number): unknown {
  const { input, at: start } = cursor;
  if (!startsPlain(input, start)) giveUp();
  let at = start;
  let end = start;
  let code = input.charCodeAt(at);
  for (; code !== 10 && code !== 0 && !isBracketOrComma(code); code = input.charCodeAt(at)) {
    if (code === 58 && endsKey(input.charCodeAt(at + 1))) break;
    if (code === 35 && at > end) break;
    at += 1;
    if (code !== 32 && code !== 9 && code !== 13) end = at;
  }
  cursor.at = at;
  if (end === start) giveUp();
  cursor.scalar(code === 10 && endsInside(cursor, indent) ? PLAIN_LINES : PLAIN, start, end);
  return plainValue(cursor.text.slice(start, end));
}

/** Behind a line break a scalar without quotes must be over: one that goes on is left to the general parser. */
function endsInside(cursor: Cursor, indent: number): boolean {
  const code = cursor.skipBreaks();
  if (code !== 35 && code !== 44 && code !== 93 && code !== 125) giveUp();
  return cursor.indent >= indent;
}

/** A closing bracket may stand below what the brackets belong to: kubectl reads it so, though the general parser does not. */
function skipInside(cursor: Cursor, indent: number): number {
  const below = cursor.skip();
  const { code } = cursor;
  if (below && cursor.indent < indent && (cursor.indent < indent - 1 || (code !== 93 && code !== 125))) giveUp();
  return code;
}

function endsKey(code: number): boolean {
  return endsIndicator(code) || isBracketOrComma(code);
}

function isBracketOrComma(code: number): boolean {
  return code === 44 || code === 91 || code === 93 || code === 123 || code === 125;
}
