import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type YamlError, parseYaml } from './yaml.ts';

function value(text: string): unknown {
  const result = parseYaml(text);
  if ('error' in result) throw new Error(result.error.reason);
  return result.value;
}

function error(text: string): YamlError {
  const result = parseYaml(text);
  if (!('error' in result)) throw new Error('it was read');
  return result.error;
}

describe('scalars', () => {
  // What kubectl 1.32 makes of `nodeName: …` (kubectl label --local -o json).
  it.each<[string, unknown]>([
    ['y', true],
    ['N', false],
    ['yes', true],
    ['No', false],
    ['ON', true],
    ['off', false],
    ['true', true],
    ['tRue', 'tRue'],
    ['~', null],
    ['null', null],
    ['Null', null],
    ['', null],
    ['""', ''],
    ['"yes"', 'yes'],
    ["'no'", 'no'],
    ['0644', 420],
    ['-0644', -420],
    ['08', 8],
    ['0_7', 7],
    ['0o14', 12],
    ['-0o7', -7],
    ['0O7', 7],
    ['0x1F', 31],
    ['+0x1F', 31],
    ['0X1F', 31],
    ['0x1F_FF', 8191],
    ['0b11', 3],
    ['-0b1', -1],
    ['0B1', 1],
    ['0b12', '0b12'],
    ['0xG', '0xG'],
    ['1_000', 1000],
    ['_1', '_1'],
    ['+1', 1],
    ['1e3', 1000],
    ['1.0', 1],
    ['.5', 0.5],
    ['1.5e300', 1.5e300],
    ['+', '+'],
    ['e3', 'e3'],
    ['22:22', '22:22'],
    ['2020-01-01', '2020-01-01'],
    ['0.1.2', '0.1.2'],
    ['=', '='],
    ['!!str 5', '5'],
  ])('%s', (text, expected) => expect(value(`a: ${text}\n`)).toEqual({ a: expected }));

  it('are the same in a document that the fast construction leaves to the general one', () => {
    const plain = ['y', '0644', '1_000', '22:22', '0x1F', '~', '1.5'];
    for (const text of plain) expect(value(`x: &x 1\na: ${text}\n`)).toEqual({ x: 1, ...(value(`a: ${text}\n`) as object) });
  });
});

describe('documents', () => {
  it('read what they were written from', () => {
    const json = fc.jsonValue({ maxDepth: 4 });
    const property = fc.property(json, (given) => {
      expect(value(JSON.stringify({ given }))).toEqual(JSON.parse(JSON.stringify({ given })));
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('merge, and share by alias', () => {
    expect(value('base: &b {x: 1, y1: 2}\nmore: {<<: *b, y1: 3}\nsame: *b\n')).toEqual({
      base: { x: 1, y1: 2 },
      more: { x: 1, y1: 3 },
      same: { x: 1, y1: 2 },
    });
  });

  it('with nothing but a comment are nothing', () => {
    expect(value('# nothing\n')).toBeUndefined();
    expect(value('---\n')).toBeNull();
  });

  it('keep a key __proto__ as a key', () => {
    const read = value('a: {__proto__: {polluted: true}, b: 1}\n') as { a: Record<string, unknown> };
    expect(Object.keys(read.a)).toEqual(['__proto__', 'b']);
    expect(read.a.polluted).toBeUndefined();
  });
});

describe('errors', () => {
  it('name the second of two equal keys, which wins when asked for', () => {
    expect(error('a: 1\nb:\n  c: 1\n  c: 2\n')).toEqual({
      kind: 'duplicate-key',
      reason: 'a key stands twice in one mapping: c',
      line: 4,
    });
    expect(parseYaml('a: 1\na: 2\n', true)).toMatchObject({ value: { a: 2 } });
  });

  it.each<[string, string]>([
    ['password: a\npassword: hunter2\n', 'password'],
    ['"pass word": a\n"pass word": hunter2\n', 'pass word'],
    ["'pass word': a\n'pass word': hunter2\n", 'pass word'],
    ['{a: 1, password: hunter2, a: 2}\n', 'a'],
    ['? a\n: 1\n? a\n: hunter2\n', 'a'],
    [`${'k'.repeat(100)}: 1\n${'k'.repeat(100)}: hunter2\n`, 'k'.repeat(60)],
  ])('name the key of %j and nothing beside it', (text, key) => {
    expect(error(text).reason).toBe(`a key stands twice in one mapping: ${key}`);
  });

  it.each([
    'password: *hunter2\n',
    'password: !hunter2\n',
    'password: !hunter2 {}\n',
    'password: !hunter2 []\n',
    'password: !h!unter2\n',
    'password: !<hunter2^> x\n',
    'password: !!int hunter2\n',
    'password: "hunter2\\q"\n',
    'password: hunter2\n  a: b\n',
    '%TAG !hunter2! x\n%TAG !hunter2! x\n---\na\n',
  ])('say nothing of what %j holds', (text) => {
    expect(error(text).reason).not.toMatch(/hun|unter/);
  });

  it('name the line of a tab', () => {
    expect(error('a:\n  b:\n\t\tc: 1\n')).toMatchObject({ kind: 'syntax', line: 3, reason: expect.stringContaining('tab') as string });
  });

  it('tell too deep from wrong', () => {
    expect(error(`a: ${'['.repeat(200)}`).kind).toBe('too-deep');
    expect(error('a: [1, 2\n')).toMatchObject({ kind: 'syntax' });
    expect(error('a: 1\n---\nb: 2\n').kind).toBe('several-documents');
  });

  it('tell merges that copy without end', () => {
    const keys = Array.from({ length: 2000 }, (_, index) => `k${index}: 1`).join(', ');
    expect(error(`a: &a {${keys}}\nb:\n${'- <<: *a\n'.repeat(2000)}`).kind).toBe('too-many-merges');
  });

  it('are returned, never thrown', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|',
      '>',
      '&a',
      '*a',
      '!',
      '#',
      '\t',
      '%',
      '---',
      '?',
      '<<',
      ',',
      '\r',
      '\u0000',
      '\uFEFF',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const result = parseYaml(pieces.join(''));
        if ('error' in result) expect(result.error.reason).toMatch(/^\S/);
      }),
      { numRuns: RUNS },
    );
  });
});
