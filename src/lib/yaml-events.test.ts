import { parseEvents } from 'js-yaml';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { UnpackedEvents, closingEvents, packEvents } from './yaml-events.ts';

function unpacked(text: string): unknown[] {
  const packed = packEvents(parseEvents(text, {}));
  if (packed === undefined) return [];
  const events = new UnpackedEvents(packed);
  expect(events.closing.subarray(0, events.length)).toEqual(closingEvents(parseEvents(text, {})));
  return Array.from({ length: events.length }, (_, index) => events.at(index));
}

/** Of the document only its being there is kept. */
function expected(text: string): unknown[] {
  return parseEvents(text, {}).map((event) => ('directives' in event ? { ...event, explicitStart: false, explicitEnd: false } : event));
}

it.each([
  ['a: 1\nb: [x, "y", \'z\']\nc: {d: null, e: }\n'],
  ['text: |-\n    deep\n    lines\nfolded: >+\n  one\n\n  two\n'],
  ['--- # explicit\n- a\n-\n- - b\n'],
  [''],
])('gives back the events of %j', (text) => {
  expect(unpacked(text)).toEqual(expected(text));
});

it.each([['a: &x 1\nb: *x\n'], ['a: !!str 1\n'], ['%YAML 1.2\n---\na: 1\n']])('does not pack %j', (text) => {
  expect(packEvents(parseEvents(text, {}))).toBeUndefined();
});

it('gives back the events of any document', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom('any' as const, 'flow' as const), (value, collectionStyle) => {
      const text = stringify(value, { collectionStyle, aliasDuplicateObjects: false });
      expect(unpacked(text)).toEqual(expected(text));
    }),
    { numRuns: Number(process.env.CASTELLAN_SEEDS ?? 200) },
  );
});
