/** Expressions with values that are known, against the library's own evaluator; and what is said of values that are open. */
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import {
  ANYTHING,
  Choices,
  Evaluation,
  FAILS,
  FALSE,
  Listing,
  Mapping,
  type Outcomes,
  SOMETHING,
  SOME_BOOLEAN,
  TRUE,
  type Value,
  bounded,
  fromJson,
  parseExpression,
  truth,
} from './index.ts';

/** What an expression of `x` may come out as. */
function outcomes(text: string, x: Value): Outcomes {
  const node = parseExpression(text);
  if (node === undefined) throw new Error(`no expression: ${text}`);
  return bounded(() => {
    const choices = new Choices({ steps: 1e6 });
    return choices.outcomes(() => truth(new Evaluation(choices, { get: (name) => (name === 'x' ? x : undefined) }).of(node)));
  });
}

const LIBRARY = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true, homogeneousAggregateLiterals: false });

function byLibrary(text: string, x: unknown): Outcomes {
  try {
    const value: unknown = LIBRARY.evaluate(text, { x: asLibrary(x) });
    return value === true ? TRUE : value === false ? FALSE : FAILS;
  } catch {
    return FAILS;
  }
}

/** The library takes whole numbers as bigint. */
function asLibrary(json: unknown): unknown {
  if (typeof json === 'number') return BigInt(json);
  if (Array.isArray(json)) return json.map(asLibrary);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, asLibrary(value)]));
}

