/**
 * The value of a document from the parser's events, for documents without anchors, aliases, tags and merge keys:
 * nearly all manifests, in a third of the time that the general construction takes. Anything else is left to it.
 */
import { EVENT_ID, type Event, SCALAR_STYLE, type Schema, getScalarValue } from 'js-yaml';

/** Stands for: construct it in the general way. */
export const NOT_PLAIN = Symbol('not plain');

/** The only document of the events; undefined when there is none. */
export function constructPlain(events: readonly Event[], text: string, schema: Schema): unknown {
  return new PlainConstruction(events, text, schema).run();
}

class PlainConstruction {
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #schema: Schema;
  #at = 0;
  #plain = true;

  constructor(events: readonly Event[], text: string, schema: Schema) {
    this.#events = events;
    this.#text = text;
    this.#schema = schema;
  }

  run(): unknown {
    if (this.#events.length === 0) return undefined;
    const first = this.#events[this.#at++];
    if (first?.type !== EVENT_ID.DOCUMENT || first.directives.length > 0) return NOT_PLAIN;
    const value = this.#events[this.#at]?.type === EVENT_ID.POP ? undefined : this.#value();
    this.#at += 1;
    return this.#plain && this.#at === this.#events.length ? value : NOT_PLAIN;
  }

  #value(): unknown {
    const event = this.#events[this.#at++];
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        if (event.anchorStart >= 0 || event.tagStart >= 0) return this.#giveUp();
        return this.#scalar(event);
      case EVENT_ID.MAPPING:
        if (event.anchorStart >= 0 || event.tagStart >= 0) return this.#giveUp();
        return this.#mapping();
      case EVENT_ID.SEQUENCE:
        if (event.anchorStart >= 0 || event.tagStart >= 0) return this.#giveUp();
        return this.#sequence();
      default:
        return this.#giveUp();
    }
  }

  #mapping(): Record<string, unknown> {
    const mapping: Record<string, unknown> = {};
    while (this.#plain && this.#events[this.#at]?.type !== EVENT_ID.POP) {
      const key = this.#value();
      // A key of another type, one that stands twice, a merge: the general construction knows what to do.
      if (typeof key !== 'string' || key === '<<' || key === '__proto__' || Object.hasOwn(mapping, key)) this.#giveUp();
      else mapping[key] = this.#value();
    }
    this.#at += 1;
    return mapping;
  }

  #sequence(): unknown[] {
    const sequence: unknown[] = [];
    while (this.#plain && this.#events[this.#at]?.type !== EVENT_ID.POP) sequence.push(this.#value());
    this.#at += 1;
    return sequence;
  }

  #scalar(event: Extract<Event, { type: typeof EVENT_ID.SCALAR }>): unknown {
    const value = getScalarValue(this.#text, event);
    return event.style === SCALAR_STYLE.PLAIN && mayBeNoString(value.charCodeAt(0))
      ? this.#schema.resolveImplicitScalarTag(value).value
      : value;
  }

  #giveUp(): undefined {
    this.#plain = false;
    return undefined;
  }
}

/** First characters of numbers, truth values and nulls; NaN is that of an empty text, which is null. */
function mayBeNoString(code: number): boolean {
  if (code >= 48 && code <= 57) return true;
  switch (code) {
    case 43: // +
    case 45: // -
    case 46: // .
    case 126: // ~
    case 89: // Y
    case 121: // y
    case 78: // N
    case 110: // n
    case 84: // T
    case 116: // t
    case 70: // F
    case 102: // f
    case 79: // O
    case 111: // o
      return true;
    default:
      return Number.isNaN(code);
  }
}
