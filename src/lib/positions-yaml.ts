/**
 * Offsets of fields in YAML, from the parser's events: they carry offsets, and walking them along a path costs a
 * third of a parse. Mappings and sequences are indexed when a path first leads through them.
 */
import { EVENT_ID, SCALAR_STYLE, getScalarValue } from 'js-yaml';
import type { PathSegment } from './field-path.ts';
import type { Offset, OffsetFinder } from './positions-finder.ts';
import { type Source, isBare, offsetOf } from './positions-yaml-offset.ts';
import { PlainOffsets } from './positions-plain.ts';
import { type EventList, type PackedEvents, UnpackedEvents } from './yaml-events.ts';
import { parseYaml, plainEvents, yamlEvents } from './yaml.ts';

/** A field: numbers are indexes of events. */
interface Place {
  /** What marks the field in the text: the key of an entry, the element itself. */
  readonly mark: number;
  readonly value: number;
  children: Children | undefined;
}

interface Children {
  readonly byName: ReadonlyMap<PathSegment, Place>;
  /** Values of the merge keys of a mapping. */
  readonly merged: readonly number[];
}

const NONE: readonly number[] = [];
const NO_CHILDREN: Children = { byName: new Map(), merged: NONE };

/** A finder for the first document of the text that has content, with its events if they are known. Throws what the parser throws. */
export function yamlOffsets(text: string, known?: PackedEvents): OffsetFinder {
  const packed = known ?? plainEvents(text);
  if (packed !== undefined) return new PlainOffsets(text, packed, () => unpackedOffsets(text, new UnpackedEvents(packed)));
  const { events, closing } = yamlEvents(text);
  return new YamlOffsets({ text, events }, closing);
}

function unpackedOffsets(text: string, events: UnpackedEvents): OffsetFinder {
  return new YamlOffsets({ text, events }, events.closing);
}