const FIELDS = ['a', 'b', 'l'] as const;
const element = fc.record({ p: fc.boolean(), q: fc.integer({ min: 0, max: 2 }) }, { requiredKeys: [] });
const object = fc.record(
  { a: fc.boolean(), b: fc.constantFrom('', 'u', 'uv'), l: fc.array(element, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const part = fc.constantFrom(
  ...FIELDS.map((field) => `has(x.${field})`),
  'x.a',
  "x.b == 'u'",
  "x.b.startsWith('u')",
  "x.b in ['u', 'w']",
  'x.l.all(e, e.p)',
  'x.l.exists(e, has(e.p) && e.p)',
  'x.l.exists_one(e, has(e.q) && e.q == 1)',
  'x.l.all(e, !has(e.q) || e.q < 2)',
  'size(x.l) > 1',
  'x.l.filter(e, e.p).size() == 1',
  'x.l.map(e, e.q).exists(q, q == 2)',
  'x.?a.orValue(false)',
  "x.?b.orValue('u') == 'u'",
  'true',
);
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    part,
    fc.tuple(tie('any'), fc.constantFrom('&&', '||', '==', '!='), tie('any')).map(([left, op, right]) => `(${left}) ${op} (${right})`),
    tie('any').map((inner) => `!(${inner})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([test, yes, no]) => `(${test}) ? (${yes}) : (${no})`),
  ),
})).any;

/** The object with some of its fields taken back to what may be there, and lists to what is at least in them. */
function loosened(json: Readonly<Record<string, unknown>>, known: number): Value {
  const there: Record<string, Value> = {};
  const maybe: Record<string, Value> = {};
  for (const [index, field] of FIELDS.entries()) {
    const value = json[field];
    const isKnown = (known & (1 << index)) !== 0;
    if (isKnown && field === 'l' && Array.isArray(value))
      there[field] = new Listing(fromJson(value.slice(0, 1)) instanceof Listing ? value.slice(0, 1).map((each) => fromJson(each)) : [], [
        anyElement(),
      ]);
    else if (isKnown && value !== undefined) there[field] = fromJson(value);
    else if (!isKnown) maybe[field] = field === 'l' ? new Listing([], [anyElement()]) : field === 'a' ? SOME_BOOLEAN : SOMETHING;
  }
  return new Mapping({ there, maybe });
}

function anyElement(): Value {
  return new Mapping({ maybe: { p: SOME_BOOLEAN, q: SOMETHING }, generic: true });
}

describe('expressions', () => {
  it('of known values are what the library says', () => {
    fc.assert(
      fc.property(expression, object, (text, json) => {
        expect([text, json, outcomes(text, fromJson(json))]).toEqual([text, json, byLibrary(text, json)]);
      }),
      { numRuns: 5 * RUNS },
    );
  });

  it('of open values may be all that they are of any value that may stand there', () => {
    fc.assert(
      fc.property(expression, object, fc.integer({ min: 0, max: 7 }), (text, json, known) => {
        const [one, all] = [outcomes(text, fromJson(json)), outcomes(text, loosened(json, known))];
        expect([text, json, known, all & one]).toEqual([text, json, known, one]);
      }),
      { numRuns: 10 * RUNS },
    );
  });

  it('are false for all pods with a container that is privileged, whatever else they say', () => {
    const privileged = new Mapping({ there: { p: true }, open: true });
    const x = new Mapping({
      there: { l: new Listing([privileged], [anyElement()]) },
      maybe: { m: new Listing([], [anyElement()]) },
      open: true,
    });
    expect(outcomes('x.l.all(e, !has(e.p) || !e.p)', x)).toBe(FALSE);
    expect(outcomes('(x.l + x.?m.orValue([])).all(e, !has(e.p) || !e.p)', x)).toBe(FALSE);
    expect(outcomes('x.l.filter(e, e.?p.orValue(false)).size() == 0', x)).toBe(FALSE);
    expect(outcomes('x.m.all(e, !has(e.p) || !e.p)', x)).toBe(TRUE | FALSE | FAILS);
    expect(outcomes("!x.other.exists(e, e == 'y')", x)).toBe(TRUE | FALSE | FAILS);
  });

  it('take two elements of an open list as two', () => {
    const x = new Mapping({ there: { l: new Listing([], [anyElement()]) } });
    expect(outcomes('x.l.exists(e, has(e.p)) && x.l.exists(e, !has(e.p))', x) & TRUE).toBe(TRUE);
    expect(outcomes('x.l.exists(e, x.l.exists(f, has(e.p) != has(f.p)))', x) & TRUE).toBe(TRUE);
  });

  it('with functions and forms that are not known are open', () => {
    for (const text of ["semver('1.0.0') == semver('2.0.0')", "x.matches('(?i)a')", "'a'.matches('(a+)+$')", "url('x') == url('x')"])
      expect([text, outcomes(text, 'a')]).toEqual([text, TRUE | FALSE | FAILS]);
    expect(parseExpression('x.all(')).toBeUndefined();
    expect(parseExpression(`${'['.repeat(5000)}${']'.repeat(5000)}`)).toBeUndefined();
    expect(parseExpression(`${'!'.repeat(20_000)}true`)).toBeUndefined();
    expect(outcomes('x', ANYTHING)).toBe(TRUE | FALSE | FAILS);
    expect(outcomes("quantity(x) == quantity('1')", ANYTHING)).toBe(TRUE | FALSE | FAILS);
  });

  it('that take too long are given up', () => {
    const list = `[${Array.from({ length: 100 }, (_, index) => index).join(', ')}]`;
    const started = process.cpuUsage().user;
    expect(outcomes(`${list}.all(a, ${list}.all(b, ${list}.all(c, ${list}.all(d, a + b + c + d >= 0))))`, 'a')).toBe(TRUE | FALSE | FAILS);
    const twice = 'x + x';
    const doubled = Array.from({ length: 30 }).reduce<string>((text) => `[${text}].map(x, ${twice})[0]`, "'aaaaaaaa'");
    expect(outcomes(`${doubled} == ''`, 'a') & TRUE).toBe(TRUE);
    expect(process.cpuUsage().user - started).toBeLessThan(3e6);
  });

  it.each([
    ["quantity('1Gi').isGreaterThan(quantity('1G')) && quantity('1G').isGreaterThan(quantity('999M'))", TRUE],
    ["quantity('0.5') == quantity('500m') && quantity('1e3') == quantity('1k') && quantity('.5Ki') == quantity('512')", TRUE],
    ["quantity('-1').isLessThan(quantity('0')) && sign(quantity('-1')) == -1 && quantity('2').compareTo(quantity('2')) == 0", TRUE],
    ["quantity('1').add(quantity('500m')).sub(1) == quantity('500m') && !quantity('500m').isInteger()", TRUE],
    ["quantity('2Ki').asInteger() == 2048", TRUE],
    ["quantity('0.1n') == quantity('1n')", TRUE],
    ["quantity('1') == '1'", FALSE],
    ["isQuantity('1.5Gi') && !isQuantity('1 Gi') && !isQuantity('') && !isQuantity('1gi')", TRUE],
    ["quantity('much') == quantity('1')", FAILS],
    ["quantity('500m').asInteger() == 0", FAILS],
    ["quantity('1') < quantity('2')", FAILS],
    ["quantity('1e99') == quantity('1')", TRUE | FALSE | FAILS],
  ])('compare quantities: %s', (text, said) => {
    expect(outcomes(text, 'a')).toBe(said);
  });

  it('know ints from doubles, and what overflows fails', () => {
    expect(outcomes('9223372036854775807 + 1 > 0', 'a')).toBe(FAILS);
    expect(outcomes('1 / 0 == 1 || true', 'a')).toBe(TRUE);
    expect(outcomes('x == 1.0', 1n)).toBe(TRUE);
    expect(outcomes("x == '1'", 1n)).toBe(FALSE);
    expect(outcomes("'é'.size() == 1 && 'b' > 'a' && '\\U0001F600' > '\\uFFFD'", 'a')).toBe(TRUE);
  });
});
