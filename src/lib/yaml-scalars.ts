/** Scalars of plain YAML: in quotes and without. Each is noted as an event and given as a value. */
import { CHOMPING_MODE, EVENT_ID, SCALAR_STYLE, getScalarValue } from 'js-yaml';
import { asKey } from './field-path.ts';
import { type Cursor, endsIndicator, giveUp } from './yaml-cursor.ts';
import { scalarHead } from './yaml-events.ts';
import { plainValue } from './yaml-schema.ts';

const { CLIP } = CHOMPING_MODE;
type Style = (typeof SCALAR_STYLE)[keyof typeof SCALAR_STYLE];
type Chomping = (typeof CHOMPING_MODE)[keyof typeof CHOMPING_MODE];

const PLAIN = scalarHead(SCALAR_STYLE.PLAIN, true, CLIP, -1);
const PLAIN_LINES = scalarHead(SCALAR_STYLE.PLAIN, false, CLIP, -1);
const QUOTED = scalarHead(SCALAR_STYLE.DOUBLE_QUOTED, true, CLIP, -1);
const ESCAPED = scalarHead(SCALAR_STYLE.DOUBLE_QUOTED, false, CLIP, -1);
const SINGLE = scalarHead(SCALAR_STYLE.SINGLE_QUOTED, true, CLIP, -1);
const SINGLE_LINES = scalarHead(SCALAR_STYLE.SINGLE_QUOTED, false, CLIP, -1);

/** The key of an entry; undefined, with nothing noted, where none stands. The place is then that of its colon. */
export function readKey(cursor: Cursor): string | undefined {
  const { input, at: start, code } = cursor;
  if (code === 34 || code === 39) {
    if (!isKeyInQuotes(input, start, code)) return undefined;
    const key = readQuoted(cursor, 0);
    while (cursor.code === 32) cursor.at += 1;
    return key;
  }
  if (!startsPlain(input, start)) return undefined;
  const end = plainEnd(cursor);
  if (cursor.code !== 58 || end === start) {
    cursor.at = start;
    return undefined;
  }
  cursor.scalar(PLAIN, start, end);
  return keyBetween(cursor, start, end);
}

/**
 * The same few hundred keys come in every document: one string for each need not be cut and looked up each time. Two
 * that fall on the same place are kept next to each other, the one that came last in front.
 */
const KNOWN_KEYS = Array.from<string>({ length: 2048 }).fill('');

function keyBetween({ input, text }: Cursor, start: number, end: number): string {
  const length = end - start;
  const spread = length * 67 + input.charCodeAt(start) * 29 + input.charCodeAt(start + (length >> 1)) * 7 + input.charCodeAt(end - 1);
  const place = (spread & ((KNOWN_KEYS.length >> 1) - 1)) << 1;
  const known = KNOWN_KEYS[place] ?? '';
  if (known.length === length && input.startsWith(known, start)) return known;
  const other = KNOWN_KEYS[place + 1] ?? '';
  KNOWN_KEYS[place + 1] = known;
  if (other.length === length && input.startsWith(other, start)) return (KNOWN_KEYS[place] = other);
  const key = plainValue(text.slice(start, end));
  return typeof key === 'string' ? (KNOWN_KEYS[place] = asKey(key)) : giveUp();
}

function isKeyInQuotes(input: string, start: number, quote: number): boolean {
  let at = start + 1;
  for (let code = input.charCodeAt(at); code !== quote; code = input.charCodeAt((at += 1))) {
    // What is escaped cannot end the key; a line break and the end of the text do, escaped or not.
    if (code === 92 && quote === 34) code = input.charCodeAt((at += 1));
    if (code === 10 || code === 0) return false;
  }
  at += 1;
  while (input.charCodeAt(at) === 32) at += 1;
  return input.charCodeAt(at) === 58 && endsIndicator(input.charCodeAt(at + 1));
}

/** A text in quotes; lines after its first have to be indented so far. */
export function readQuoted(cursor: Cursor, indent: number): string {
  return cursor.code === 34 ? readDouble(cursor, indent) : readSingle(cursor, indent);
}

function readDouble(cursor: Cursor, indent: number): string {
  const { input } = cursor;
  const start = cursor.at + 1;
  let at = start;
  let simple = true;
  for (let code = input.charCodeAt(at); code !== 34; code = input.charCodeAt(at)) {
    if (code === 92) {
      simple = false;
      at = afterEscape(input, at + 1);
    } else if (code === 10) {
      simple = false;
      at = nextLine(cursor, at, indent);
    } else if (code === 0) giveUp();
    else at += 1;
  }
  cursor.at = at + 1;
  cursor.scalar(simple ? QUOTED : ESCAPED, start, at);
  return simple ? cursor.text.slice(start, at) : valueOf(cursor.text, SCALAR_STYLE.DOUBLE_QUOTED, start, at);
}

