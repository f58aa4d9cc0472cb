/** Literal and folded blocks (`|` and `>`) of plain YAML. */
import { CHOMPING_MODE, SCALAR_STYLE } from 'js-yaml';
import { type Cursor, giveUp } from './yaml-cursor.ts';
import { MOST_INDENT, scalarHead } from './yaml-events.ts';
import { valueOf } from './yaml-scalars.ts';

const { CLIP, KEEP, STRIP } = CHOMPING_MODE;

/** A block whose lines are indented by `least` or more. */
export function readBlock(cursor: Cursor, least: number): string {
  const style = cursor.code === 124 ? SCALAR_STYLE.LITERAL_BLOCK : SCALAR_STYLE.FOLDED_BLOCK;
  let chomping: (typeof CHOMPING_MODE)[keyof typeof CHOMPING_MODE] = CLIP;
  let indent = -1;
  for (;;) {
    cursor.at += 1;
    const { code } = cursor;
    if ((code === 43 || code === 45) && chomping === CLIP) chomping = code === 43 ? KEEP : STRIP;
    else if (code >= 49 && code <= 57 && indent < 0) indent = least + code - 49;
    else break;
  }
  endHeader(cursor);
  const start = cursor.at;
  if (indent < 0) indent = indentOf(cursor.input, start, least);
  if (indent > MOST_INDENT) giveUp();
  const end = endOf(cursor, indent);
  cursor.scalar(scalarHead(style, false, chomping, indent), start, end);
  return valueOf(cursor.text, style, start, end, chomping, indent);
}

/** To the line after the header; a comment may stand behind it. */
function endHeader(cursor: Cursor): void {
  const { input, at } = cursor;
  while (cursor.code === 32 || cursor.code === 13) cursor.at += 1;
  const newline = input.indexOf('\n', cursor.at);
  const end = newline < 0 ? input.length - 1 : newline;
  if (cursor.at < end && (cursor.code !== 35 || cursor.at === at)) giveUp();
  cursor.at = newline < 0 ? end : newline + 1;
}

/** How far the first line with anything on it is indented; -1 where the block has none. */
function indentOf(input: string, start: number, least: number): number {
  let most = 0;
  for (let line = start; ;) {
    const text = afterBlanks(input, line);
    const code = input.charCodeAt(text);
    const column = text - line;
    if (code === 10 || code === 13) {
      if (column > most) most = column;
      line = text + (code === 10 ? 1 : 2);
    } else if (code === 0 || column < least) return -1;
    else return column < most ? giveUp() : column;
  }
}

/** Goes to the first thing behind the block, and gives where its text ends. */
function endOf(cursor: Cursor, indent: number): number {
  const { input } = cursor;
  let line = cursor.at;
  for (;;) {
    const text = afterBlanks(input, line);
    const code = input.charCodeAt(text);
    const column = text - line;
    if (code === 0 || (code !== 10 && code !== 13 && (indent < 0 || column < indent))) {
      cursor.lineStart = line;
      cursor.at = code === 0 ? line : text;
      cursor.indent = code === 0 ? 0 : column;
      // Blanks at the end of the text belong to it where they reach further than its lines begin.
      return code === 0 && column > Math.max(indent, 0) ? text : line;
    }
    const newline = input.indexOf('\n', text);
    if (newline < 0) {
      cursor.lineStart = line;
      cursor.indent = 0;
      cursor.at = input.length - 1;
      return cursor.at;
    }
    line = newline + 1;
  }
}

function afterBlanks(input: string, from: number): number {
  let at = from;
  while (input.charCodeAt(at) === 32) at += 1;
  return at;
}
