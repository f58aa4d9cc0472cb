/** Where the node of an event begins in the text: the offset that the parser gives, mended where it gives none or another. */
import type { EventList } from './yaml-events.ts';
import { EVENT_ID, type Event, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';

export interface Source {
  readonly text: string;
  readonly events: EventList;
}

/** Where a node's own text begins, after anchor and tag. */
export function offsetOf(source: Source, mark: number): number {
  const event = source.events.at(mark);
  switch (event?.type) {
    case EVENT_ID.SCALAR:
      return scalarOffset(source, event, mark);
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.MAPPING: {
      // A block mapping begins with its first key, whose anchor or tag the parser counts to the mapping.
      const first = source.text.charAt(event.start);
      return first === '&' || first === '!' ? offsetOf(source, mark + 1) : event.start;
    }
    case EVENT_ID.SEQUENCE:
      return event.start;
    default:
      return 0;
  }
}

function scalarOffset(source: Source, event: ScalarEvent, mark: number): number {
  const properties = Math.max(event.anchorEnd, event.tagEnd);
  if (event.valueStart < 0) return properties >= 0 ? properties : emptyOffset(source, mark);
  switch (event.style) {
    case SCALAR_STYLE.PLAIN:
      return event.valueStart;
    case SCALAR_STYLE.LITERAL_BLOCK:
    case SCALAR_STYLE.FOLDED_BLOCK:
      return blockHeader(source.text, event.valueStart, properties);
    default:
      return event.valueStart - 1;
  }
}

/** A null of which nothing is written but the dash: the parser gives no offset for it. */
function emptyOffset(source: Source, mark: number): number {
  let before = mark - 1;
  while (isBare(source.events.at(before))) before -= 1;
  const sequence = openBefore(source, mark);
  const event = source.events.at(sequence);
  if (event?.type !== EVENT_ID.SEQUENCE) return 0;
  const column = event.start - lineStart(source.text, event.start);
  let dash = before === sequence ? event.start : nextDash(source.text, endBefore(source, before), column);
  for (let skip = mark - before - 1; skip > 0; skip -= 1) dash = nextDash(source.text, dash, column);
  let offset = dash + 1;
  while (isBlank(source.text.charCodeAt(offset))) offset += 1;
  return offset;
}

/** The innermost collection that an event stands in. */
function openBefore(source: Source, mark: number): number {
  let depth = 0;
  for (let index = mark - 1; index >= 0; index -= 1) {
    const type = source.events.at(index)?.type;
    if (type === EVENT_ID.POP) depth += 1;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS && (depth -= 1) < 0) return index;
  }
  return -1;
}

/** An offset at or behind the last thing that is written before an event. */
function endBefore(source: Source, index: number): number {
  for (let at = index; at >= 0; at -= 1) {
    const event = source.events.at(at);
    if (event?.type === EVENT_ID.ALIAS) return event.anchorEnd;
    if (event?.type === EVENT_ID.SCALAR) {
      const end = Math.max(event.valueEnd, event.anchorEnd, event.tagEnd);
      // A block scalar's text includes its last line break.
      if (end >= 0) return source.text.charCodeAt(end - 1) === 10 ? end - 1 : end;
    } else if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
  }
  return 0;
}

/** A scalar of which nothing is written: no text, no anchor, no tag. */
export function isBare(event: Event | undefined): boolean {
  return event?.type === EVENT_ID.SCALAR && event.valueStart < 0 && event.anchorStart < 0 && event.tagStart < 0;
}

/** The `|` or `>` of a block scalar, on the line before its content; anchor and tag may stand before it. */
function blockHeader(text: string, content: number, properties: number): number {
  // At the end of a text without a last line break, an empty scalar's content begins on the line of the header.
  const end = text.charCodeAt(content - 1) === 10 ? content - 1 : content;
  let at = Math.max(lineStart(text, end), properties);
  while (at < end && text[at] !== '|' && text[at] !== '>') at += 1;
  return at;
}

/** The dash at a column on the lines after an offset, with nothing but blanks before it. */
function nextDash(text: string, from: number, column: number): number {
  for (let newline = text.indexOf('\n', from); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
    const dash = newline + 1 + column;
    if (text[dash] === '-' && text.slice(newline + 1, dash).trim() === '') return dash;
  }
  return from;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
