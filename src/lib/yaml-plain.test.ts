import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { generally, plainly } from '../../test/general-yaml.ts';
import { readPlainDocument } from './yaml-plain.ts';
import { RUNS } from '../../test/runs.ts';

/** Whether the text is read; fails where the general parser reads something else, or nothing. */
function isReadAlike(text: string): boolean {
  const read = readPlainDocument(text);
  if (read === undefined) return false;
  try {
    expect(plainly(read)).toEqual(generally(text));
  } catch (error) {
    // A closing bracket at the column of its parent: kubectl reads it, the general parser does not.
    const expected = read.twice < 0 ? 'deficient indentation' : 'duplicated mapping key';
    if (!(error instanceof Error && error.message.startsWith(expected))) throw error;
  }
  return true;
}

describe('is read, and as the general parser reads it', () => {
  it.each([
    [''],
    ['# nothing but a comment\n'],
    ['---\n'],
    ['--- # only a comment\n'],
    ['# first\n---\n\na: 1\n'],
    ['a: 1\nb: [x, y, "z"]\nc: {d: null, e: ~, f: }\ng: |\n  text\n'],
    ['- yes\n- no\n- on\n- "yes"\n- 0x1F\n- .5\n- -3\n- +4\n- .inf\n- nullable\n- N/A\n- fan\n- 1.2.3\n- 22:22\n- 0644\n- --flag\n- -\n'],
    ['text: |-\n    deep\n    lines\nfolded: >+\n  one\n\n  two\n\nindented: |2\n    x\nnone: |\nend: >\n  z'],
    ['--- # explicit\n- a\n-\n- - b\n  -\n-\n  - c: d\n    e:\n    - f\n'],
    ["a: one\n  two\n\n  three # end\nb: \"one\n  two \\\n  three\"\nc: 'it''s\n\n  more'\n"],
    ['a: b\n    # further in\nc: d # e\nf: g#h\n"i": j\n\'k\' : l\n'],
    ['args: [\n  "a", b, # c\n  {d: e, f}, []\n  ]\nmore:\n  [x,\n   y]\n'],
    ['a: 1\r\nb:\r\n- c\r\n- |\r\n  d\r\n\r\n  e\r\n'],
    ['a: 1\n...\n'],
    ['ü: ä\n日本: [語]\n'],
    ['metadata: {\n  name: a\n}\n'],
    ['a:  \n  b:\t1\n'.replace('\t', ' ')],
    ['a: x'],
    ['a: \u{1f388}\nb: "\\x41\\u00e4\\U0001f388\\/\\ \\_"\n'],
    ['a:'],
    ['- |'],
    ['  a: 1\n  b: 2\n'],
  ])('%j', (text) => {
    expect(isReadAlike(text)).toBe(true);
  });
});

it.each([
  ['a: 1\nb: 2\na: {c: 3}\n', 10],
  ['a: {b: 1, "b": 2}\n', 11],
  ['a:\n- b: 1\n  b: {c: 1, c: 2}\n', 22],
  ['a: 1\nb: {a: 2}\n', -1],
  ['toString: 1\n', -1],
])('finds the key that stands twice in %j', (text, offset) => {
  expect(readPlainDocument(text)?.twice).toBe(offset);
  if (offset < 0) expect(isReadAlike(text)).toBe(true);
  else expect(() => generally(text)).toThrow(expect.objectContaining({ mark: expect.objectContaining({ position: offset }) as unknown }));
});

describe('is left to the general parser', () => {
  it.each([
    ['a: &x 1\nb: *x\n'],
    ['<<: {a: 1}\n'],
    ['a: {<<: {b: 1}}\n'],
    ['a: !!str 1\n'],
    ['%YAML 1.2\n---\na: 1\n'],
    ['yes: 1\n'],
    ['a: {1: b}\n'],
    ['__proto__: {a: 1}\n'],
    ['a: 1\n---\nb: 2\n'],
    ['--- {a: 1}\n'],
    ['? a\n: b\n'],
    ['a:\n\t- b\n'],
    ['a: 1\rb: 2\n'],
    ['a: \u0000\n'],
    ['a: \ud83c\n'],
    ['a: [b: c]\n'],
    ['a: [b\n  c]\n'],
    ['a: b: c\n'],
    ['a: "b" c\n'],
    ['a: "b"# c\n'],
    ['a: "\\x4g"\n'],
    ['a: "\\c"\n'],
    ['a: [b'],
    ['a: "b'],
    ['"a\\'],
    ['a: [\n"b"]\n'.replace('"b"', '- b')],
    ['  a: 1\n b: 2\n'],
    ['plain text'],
    [`${'- '.repeat(60)}a\n`],
    [`a: ${'['.repeat(60)}${']'.repeat(60)}\n`],
  ])('%j', (text) => {
    expect(readPlainDocument(text)).toBeUndefined();
  });
});

it('reads any value as the general parser does, in block and flow style', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('any' as const, 'flow' as const), (value, collectionStyle) => {
      if (isReadAlike(stringify(value, { collectionStyle, version: '1.1', aliasDuplicateObjects: false }))) read += 1;
    }),
    { numRuns: RUNS },
  );
  expect(read).toBeGreaterThan(0);
});

it('tells keys apart that are looked up at the same place', () => {
  const letter = fc.constantFrom(...'bcdefgh');
  // Of one length, with the same letters where the place is taken from.
  const key = fc.tuple(letter, letter).map(([one, other]) => `a${one}m${other}z`);
  const property = fc.property(
    fc.uniqueArray(key, { minLength: 2, maxLength: 6 }),
    fc.array(fc.nat(5), { maxLength: 12 }),
    (keys, order) => {
      for (const round of [keys, order.map((index) => keys[index % keys.length] ?? '')]) {
        const distinct = [...new Set(round)];
        const read = readPlainDocument(`a: 1\n${distinct.map((name, index) => `${name}: ${index}\n`).join('')}`);
        expect(read?.value).toEqual({ a: 1, ...Object.fromEntries(distinct.map((name, index) => [name, index])) });
      }
    },
  );
  fc.assert(property, { numRuns: RUNS });
});

/** Everything that means something in YAML, and a little that does not. */
const TOKENS =
  "a|b|key|a: |b: |k: v|:|: | |  |\n|\n  |\n    |\n- |- |\n  - |\"|'|\"x\"|'y'|''|\\n|\\\"|\\|#| # c|[|]|{|}|,|, |>|-|--|---|---\n|...|1|0644|-1|.5|true|yes|~|null|\r\n|\t|?|? |&a |*a|!t |é|<<: |@|%|`|\"k\": |'k': |\n\n|\n \n|$x|(y)|/z|- - |[]|{}|[a, b]|{a: b}|{a}|[\n|\n]|{\n|\n}|\n ]|>\n   t\n\n  u\n"
    .split('|')
    .concat('|', '|-', '>+', '|2', '| # c\n', '|\n  t\n');

it('reads any heap of tokens as the general parser does, or leaves it', () => {
  let read = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...TOKENS), { maxLength: 16 }), fc.constantFrom('', 'a: '), (tokens, before) => {
      if (isReadAlike(before + tokens.join(''))) read += 1;
    }),
    { numRuns: RUNS * 20 },
  );
  expect(read).toBeGreaterThan(RUNS);
});
