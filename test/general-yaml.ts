/** What the general parser makes of a text, to compare what our reader of plain YAML makes of it. */
import { constructFromEvents, parseEvents } from 'js-yaml';
import { UnpackedEvents, closingEvents } from '../src/lib/yaml-events.ts';
import type { PlainDocument } from '../src/lib/yaml-plain.ts';
import { KUBERNETES_SCHEMA } from '../src/lib/yaml-schema.ts';

export interface Reading {
  value: unknown;
  events: unknown[];
  closing: number[];
}

/** Throws what the parser throws. Of a document event only its being there counts. */
export function generally(text: string): Reading {
  const events = parseEvents(text, {});
  return {
    value: constructFromEvents(events, { source: text, schema: KUBERNETES_SCHEMA })[0],
    events: events.map((event) => ('directives' in event ? { ...event, explicitStart: false, explicitEnd: false } : event)),
    closing: [...closingEvents(events)],
  };
}

export function plainly({ value, events: packed }: PlainDocument): Reading {
  const events = new UnpackedEvents(packed);
  return {
    value,
    events: Array.from({ length: events.length }, (_, index) => events.at(index)),
    closing: [...events.closing.subarray(0, events.length)],
  };
}
