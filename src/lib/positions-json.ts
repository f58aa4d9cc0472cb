/**
 * Offsets of fields in JSON text, which may be tens of megabytes. Scans forward only as far as a path asks and
 * remembers what it met, so that looking up one item after another is linear over all.
 */
import type { PathSegment } from './field-path.ts';
import type { Offset, OffsetFinder } from './positions-finder.ts';

/** A field whose value begins at `value`; `mark` is where it is told to stand: its key, or the element. */
interface Place {
  readonly mark: number;
  readonly value: number;
  container: Members | Elements | undefined;
}

interface Members {
  readonly kind: 'object';
  readonly byName: ReadonlyMap<string, Place>;
}

interface Elements {
  readonly kind: 'array';
  /** Where the elements met so far begin. */
  readonly starts: number[];
  /** Where the scan goes on; -1 when every element was met. */
  next: number;
  /** Elements that were looked into lately. */
  readonly places: Map<number, Place>;
}

/** A list of 20,000 items is walked once, mostly in order: what was learnt of items long past is let go. */
const MOST_PLACES = 64;

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

export function jsonOffsets(text: string): OffsetFinder {
  return new JsonOffsets(text);
}

class JsonOffsets implements OffsetFinder {
  readonly #text: string;
  readonly #root: Place;

  constructor(text: string) {
    this.#text = text;
    const start = skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);
    this.#root = { mark: start, value: start, container: undefined };
  }

  find(path: readonly PathSegment[]): Offset {
    let place = this.#root;
    for (const segment of path) {
      const next = this.#child(place, segment);
      if (next === undefined) return { offset: place.mark, exact: false };
      place = next;
    }
    return { offset: place.mark, exact: true };
  }

  #child(place: Place, segment: PathSegment): Place | undefined {
    place.container ??= this.#open(place.value);
    const { container } = place;
    if (container?.kind === 'object') return container.byName.get(String(segment));
    return container?.kind === 'array' && typeof segment === 'number' ? this.#element(container, segment) : undefined;
  }

  #open(value: number): Place['container'] {
    const first = this.#text.charCodeAt(value);
    if (first === OPEN_BRACE) return { kind: 'object', byName: this.#members(value) };
    if (first === OPEN_BRACKET) return { kind: 'array', starts: [], next: value + 1, places: new Map() };
    return undefined;
  }

  /** The last of two equal names wins. */
  #members(object: number): Map<string, Place> {
    const text = this.#text;
    const byName = new Map<string, Place>();
    let at = skipSpace(text, object + 1);
    while (text.charCodeAt(at) === QUOTE) {
      const mark = at;
      at = skipString(text, at);
      const name = nameOf(text, mark, at);
      at = skipSpace(text, at);
      if (text.charCodeAt(at) !== COLON) break;
      const value = skipSpace(text, at + 1);
      byName.set(name, { mark, value, container: undefined });
      at = skipSpace(text, skipValue(text, value));
      if (text.charCodeAt(at) !== COMMA) break;
      at = skipSpace(text, at + 1);
    }
    return byName;
  }

  #element(array: Elements, index: number): Place | undefined {
    const known = array.places.get(index);
    if (known !== undefined) return known;
    while (array.starts.length <= index && array.next >= 0) this.#advance(array);
    const start = array.starts[index];
    if (start === undefined) return undefined;
    const place: Place = { mark: start, value: start, container: undefined };
    if (array.places.size >= MOST_PLACES) array.places.clear();
    array.places.set(index, place);
    return place;
  }

  /** Meets one more element, leaving the scan at its start until the one after it is asked for. */
  #advance(array: Elements): void {
    const text = this.#text;
    let at = array.next;
    if (array.starts.length > 0) {
      at = skipSpace(text, skipValue(text, at));
      at = text.charCodeAt(at) === COMMA ? at + 1 : text.length;
    }
    at = skipSpace(text, at);
    const ended = at >= text.length || text.charCodeAt(at) === CLOSE_BRACKET;
    array.next = ended ? -1 : at;
    if (!ended) array.starts.push(at);
  }
}

function nameOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(text.slice(start, end)));
  } catch {
    return raw;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return at;
    at += 1;
  }
}

/** The offset after the closing quote; the end of the text where there is none. */
export function skipString(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const end = text.indexOf('"', at);
    if (end < 0) return text.length;
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before -= 1;
    // An odd number of backslashes hides the mark.
    if ((end - before) % 2 === 1) return end + 1;
    at = end + 1;
  }
}

/** The offset after a value, however deeply it nests. */
function skipValue(text: string, start: number): number {
  let at = start;
  let depth = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = skipString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (code === COMMA && depth === 0) return at;
    at += 1;
  }
  return text.length;
}
