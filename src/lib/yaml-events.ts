/**
 * The events of a plain document in a tenth of the space that the general parser's take, so that those of a whole input
 * can be kept until somebody asks where its fields stand: reading a document twice costs a third more.
 */
import { EVENT_ID, type Event } from 'js-yaml';

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/**
 * One or three numbers an event: a head with type and style, then the offsets of a scalar, or the offset at which a
 * collection begins and the place behind its last event.
 */
export type PackedEvents = Int32Array;

const TYPE_BITS = 3;
const STYLE_BITS = 3;
const TYPE_MASK = (1 << TYPE_BITS) - 1;
const STYLE_MASK = (1 << STYLE_BITS) - 1;
/** Of a scalar: its value is just what is written. Of the document: a key stands twice in its mapping. */
const FAST = 1 << (TYPE_BITS + STYLE_BITS);
const CHOMPING_SHIFT = TYPE_BITS + STYLE_BITS + 1;
const CHOMPING_MASK = 3;
const INDENT_SHIFT = CHOMPING_SHIFT + 2;
export const MOST_INDENT = (1 << (30 - INDENT_SHIFT)) - 1;

/** What is kept of a scalar beside its offsets. */
// oxlint-disable-next-line max-params -- called for every scalar; an object for its arguments would be garbage
export function scalarHead(style: Scalar['style'], fast: boolean, chomping: Scalar['chomping'], indent: number): number {
  return EVENT_ID.SCALAR | (style << TYPE_BITS) | (fast ? FAST : 0) | (chomping << CHOMPING_SHIFT) | ((indent + 1) << INDENT_SHIFT);
}

/** Places are those of heads in the packed numbers. */
export function typeOf(packed: PackedEvents, at: number): number {
  return (packed[at] ?? 0) & TYPE_MASK;
}

export function styleOf(packed: PackedEvents, at: number): number {
  return ((packed[at] ?? 0) >>> TYPE_BITS) & STYLE_MASK;
}

export function isFast(packed: PackedEvents, at: number): boolean {
  return ((packed[at] ?? 0) & FAST) !== 0;
}

/** The place behind a whole node. */
export function afterPacked(packed: PackedEvents, at: number): number {
  return typeOf(packed, at) === EVENT_ID.SCALAR ? at + 3 : (packed[at + 2] ?? 0);
}

export function documentHead(keyTwice: boolean): number {
  return EVENT_ID.DOCUMENT | (keyTwice ? FAST : 0);
}

export function hasKeyTwice(packed: PackedEvents): boolean {
  return isFast(packed, 0);
}

/** Events by index; an array of them is one. Indexes are never negative. */
export interface EventList {
  readonly length: number;
  at(index: number): Event | undefined;
}

/** The events again, each made when somebody looks at it; of a document event only what it is. */
export class UnpackedEvents implements EventList {
  readonly length: number;
  /** For each event that opens something: the index of the event that closes it. */
  readonly closing: Int32Array;
  readonly #packed: PackedEvents;
  /** Where each event begins in the packed numbers. */
  readonly #begins: Int32Array;

  constructor(packed: PackedEvents) {
    const begins = new Int32Array(packed.length);
    const closing = new Int32Array(packed.length);
    const open: number[] = [];
    let length = 0;
    for (let at = 0; at < packed.length; length += 1) {
      begins[length] = at;
      const type = (packed[at] ?? 0) & TYPE_MASK;
      if (type === EVENT_ID.POP) closing[open.pop() ?? 0] = length;
      else if (type !== EVENT_ID.SCALAR) open.push(length);
      at += type === EVENT_ID.DOCUMENT || type === EVENT_ID.POP ? 1 : 3;
    }
    this.length = length;
    this.closing = closing;
    this.#packed = packed;
    this.#begins = begins;
  }

  at(index: number): Event | undefined {
    return index < this.length ? eventAt(this.#packed, this.#begins[index] ?? 0) : undefined;
  }
}

function eventAt(packed: PackedEvents, at: number): Event {
  const head = packed[at] ?? 0;
  const style = (head >>> TYPE_BITS) & STYLE_MASK;
  switch (head & TYPE_MASK) {
    case EVENT_ID.SCALAR:
      return {
        type: EVENT_ID.SCALAR,
        valueStart: packed[at + 1] ?? 0,
        valueEnd: packed[at + 2] ?? 0,
        anchorStart: -1,
        anchorEnd: -1,
        tagStart: -1,
        tagEnd: -1,
        style: style as Scalar['style'],
        chomping: ((head >>> CHOMPING_SHIFT) & CHOMPING_MASK) as Scalar['chomping'],
        indent: (head >>> INDENT_SHIFT) - 1,
        fast: (head & FAST) !== 0,
      };
    case EVENT_ID.MAPPING:
      return collection(EVENT_ID.MAPPING, packed[at + 1] ?? 0, style);
    case EVENT_ID.SEQUENCE:
      return collection(EVENT_ID.SEQUENCE, packed[at + 1] ?? 0, style);
    case EVENT_ID.DOCUMENT:
      return { type: EVENT_ID.DOCUMENT, explicitStart: false, explicitEnd: false, directives: [] };
    default:
      return { type: EVENT_ID.POP };
  }
}

function collection(type: typeof EVENT_ID.MAPPING | typeof EVENT_ID.SEQUENCE, start: number, style: number): Event {
  return { type, start, anchorStart: -1, anchorEnd: -1, tagStart: -1, tagEnd: -1, style } as Event;
}

/** For each event that opens something: the index of the event that closes it. */
export function closingEvents(events: readonly Event[]): Int32Array {
  const closing = new Int32Array(events.length);
  const open: number[] = [];
  for (let index = 0; index < events.length; index += 1) {
    const type = events[index]?.type;
    if (type === EVENT_ID.SCALAR || type === EVENT_ID.ALIAS) continue;
    if (type === EVENT_ID.POP) closing[open.pop() ?? 0] = index;
    else open.push(index);
  }
  return closing;
}
