import { CORE_SCHEMA, boolYaml11Tag, constructFromEvents, mergeTag, parseEvents } from 'js-yaml';
import { assert, property } from 'fast-check';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { NOT_PLAIN, constructPlain } from './yaml-construct.ts';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag);

function both(text: string): { plain: unknown; general: unknown } {
  const events = parseEvents(text, {});
  return { plain: constructPlain(events, text, SCHEMA), general: constructFromEvents(events, { source: text, schema: SCHEMA })[0] };
}

it.each([
  ['a: 1\nb: [x, y, "z"]\nc: {d: null, e: ~, f: }\ng: |\n  text\n'],
  ['- yes\n- no\n- on\n- "yes"\n- 0x1F\n- .5\n- -3\n- +4\n- .inf\n- nullable\n- N/A\n- fan\n- 1.2.3\n- 22:22\n'],
  ['--- # only a comment\n'],
  ['plain text'],
])('constructs %j as the library does', (text) => {
  const { plain, general } = both(text);
  expect(plain).toEqual(general);
  expect(plain).not.toBe(NOT_PLAIN);
});

it.each([['a: &x 1\nb: *x\n'], ['<<: {a: 1}\n'], ['a: !!str 1\n'], ['yes: 1\n'], ['__proto__: {a: 1}\n'], ['a: {1: b}\n']])(
  'leaves %j to the library',
  (text) => {
    expect(both(text).plain).toBe(NOT_PLAIN);
  },
);

it('leaves a key that stands twice to the library', () => {
  const text = 'a: 1\na: 2\n';
  expect(constructPlain(parseEvents(text, {}), text, SCHEMA)).toBe(NOT_PLAIN);
});

it('leaves several documents to the library', () => {
  const text = 'a: 1\n---\nb: 2\n';
  expect(constructPlain(parseEvents(text, {}), text, SCHEMA)).toBe(NOT_PLAIN);
});

it('agrees with the library on any value, in block and flow style', () => {
  assert(
    property(fc.jsonValue({ maxDepth: 4 }), fc.boolean(), (value, flow) => {
      const text = stringify(value, { collectionStyle: flow ? 'flow' : 'any', version: '1.1' });
      const { plain, general } = both(text);
      if (plain !== NOT_PLAIN) expect(plain).toEqual(general);
    }),
    { numRuns: Number(process.env.CASTELLAN_SEEDS ?? 200) },
  );
});
