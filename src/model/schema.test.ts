import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type Misfit, type Shape, conform, conformTo, isRecord, list, mapOf, object } from './schema.ts';

const KEYS = ['a', 'b', 'c', '__proto__', 'constructor', 'toString'];
const own = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value as unknown;

const scalar = fc.constantFrom<Shape[]>('string', 'boolean', 'integer', 'quantity', 'intOrString', 'any');
const { shape } = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    tie('shape').map((element) => list(element)),
    tie('shape').map((value) => mapOf(value)),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('shape')), { selector: ([key]) => key, maxLength: 4 })
      .map((fields) => object(Object.fromEntries(fields))),
  ),
}));

/** What comes out of a parser: own properties of any name, among them those that objects inherit. */
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown[]>(
      null,
      true,
      false,
      0,
      -1,
      1.5,
      1e300,
      2 ** 53,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      '',
      'true',
      'false',
      '7',
      '-12',
      '1e3',
      '99999999999999999999',
      'text',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie('value')), { maxLength: 4 }).map((fields) => Object.fromEntries(fields) as unknown),
  ),
}));

/** Whether a value may be read with the type of the shape. */
function fits(given: unknown, wanted: Shape): boolean {
  switch (wanted) {
    case 'any':
      // Counts as absent where something holds it.
      return given !== null;
    case 'string':
      return typeof given === 'string';
    case 'boolean':
      return typeof given === 'boolean';
    case 'integer':
      return Number.isSafeInteger(given);
    case 'quantity':
    case 'intOrString':
      return typeof given === 'string' || (typeof given === 'number' && Number.isFinite(given));
    default:
  }
  if ('list' in wanted)
    return Array.isArray(given) && given.every((element) => (element === undefined ? wanted.list === 'any' : fits(element, wanted.list)));
  if (!isRecord(given)) return false;
  if ('map' in wanted) return Object.keys(given).every((key) => fits(own(given, key), wanted.map));
  return Object.keys(given).every((key) => {
    const field = Object.hasOwn(wanted.fields, key) ? wanted.fields[key] : undefined;
    return field === undefined || own(given, key) === null ? field === undefined : fits(own(given, key), field);
  });
}

describe('conform', () => {
  it('gives what fits the shape, or nothing', () => {
    const property = fc.property(value, shape, (given, wanted) => {
      const conformed = conformTo(given, wanted, []);
      if (conformed !== undefined && conformed !== null) expect(fits(conformed, wanted)).toBe(true);
    });
    fc.assert(property, { numRuns: RUNS * 5 });
  });

  it('gives back the value itself when it fits, and then has nothing to tell', () => {
    const property = fc.property(value, shape, (given, wanted) => {
      fc.pre(fits(given, wanted));
      const misfits: Misfit[] = [];
      expect(conformTo(given, wanted, misfits)).toBe(given);
      expect(misfits).toEqual([]);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('does not change what it is given, and does to the result what it did before', () => {
    const property = fc.property(value, shape, (given, wanted) => {
      const before = JSON.stringify(given);
      const once = conformTo(given, wanted, []);
      expect(JSON.stringify(given)).toBe(before);
      expect(conformTo(once, wanted, [])).toEqual(once);
      expect('polluted' in {}).toBe(false);
    });
    fc.assert(property, { numRuns: RUNS });
  });

  it('keeps lengths of lists: later indexes stay what they are in the source', () => {
    const property = fc.property(fc.array(value), shape, (given, element) => {
      expect(conformTo(given, list(element), [])).toHaveLength(given.length);
    });
    fc.assert(property, { numRuns: RUNS });
  });
});

describe('by example', () => {
  const pod = object({
    name: 'string',
    replicas: 'integer',
    on: 'boolean',
    size: 'quantity',
    ports: list(object({ port: 'integer' })),
    labels: mapOf('string'),
  });

  it.each<[string, unknown, unknown, string[]]>([
    ['a number for a text', { name: 7 }, { name: '7' }, ['name string']],
    ['a text for a number', { replicas: '3' }, { replicas: 3 }, ['replicas integer']],
    ['a text that is no number', { replicas: 'three' }, {}, ['replicas integer']],
    ['a fraction', { replicas: 1.5 }, {}, ['replicas integer']],
    ['a text for a truth value', { on: 'true' }, { on: true }, ['on boolean']],
    ['a number for a truth value', { on: 1 }, {}, ['on boolean']],
    ['null', { name: null, ports: null }, {}, []],
    ['a list where a text should be', { name: ['x'] }, {}, ['name string']],
    ['an element that is no object', { ports: [1, { port: 2 }, null] }, { ports: [{}, { port: 2 }, {}] }, ['ports[0] object']],
    [
      'a label that is no text',
      { labels: { 'a/b': 1, c: null, d: {} } },
      { labels: { 'a/b': '1', c: '' } },
      ['labels["a/b"] string', 'labels.d string'],
    ],
    ['a number without end', { size: Number.POSITIVE_INFINITY }, {}, ['size quantity']],
    ['fields that nobody named', { other: { x: [null] } }, { other: { x: [null] } }, []],
    ['no object at all', 'text', undefined, [' object']],
  ])('%s', (_name, given, expected, told) => {
    const misfits: Misfit[] = [];
    expect(conform(given, pod, misfits)).toEqual(expected);
    expect(misfits.map(({ path, expected: wanted }) => `${path} ${wanted}`)).toEqual(told);
  });

  it('tells twenty misfits and no more', () => {
    const misfits: Misfit[] = [];
    conform(
      Array.from({ length: 1000 }, () => 1),
      list('boolean'),
      misfits,
    );
    expect(misfits).toHaveLength(20);
  });

  it('reads a key __proto__ as a key', () => {
    const given = JSON.parse('{"labels": {"__proto__": 5, "a": "b"}}') as unknown;
    const conformed = conform(given, pod, []);
    expect(Object.getOwnPropertyDescriptor(conformed.labels, '__proto__')?.value).toBe('5');
    expect(Object.getPrototypeOf(conformed.labels)).toBe(Object.prototype);
  });
});