class YamlOffsets implements OffsetFinder {
  readonly #source: Source;
  /** For each event that opens something: the index of the event that closes it. */
  readonly #closing: Int32Array;
  readonly #root: Place | undefined;
  /** By event, for what is reached by more than one place. */
  readonly #shared = new Map<number, Children>();
  #anchors: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(source: Source, closing: Int32Array) {
    this.#source = source;
    this.#closing = closing;
    const root = firstContent(source.events);
    this.#root = root < 0 ? undefined : { mark: root, value: root, children: undefined };
  }

  find(path: readonly PathSegment[]): Offset {
    let place = this.#root;
    if (place === undefined) return { offset: 0, exact: path.length === 0 };
    for (const segment of path) {
      const next = this.#child(place, segment);
      if (next === undefined) return { offset: offsetOf(this.#source, place.mark), exact: false };
      place = next;
    }
    return { offset: offsetOf(this.#source, place.mark), exact: true };
  }

  #child(place: Place, segment: PathSegment): Place | undefined {
    place.children ??= this.#childrenOf(place.value);
    const { byName, merged } = place.children;
    return byName.get(segment) ?? this.#childByValue(byName, segment) ?? this.#mergedChild(merged, segment);
  }

  /** Keys that are no strings in YAML, such as `0x10` or `yes`, have another name in the object. */
  #childByValue(byName: Children['byName'], segment: PathSegment): Place | undefined {
    if (typeof segment !== 'string' || byName.size === 0 || !mayBeNoString(segment)) return undefined;
    let found: Place | undefined;
    for (const [name, place] of byName) {
      const key = this.#source.events.at(place.mark);
      if (key?.type !== EVENT_ID.SCALAR || key.style !== SCALAR_STYLE.PLAIN || key.tagStart >= 0) continue;
      const parsed = parseYaml(String(name));
      if ('value' in parsed && String(parsed.value) === segment) found = place;
    }
    return found;
  }

  /** Earlier mappings win over later ones, and what a mapping holds itself over what it merges. */
  #mergedChild(merged: readonly number[], segment: PathSegment): Place | undefined {
    if (merged.length === 0) return undefined;
    const waiting = [...merged].reverse();
    const seen = new Set<number>();
    for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
      const target = this.#resolve(value);
      if (seen.has(target)) continue;
      seen.add(target);
      const children = this.#sharedChildrenOf(target);
      if (this.#source.events.at(target)?.type === EVENT_ID.SEQUENCE) {
        for (const element of [...children.byName.values()].reverse()) waiting.push(element.value);
        continue;
      }
      const found = children.byName.get(segment) ?? this.#childByValue(children.byName, segment);
      if (found !== undefined) return found;
      for (const more of [...children.merged].reverse()) waiting.push(more);
    }
    return undefined;
  }

  #childrenOf(value: number): Children {
    const event = this.#source.events.at(value);
    switch (event?.type) {
      case EVENT_ID.MAPPING:
        return this.#entries(value);
      case EVENT_ID.SEQUENCE:
        return this.#elements(value);
      case EVENT_ID.ALIAS: {
        const target = this.#resolve(value);
        return target === value ? NO_CHILDREN : this.#sharedChildrenOf(target);
      }
      default:
        return NO_CHILDREN;
    }
  }

  /** The same for what many aliases may lead to. */
  #sharedChildrenOf(target: number): Children {
    let children = this.#shared.get(target);
    if (children === undefined) this.#shared.set(target, (children = this.#childrenOf(target)));
    return children;
  }

  #entries(mapping: number): Children {
    const byName = new Map<PathSegment, Place>();
    const merged: number[] = [];
    const end = this.#closing[mapping] ?? 0;
    for (let key = mapping + 1; key < end;) {
      const value = this.#after(key);
      const name = this.#keyText(key);
      if (name === '<<' && this.#isMergeKey(key)) merged.push(value);
      if (name !== undefined) byName.set(name, { mark: key, value, children: undefined });
      key = this.#after(value);
    }
    return { byName, merged };
  }

  #elements(sequence: number): Children {
    const byName = new Map<PathSegment, Place>();
    const end = this.#closing[sequence] ?? 0;
    for (let element = sequence + 1; element < end; element = this.#after(element)) {
      byName.set(byName.size, { mark: element, value: element, children: undefined });
    }
    return { byName, merged: NONE };
  }

  /** The event after a whole node. */
  #after(node: number): number {
    return Math.max(this.#closing[node] ?? 0, node) + 1;
  }

  #keyText(key: number): string | undefined {
    const event = this.#source.events.at(this.#resolve(key));
    if (event?.type !== EVENT_ID.SCALAR || isBare(event)) return undefined;
    return event.fast ? this.#source.text.slice(event.valueStart, event.valueEnd) : getScalarValue(this.#source.text, event);
  }

  #isMergeKey(key: number): boolean {
    const event = this.#source.events.at(key);
    return event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0;
  }

  /** The node that an alias stands for: the last one before it that has the anchor. */
  #resolve(value: number): number {
    const event = this.#source.events.at(value);
    if (event?.type !== EVENT_ID.ALIAS) return value;
    this.#anchors ??= anchorsOf(this.#source.events, this.#source.text);
    const holders = this.#anchors.get(this.#source.text.slice(event.anchorStart, event.anchorEnd)) ?? [];
    return holders.findLast((holder) => holder < value) ?? value;
  }
}

/** Whether a number, a boolean or null may be written so in an object's keys. */
function mayBeNoString(name: string): boolean {
  const first = name.charCodeAt(0);
  return (
    first < 58 /* digits, signs, point */ || name === 'true' || name === 'false' || name === 'null' || name === 'NaN' || name === 'Infinity'
  );
}

/** The root node of the first document that is not empty. */
function firstContent(events: EventList): number {
  for (let index = 1; index < events.length; index += 1) {
    const event = events.at(index);
    if (events.at(index - 1)?.type === EVENT_ID.DOCUMENT && event?.type !== EVENT_ID.POP && !isBare(event)) return index;
  }
  return -1;
}

function anchorsOf(events: EventList, text: string): Map<string, number[]> {
  const anchors = new Map<string, number[]>();
  for (let index = 0; index < events.length; index += 1) {
    const event = events.at(index);
    if (event === undefined || event.type === EVENT_ID.ALIAS || !('anchorStart' in event) || event.anchorStart < 0) continue;
    const name = text.slice(event.anchorStart, event.anchorEnd);
    const holders = anchors.get(name);
    if (holders === undefined) anchors.set(name, [index]);
    else holders.push(index);
  }
  return anchors;
}
