import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { parseQuantity } from './quantity.ts';

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
  e3: 1e3,
  E3: 1e3,
  'e+3': 1e3,
  'e-3': 1e-3,
  'E-3': 1e-3,
};

describe('parseQuantity', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['100m', 0.1],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['.5', 0.5],
    ['5.', 5],
    ['-1', -1],
    ['+1k', 1000],
    ['1E', 1e18],
    ['1E3', 1000],
    ['1e3', 1000],
    ['128974848', 128_974_848],
    ['129M', 129e6],
    ['123Mi', 123 * 2 ** 20],
    ['1e999', 2 ** 63],
    ['-1e999', -(2 ** 63)],
  ])('%s', (text, expected) => expect(parseQuantity(text)).toBeCloseTo(expected, 9));

  it.each([
    '',
    ' ',
    '1 ',
    ' 1',
    'Ki',
    '1ki',
    '1K',
    '1kb',
    '1GB',
    '1g',
    '1mi',
    '1.2.3',
    '.',
    '+',
    '-',
    '--1',
    '1e',
    '1e1.5',
    '1e3k',
    '0x10',
    'NaN',
    'Infinity',
    '1,5',
    '1_000',
    '१',
  ])('%j is none', (text) => expect(parseQuantity(text)).toBeUndefined());

  it('takes plain numbers of YAML', () => {
    expect(parseQuantity(2)).toBe(2);
    expect(parseQuantity(0.5)).toBe(0.5);
    expect(parseQuantity(undefined)).toBeUndefined();
    expect(parseQuantity(Number.NaN)).toBeUndefined();
    expect(parseQuantity(Number.POSITIVE_INFINITY)).toBeUndefined();
  });

  it('reads every sentence of the grammar', () => {
    const digits = fc.nat(1_000_000).map(String);
    const number = fc.oneof(
      digits,
      fc.tuple(digits, digits).map(([a, b]) => `${a}.${b}`),
      digits.map((a) => `${a}.`),
      digits.map((a) => `.${a}`),
    );
    const property = fc.property(fc.constantFrom('', '+', '-'), number, fc.constantFrom(...Object.keys(SUFFIXES)), (sign, text, suffix) => {
      const exact = Number(sign + text) * (SUFFIXES[suffix] ?? Number.NaN);
      const expected = Math.min(Math.max(exact, -(2 ** 63)), 2 ** 63);
      expect(Math.abs((parseQuantity(sign + text + suffix) ?? Number.NaN) - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-12);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('gives a number or nothing, whatever it is given', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom('1', '0', '.', 'e', 'E', '-', '+', 'k', 'K', 'i', 'm', '9'.repeat(400))).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (given) => {
        const parsed = parseQuantity(given);
        if (parsed !== undefined) expect(Number.isFinite(parsed)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