/** A line break that is escaped is met as a line break. */
function afterEscape(input: string, at: number): number {
  const code = input.charCodeAt(at);
  if (code === 10 || code === 13) return at;
  if (SIMPLE_ESCAPES.includes(input.charAt(at))) return at + 1;
  const digits = code === 120 ? 2 : code === 117 ? 4 : code === 85 ? 8 : giveUp();
  return /^[\da-fA-F]+$/.test(input.slice(at + 1, at + 1 + digits)) ? at + 1 + digits : giveUp();
}
const SIMPLE_ESCAPES = '0abt\tnvfre "/\\N_LP';

function readSingle(cursor: Cursor, indent: number): string {
  const { input } = cursor;
  const start = cursor.at + 1;
  let at = start;
  let simple = true;
  for (;;) {
    const code = input.charCodeAt(at);
    if (code === 39) {
      if (input.charCodeAt(at + 1) !== 39) break;
      simple = false;
      at += 2;
    } else if (code === 10) {
      simple = false;
      at = nextLine(cursor, at, indent);
    } else if (code === 0) giveUp();
    else at += 1;
  }
  cursor.at = at + 1;
  cursor.scalar(simple ? SINGLE : SINGLE_LINES, start, at);
  return simple ? cursor.text.slice(start, at) : valueOf(cursor.text, SCALAR_STYLE.SINGLE_QUOTED, start, at);
}

function nextLine(cursor: Cursor, at: number, indent: number): number {
  cursor.at = at;
  cursor.skipBreaks();
  return cursor.indent < indent ? giveUp() : cursor.at;
}

/** Whether a scalar without quotes may begin here; some that may, but nobody writes, are told no. */
export function startsPlain(input: string, at: number): boolean {
  const code = input.charCodeAt(at);
  // Letters and digits.
  if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)) return true;
  switch (code) {
    case 45: // -
      return !endsIndicator(input.charCodeAt(at + 1));
    case 36: // $
    case 40: // (
    case 43: // +
    case 46: // .
    case 47: // /
    case 60: // <
    case 61: // =
    case 92: // \
    case 94: // ^
    case 95: // _
    case 126: // ~
      return true;
    default:
      return code > 160;
  }
}

/** Goes to the end of a scalar without quotes on this line, and gives where its text ends. */
function plainEnd(cursor: Cursor): number {
  const { input } = cursor;
  let { at } = cursor;
  let end = at;
  for (let code = input.charCodeAt(at); code !== 10 && code !== 0; code = input.charCodeAt(at)) {
    if (code === 58 && endsIndicator(input.charCodeAt(at + 1))) break;
    if (code === 35 && at > end) break;
    at += 1;
    if (code !== 32 && code !== 9 && code !== 13) end = at;
  }
  cursor.at = at;
  return end;
}

/** A scalar without quotes outside of brackets; it goes on with every line that is indented so far. */
export function readPlain(cursor: Cursor, indent: number): unknown {
  const start = cursor.at;
  if (!startsPlain(cursor.input, start)) giveUp();
  let end = plainEnd(cursor);
  let several = false;
  while (cursor.code === 10) {
    const code = cursor.skipBreaks();
    if (cursor.indent < indent) break;
    several = true;
    if (code === 35 || code === 0) break;
    end = plainEnd(cursor);
  }
  if (cursor.code === 58 && !several) giveUp();
  cursor.scalar(several ? PLAIN_LINES : PLAIN, start, end);
  return several ? plainValue(valueOf(cursor.text, SCALAR_STYLE.PLAIN, start, end)) : plainValue(cursor.text.slice(start, end));
}

/** The value of a scalar that is not simply a piece of the text. */
// oxlint-disable-next-line max-params -- an object for its arguments would only be taken apart again
export function valueOf(text: string, style: Style, valueStart: number, valueEnd: number, chomping: Chomping = CLIP, indent = -1): string {
  return getScalarValue(text, {
    type: EVENT_ID.SCALAR,
    valueStart,
    valueEnd,
    anchorStart: -1,
    anchorEnd: -1,
    tagStart: -1,
    tagEnd: -1,
    style,
    chomping,
    indent,
    fast: false,
  });
}
