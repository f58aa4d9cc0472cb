/**
 * Offsets of fields in YAML, from the parser's events: they carry offsets, and walking them along a path costs a
 * third of a parse. Nodes are told by the index of their event. Small ones are searched anew by each path, which is
 * cheaper than any index; large ones are indexed when a path first leads through them.
 */
import { EVENT_ID, SCALAR_STYLE, type Event, type ScalarEvent, getScalarValue, parseEvents } from 'js-yaml';
import type { PathSegment } from './field-path.ts';
import type { Offset, OffsetFinder } from './positions-finder.ts';
import { parseYaml } from './yaml.ts';

/** More children than this are worth an index. */
const LARGEST_SEARCH = 32;
const NOT_FOUND = -1;

/** A finder for the first document of the text that has content. Throws what the parser throws. */
export function yamlOffsets(text: string): OffsetFinder {
  return new YamlOffsets(text, parseEvents(text, {}));
}

class YamlOffsets implements OffsetFinder {
  readonly #text: string;
  readonly #events: readonly Event[];
  /** For each event the last one of its node: itself for scalars and aliases, else the one that closes it. */
  readonly #last: Int32Array;
  readonly #root: number;
  /** Of large mappings and sequences: what marks a child, by its name or position. */
  readonly #indexes = new Map<number, ReadonlyMap<PathSegment, number>>();
  #anchors: ReadonlyMap<string, readonly number[]> | undefined;
  #mayMerge: boolean | undefined;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
    this.#last = lastEvents(events);
    this.#root = firstContent(events);
  }

  find(path: readonly PathSegment[]): Offset {
    if (this.#root < 0) return { offset: 0, exact: path.length === 0 };
    // What marks the field in the text, the key of an entry or the element itself, and where its value begins.
    let mark = this.#root;
    let value = mark;
    for (const segment of path) {
      const child = this.#child(this.#resolve(value), segment);
      if (child === NOT_FOUND) return { offset: this.#offsetOf(mark), exact: false };
      mark = child;
      value = typeof segment === 'number' ? child : this.#after(child);
    }
    return { offset: this.#offsetOf(mark), exact: true };
  }

  #child(node: number, segment: PathSegment): number {
    const type = this.#events[node]?.type;
    if (typeof segment === 'number') return type === EVENT_ID.SEQUENCE ? this.#element(node, segment) : NOT_FOUND;
    if (type !== EVENT_ID.MAPPING) return NOT_FOUND;
    const own = this.#entry(node, segment);
    return own === NOT_FOUND ? this.#mergedEntry(node, segment) : own;
  }

  #element(sequence: number, position: number): number {
    if (position >= LARGEST_SEARCH) return this.#indexOf(sequence).get(position) ?? NOT_FOUND;
    const end = this.#last[sequence] ?? 0;
    let element = sequence + 1;
    for (let skip = position; skip > 0 && element < end; skip -= 1) element = this.#after(element);
    return element < end ? element : NOT_FOUND;
  }

  /** The key of the last entry that has the name. */
  #entry(mapping: number, name: string): number {
    if (this.#indexes.has(mapping)) return this.#indexOf(mapping).get(name) ?? this.#oddEntry(mapping, name);
    const end = this.#last[mapping] ?? 0;
    let found = NOT_FOUND;
    let count = 0;
    for (let key = mapping + 1; key < end; key = this.#after(this.#after(key))) {
      if (this.#isKey(key, name)) found = key;
      count += 1;
    }
    if (count > LARGEST_SEARCH) this.#indexOf(mapping);
    return found === NOT_FOUND ? this.#oddEntry(mapping, name) : found;
  }

  #isKey(key: number, name: string): boolean {
    const event = this.#events[key];
    if (event?.type !== EVENT_ID.SCALAR || !event.fast) return this.#keyText(key) === name;
    return event.valueEnd - event.valueStart === name.length && this.#text.startsWith(name, event.valueStart);
  }

  /** Keys that are no strings in YAML, such as `0x10` or `yes`, have another name in the object. */
  #oddEntry(mapping: number, name: string): number {
    if (!mayBeNoString(name)) return NOT_FOUND;
    let found = NOT_FOUND;
    const end = this.#last[mapping] ?? 0;
    for (let key = mapping + 1; key < end; key = this.#after(this.#after(key))) {
      if (!this.#isPlain(key)) continue;
      const parsed = parseYaml(this.#keyText(key) ?? '');
      if ('value' in parsed && String(parsed.value) === name) found = key;
    }
    return found;
  }

  /** Earlier mappings win over later ones, and what a mapping holds itself over what it merges. */
  #mergedEntry(mapping: number, name: string): number {
    this.#mayMerge ??= this.#text.includes('<<');
    if (!this.#mayMerge) return NOT_FOUND;
    const waiting = this.#mergedInto(mapping);
    const seen = new Set<number>();
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      const node = this.#resolve(value);
      if (seen.has(node)) continue;
      seen.add(node);
      const type = this.#events[node]?.type;
      if (type === EVENT_ID.SEQUENCE) waiting.push(...this.#elementsOf(node).reverse());
      if (type !== EVENT_ID.MAPPING) continue;
      const found = this.#entry(node, name);
      if (found !== NOT_FOUND) return found;
      waiting.push(...this.#mergedInto(node));
    }
    return NOT_FOUND;
  }

  /** Values of the merge keys of a mapping, the last first. */
  #mergedInto(mapping: number): number[] {
    const values: number[] = [];
    const end = this.#last[mapping] ?? 0;
    for (let key = mapping + 1; key < end; key = this.#after(this.#after(key))) {
      if (this.#isPlain(key) && this.#isKey(key, '<<')) values.push(this.#after(key));
    }
    return values.reverse();
  }

  #elementsOf(sequence: number): number[] {
    const elements: number[] = [];
    const end = this.#last[sequence] ?? 0;
    for (let element = sequence + 1; element < end; element = this.#after(element)) elements.push(element);
    return elements;
  }

  #indexOf(node: number): ReadonlyMap<PathSegment, number> {
    const known = this.#indexes.get(node);
    if (known !== undefined) return known;
    const index = new Map<PathSegment, number>();
    const end = this.#last[node] ?? 0;
    if (this.#events[node]?.type === EVENT_ID.SEQUENCE) {
      this.#elementsOf(node).forEach((element, position) => index.set(position, element));
    } else {
      for (let key = node + 1; key < end; key = this.#after(this.#after(key))) {
        const name = this.#keyText(key);
        if (name !== undefined) index.set(name, key);
      }
    }
    this.#indexes.set(node, index);
    return index;
  }

  /** The event after a whole node. */
  #after(node: number): number {
    return (this.#last[node] ?? node) + 1;
  }

  #keyText(key: number): string | undefined {
    const event = this.#events[this.#resolve(key)];
    return event?.type !== EVENT_ID.SCALAR || isBare(event) ? undefined : getScalarValue(this.#text, event);
  }

  /** Whether a key is written without quotes and without a tag, so that it may be something else than a string. */
  #isPlain(key: number): boolean {
    const event = this.#events[key];
    return event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 && !isBare(event);
  }

  /** The node that an alias stands for: the last one before it that has the anchor. */
  #resolve(value: number): number {
    const event = this.#events[value];
    if (event?.type !== EVENT_ID.ALIAS) return value;
    this.#anchors ??= anchorsOf(this.#events, this.#text);
    const holders = this.#anchors.get(this.#text.slice(event.anchorStart, event.anchorEnd)) ?? [];
    return holders.findLast((holder) => holder < value) ?? value;
  }

  #offsetOf(mark: number): number {
    const event = this.#events[mark];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalarOffset(event, mark);
      case EVENT_ID.ALIAS:
        return event.anchorStart - 1;
      case EVENT_ID.MAPPING: {
        // A block mapping begins with its first key, whose anchor or tag the parser counts to the mapping.
        const first = this.#text.charAt(event.start);
        return first === '&' || first === '!' ? this.#offsetOf(mark + 1) : event.start;
      }
      case EVENT_ID.SEQUENCE:
        return event.start;
      default:
        return 0;
    }
  }

  #scalarOffset(event: ScalarEvent, mark: number): number {
    const properties = Math.max(event.anchorEnd, event.tagEnd);
    if (event.valueStart < 0) return properties >= 0 ? properties : this.#emptyOffset(mark);
    switch (event.style) {
      case SCALAR_STYLE.PLAIN:
        return event.valueStart;
      case SCALAR_STYLE.LITERAL_BLOCK:
      case SCALAR_STYLE.FOLDED_BLOCK:
        return blockHeader(this.#text, event.valueStart, properties);
      default:
        return event.valueStart - 1;
    }
  }

  /** A null of which nothing is written but the dash: the parser gives no offset for it. */
  #emptyOffset(mark: number): number {
    let before = mark - 1;
    while (isBare(this.#events[before])) before -= 1;
    const sequence = this.#openBefore(mark);
    const event = this.#events[sequence];
    if (event?.type !== EVENT_ID.SEQUENCE) return 0;
    const column = event.start - lineStart(this.#text, event.start);
    let dash = before === sequence ? event.start : nextDash(this.#text, this.#endBefore(before), column);
    for (let skip = mark - before - 1; skip > 0; skip -= 1) dash = nextDash(this.#text, dash, column);
    let offset = dash + 1;
    while (isBlank(this.#text.charCodeAt(offset))) offset += 1;
    return offset;
  }

  /** The innermost collection that an event stands in. */
  #openBefore(mark: number): number {
    let depth = 0;
    for (let index = mark - 1; index >= 0; index -= 1) {
      const type = this.#events[index]?.type;
      if (type === EVENT_ID.POP) depth += 1;
      else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS && (depth -= 1) < 0) return index;
    }
    return -1;
  }

  /** An offset at or behind the last thing that is written before an event. */
  #endBefore(index: number): number {
    for (let at = index; at >= 0; at -= 1) {
      const event = this.#events[at];
      if (event?.type === EVENT_ID.ALIAS) return event.anchorEnd;
      if (event?.type === EVENT_ID.SCALAR) {
        const end = Math.max(event.valueEnd, event.anchorEnd, event.tagEnd);
        // A block scalar's text includes its last line break.
        if (end >= 0) return this.#text.charCodeAt(end - 1) === 10 ? end - 1 : end;
      } else if (event?.type === EVENT_ID.MAPPING || event?.type === EVENT_ID.SEQUENCE) return event.start;
    }
    return 0;
  }
}

/** Whether a number, a boolean or null may be written so in an object's keys. */
function mayBeNoString(name: string): boolean {
  const first = name.charCodeAt(0);
  return first < 58 /* digits, signs, point */ || name === 'true' || name === 'false' || name === 'null' || name === 'NaN' || name === 'Infinity';
}

function lastEvents(events: readonly Event[]): Int32Array {
  const last = new Int32Array(events.length);
  const open: number[] = [];
  for (let index = 0; index < events.length; index += 1) {
    const type = events[index]?.type;
    last[index] = index;
    if (type === EVENT_ID.POP) last[open.pop() ?? 0] = index;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) open.push(index);
  }
  return last;
}

/** The root node of the first document that is not empty. */
function firstContent(events: readonly Event[]): number {
  return events.findIndex((event, index) => events[index - 1]?.type === EVENT_ID.DOCUMENT && event.type !== EVENT_ID.POP && !isBare(event));
}

/** A scalar of which nothing is written: no text, no anchor, no tag. */
function isBare(event: Event | undefined): boolean {
  return event?.type === EVENT_ID.SCALAR && event.valueStart < 0 && event.anchorStart < 0 && event.tagStart < 0;
}

function anchorsOf(events: readonly Event[], text: string): Map<string, number[]> {
  const anchors = new Map<string, number[]>();
  for (let index = 0; index < events.length; index += 1) {
    const event = events[index];
    if (event === undefined || event.type === EVENT_ID.ALIAS || !('anchorStart' in event) || event.anchorStart < 0) continue;
    const name = text.slice(event.anchorStart, event.anchorEnd);
    const holders = anchors.get(name);
    if (holders === undefined) anchors.set(name, [index]);
    else holders.push(index);
  }
  return anchors;
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
