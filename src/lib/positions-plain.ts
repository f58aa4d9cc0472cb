/**
 * Offsets of fields in a plain document, straight from its packed events: nearly every finding asks, and most documents
 * are asked a few times only, so that to index one costs more than to walk through it. What needs more than a walk is
 * left to the finder for any YAML.
 */
import { EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { PathSegment } from './field-path.ts';
import type { Offset, OffsetFinder } from './positions-finder.ts';
import { type PackedEvents, afterPacked, hasKeyTwice, isFast, styleOf, typeOf } from './yaml-events.ts';

/** No such field, or none that a walk can tell. */
const ABSENT = -1;
const UNTOLD = -2;
/** Collections that are longer are indexed when a path leads through them. */
const MOST_WALKED = 24;
/** Behind the event of the document. */
const ROOT = 1;

export class PlainOffsets implements OffsetFinder {
  readonly #text: string;
  readonly #packed: PackedEvents;
  readonly #makeGeneral: () => OffsetFinder;
  /** A walk cannot tell: of equal keys the last one counts, and some keys are written otherwise than they are called. */
  #isBeyond: boolean;
  #general: OffsetFinder | undefined;
  /**
   * The path that was followed last and how far it led, with what marks each field on it in the text, and its value:
   * places in the packed events. The next path mostly begins with the same fields.
   */
  #last: readonly PathSegment[] = [];
  #depth = 0;
  readonly #marks = [ROOT];
  readonly #values = [ROOT];
  #indexes: Map<number, ReadonlyMap<PathSegment, number>> | undefined;

  /** `makeGeneral` gives the finder for any YAML, on the same events. */
  constructor(text: string, packed: PackedEvents, makeGeneral: () => OffsetFinder) {
    this.#text = text;
    this.#packed = packed;
    this.#makeGeneral = makeGeneral;
    this.#isBeyond = hasKeyTwice(packed) || packed.length <= ROOT || typeOf(packed, ROOT) === EVENT_ID.SCALAR;
  }

  find(path: readonly PathSegment[]): Offset {
    const found = this.#isBeyond ? undefined : this.#walk(path);
    return found ?? (this.#general ??= this.#makeGeneral()).find(path);
  }

  #walk(path: readonly PathSegment[]): Offset | undefined {
    const depth = this.#follow(path);
    if (depth === UNTOLD) return undefined;
    const offset = this.#offsetOf(this.#marks[depth] ?? ROOT);
    return offset < 0 ? undefined : { offset, exact: depth === path.length };
  }

  /** Fills marks and values along a path as far as it leads, and gives how far that is. */
  #follow(path: readonly PathSegment[]): number {
    const packed = this.#packed;
    const last = this.#last;
    let depth = 0;
    while (depth < this.#depth && depth < path.length && path[depth] === last[depth]) depth += 1;
    this.#last = path;
    // Neither path leads further: both name what is not there.
    if (depth === this.#depth && depth < last.length && path[depth] === last[depth]) return depth;
    for (; depth < path.length; depth += 1) {
      const value = this.#values[depth] ?? ROOT;
      const type = typeOf(packed, value);
      const child = type === EVENT_ID.SCALAR ? ABSENT : this.#child(value, path[depth] ?? '');
      this.#depth = depth;
      if (child === UNTOLD) {
        this.#last = path.slice(0, depth);
        return UNTOLD;
      }
      if (child === ABSENT) return depth;
      this.#marks[depth + 1] = child;
      this.#values[depth + 1] = type === EVENT_ID.MAPPING ? afterPacked(packed, child) : child;
    }
    return (this.#depth = depth);
  }

  #child(collection: number, segment: PathSegment): number {
    const packed = this.#packed;
    const isMapping = typeOf(packed, collection) === EVENT_ID.MAPPING;
    // The place of an element, written as a key.
    if (!isMapping && typeof segment === 'string') return UNTOLD;
    const index = this.#indexes?.get(collection);
    if (index !== undefined) return index.get(segment) ?? ABSENT;
    const end = afterPacked(packed, collection) - 1;
    let at = collection + 3;
    for (let passed = 0; at < end; passed += 1) {
      if (passed === MOST_WALKED) {
        this.#index(collection, end);
        return this.#isBeyond ? UNTOLD : this.#child(collection, segment);
      }
      if (isMapping) {
        if (!isFast(packed, at)) {
          this.#isBeyond = true;
          return UNTOLD;
        }
        if (this.#isKey(at, segment)) return at;
        at = afterPacked(packed, at);
      } else if (passed === segment) return at;
      at = afterPacked(packed, at);
    }
    return ABSENT;
  }

  #isKey(at: number, segment: PathSegment): boolean {
    const start = this.#packed[at + 1] ?? 0;
    return typeof segment === 'string' && (this.#packed[at + 2] ?? 0) - start === segment.length && this.#text.startsWith(segment, start);
  }

  #index(collection: number, end: number): void {
    const packed = this.#packed;
    const index = new Map<PathSegment, number>();
    const isMapping = typeOf(packed, collection) === EVENT_ID.MAPPING;
    for (let at = collection + 3; at < end; at = afterPacked(packed, at)) {
      if (isMapping) {
        if (!isFast(packed, at)) this.#isBeyond = true;
        index.set(this.#text.slice(packed[at + 1], packed[at + 2]), at);
        at = afterPacked(packed, at);
      } else index.set(index.size, at);
    }
    (this.#indexes ??= new Map()).set(collection, index);
  }

  #offsetOf(mark: number): number {
    const start = this.#packed[mark + 1] ?? -1;
    if (typeOf(this.#packed, mark) !== EVENT_ID.SCALAR || start < 0) return start;
    switch (styleOf(this.#packed, mark)) {
      case SCALAR_STYLE.PLAIN:
        return start;
      case SCALAR_STYLE.SINGLE_QUOTED:
      case SCALAR_STYLE.DOUBLE_QUOTED:
        return start - 1;
      default:
        return UNTOLD;
    }
  }
}
