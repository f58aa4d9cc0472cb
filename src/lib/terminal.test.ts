import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { clip, displayWidth, fit, hanging, lineStart, plural, printable, wrapped } from './terminal.ts';

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', '日', '́', '😀', '\u001B', '\u202E', '\uD800', '\n'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

describe('lineStart', () => {
  it.each([
    ['::error::x', String.raw`\u{3a}:error::x`],
    [' \u00a0\u3000::stop-commands::x', String.raw`\u{3a}:stop-commands::x`],
    [' a::b', ' a::b'],
    [':a', ':a'],
    ['', ''],
  ])('%j', (given, shown) => expect(lineStart(given)).toBe(shown));
});

describe('wrapped', () => {
  it.each<[string, number, number, string[]]>([
    ['short', 20, 3, ['short']],
    ['one two three four', 9, 9, ['one two', 'three', 'four']],
    ['one two three four', 9, 2, ['one two', 'three fo…']],
    ['get,list,watch,create pods', 12, 9, ['get,list,', 'watch,create', 'pods']],
    ['abcdefghij', 4, 9, ['abcd', 'efgh', 'ij']],
    ['日本日本', 4, 9, ['日本', '日本']],
    ['', 4, 9, ['']],
  ])('%j in %d columns', (given, width, most, lines) => expect(wrapped(given, width, most)).toEqual(lines));

  it('fits, loses nothing but blanks, and ends', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 30 }), (given, width) => {
        const shown = printable(given);
        const lines = wrapped(shown, width);
        expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
        expect(lines.join('').replaceAll(/\s/gu, '')).toBe(shown.replaceAll(/\s/gu, ''));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('printable', () => {
  it.each([
    ['plain – ümlaut 日本', 'plain – ümlaut 日本'],
    ['\u001B[31mred', String.raw`\u{1b}[31mred`],
    ['a\nb\tc\u0000', String.raw`a\u{a}b\u{9}c\u{0}`],
    ['\u009B1m', String.raw`\u{9b}1m`],
    ['\u202Egnp.exe', String.raw`\u{202e}gnp.exe`],
    ['\u200B\uFEFF\u2028', String.raw`\u{200b}\u{feff}\u{2028}`],
    ['\uD800', String.raw`\u{d800}`],
  ])('%j', (given, shown) => expect(printable(given)).toBe(shown));

  it('leaves nothing that a terminal would act on', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(printable(given)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('width', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['', 0],
  ])('%j takes %i columns', (given, width) => expect(displayWidth(given)).toBe(width));

  it.each([
    ['  a short line', 40, ['  a short line']],
    ['  one two three four five six seven', 30, ['  one two three four five', '      six seven']],
    ['one two three four five six seven eight', Infinity, ['one two three four five six seven eight']],
    ['one two three four five six seven eight', 10, ['one two three four five six seven eight']],
  ])('%j hangs in %d columns', (line, width, lines) => expect(hanging(line, width)).toEqual(lines));

  it('fit gives exactly as many columns as it is asked for, or one less before a wide character', () => {
    const property = fc.property(text.map(printable), fc.integer({ min: 1, max: 30 }), (given, width) => {
      expect(displayWidth(clip(given, width))).toBeLessThanOrEqual(width);
      const shown = displayWidth(fit(given, width));
      if (displayWidth(given) <= width) expect(shown).toBe(width);
      else expect([width, width - 1]).toContain(shown);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('clip ends what it shortens with an ellipsis', () => {
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcd', 4)).toBe('abcd');
  });
});

describe('plural', () => {
  it.each([
    [0, '0 files'],
    [1, '1 file'],
    [2, '2 files'],
  ])('%i', (count, words) => expect(plural(count, 'file')).toBe(words));
  it('takes another form', () => expect(plural(2, 'entry', 'entries')).toBe('2 entries'));
});
