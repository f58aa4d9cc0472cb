/** Objects of every kind with wrong values in every place: no rule may fail on them, whatever they hold. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../src/lib/sink.ts';
import { KINDS, type Kind, type Shape } from '../../src/model/index.ts';
import { FORMATS, type ReportWriter, scan } from '../../src/report/index.ts';
import { EMPTY_CONFIG, type Finding, RULES } from '../../src/rules/index.ts';
import type { Snapshot } from '../../src/snapshot/index.ts';
import { objectsOf } from '../rule-tester.ts';
import { DEEP, RUNS } from '../runs.ts';

const TIMEOUT = 120_000 + RUNS * 200;

const jsonWriter = FORMATS.json;

/** What stands where something else was expected. None of them may be told apart by a rule's own words. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  ' ',
  'x',
  '*',
  '/',
  '..',
  '=',
  '-',
  ':',
  '@',
  'true',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  '\u0000\u001B[31m',
  '\u202E\u009B1m\n',
  '</script><b>',
  '"|`',
  '\uD800',
  'ключ',
  '{{ .Values.x }}',
  '$(X)',
  'a'.repeat(5000),
  '/'.repeat(300),
  ' '.repeat(300),
  'a,'.repeat(300),
  [],
  [null],
  [[]],
  [[[[]]]],
  ['', null, 0],
  [{}],
  [{ name: null }],
  Array.from({ length: 200 }, () => null),
  {},
  { a: null },
  { name: {} },
  { length: 3 },
  { toString: 'x', valueOf: 'x' },
  { then: 'x' },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}, "hasOwnProperty": 1}'),
];

/** Formats that people look at as they come. */
const READ_BY_PEOPLE = new Set(['table', 'list', 'html', 'markdown', 'github']);

const KEYS = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '', '.', 'a/b', 'a[0]', '"', 'name'];

type Holder = Record<string | number, unknown>;

/** Every place of a value that something else could stand in: its holder and the key. */
function placesOf(root: unknown, found: { holder: Holder; key: string | number }[] = []): typeof found {
  if (typeof root !== 'object' || root === null) return found;
  const keys: (string | number)[] = Array.isArray(root) ? root.map((_, index) => index) : Object.keys(root);
  for (const key of keys) {
    found.push({ holder: root as Holder, key });
    placesOf((root as Holder)[key], found);
  }
  return found;
}

/** Sets own properties only: what a parser makes of a key `__proto__`. */
function put(holder: Holder, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function remove(holder: Holder, key: string | number): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
}

interface Seen {
  findings: readonly Finding[];
  failures: readonly string[];
}

const OPTIONS = {
  rules: RULES,
  config: EMPTY_CONFIG,
  today: '2027-01-01',
  version: 'test',
  targets: ['x.yaml'],
  all: true,
  clock: () => 0,
  started: 0,
};

function snapshotOf(objects: readonly unknown[], complete: boolean): Snapshot {
  return {
    header: { kind: 'manifests', complete },
    objects: objects
      .filter((object): object is Record<string, unknown> => typeof object === 'object' && object !== null && !Array.isArray(object))
      .map((object) => ({ object, origin: { source: 'x.yaml', line: 1, format: 'yaml', prefix: [] } })),
    counts: { files: 1, documents: objects.length, judged: objects.length, foreign: 0 },
    gaps: [],
  };
}

function judged(objects: readonly unknown[], complete = false): Seen {
  const sink = new MemorySink();
  const findings: Finding[] = [];
  const keeper: ReportWriter = { begin: () => undefined, finding: (finding) => findings.push(finding), end: () => undefined };
  if (jsonWriter === undefined) throw new Error('there is no json writer');
  const { totals } = scan(snapshotOf(objects, complete), OPTIONS, [keeper, jsonWriter(sink, { color: false, width: 120 })]);
  const written = JSON.parse(sink.text) as { findings: unknown[] };
  if (written.findings.length !== findings.length) throw new Error(`${findings.length} findings, ${written.findings.length} written`);
  return { findings, failures: totals.gaps.filter(({ code }) => code === 'rule-failed').map(({ scope, reason }) => `${scope}: ${reason}`) };
}

/** One assertion for all findings: there are hundreds of thousands. */
function expectSound({ findings, failures }: Seen): void {
  const wrong = [...failures];
  for (const finding of findings) {
    if (/undefined|\[object/.test(finding.message)) wrong.push(`${finding.rule.id} says: ${finding.message}`);
    if (!/^[0-9a-f]{16}$/.test(finding.fingerprint)) wrong.push(`${finding.rule.id} has the fingerprint ${finding.fingerprint}`);
    try {
      JSON.stringify(finding.change);
    } catch (error) {
      wrong.push(`${finding.rule.id} proposes a change that fails: ${String(error)}`);
    }
  }
  if ('polluted' in {}) wrong.push('a rule changed the prototype of all objects');
  expect(wrong).toEqual([]);
}

const EXAMPLES: readonly (readonly unknown[])[] = RULES.flatMap(({ examples }) => {
  const { good, bad } = examples();
  return [...good, ...bad.map(({ yaml }) => yaml)].map(objectsOf);
});

const mutation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('replace' as const), place: fc.nat(), value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('remove' as const), place: fc.nat(), value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('key' as const), place: fc.nat(), value: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('transplant' as const), place: fc.nat(), value: fc.nat() }) },
);

function mutate(
  root: unknown[],
  { what, place, value }: { what: 'replace' | 'remove' | 'key' | 'transplant'; place: number; value: number },
): void {
  const places = placesOf(root);
  const { holder, key } = places[place % Math.max(places.length, 1)] ?? {};
  if (holder === undefined || key === undefined) return;
  const hostile = structuredClone(HOSTILE[value % HOSTILE.length]);
  if (what === 'replace') put(holder, key, hostile);
  else if (what === 'remove') remove(holder, key);
  else if (what === 'key') put(holder, Array.isArray(holder) ? holder.length : (KEYS[value % KEYS.length] ?? ''), hostile);
  else {
    const from = places[value % places.length];
    if (from !== undefined) put(holder, key, structuredClone(from.holder[from.key]));
  }
}

describe('rules on mutated examples', () => {
  it('has something to mutate', () => {
    expect(EXAMPLES.length).toBeGreaterThan(RULES.length);
    expect(new Set(EXAMPLES.flat().map((object) => (object as Holder).kind)).size).toBeGreaterThan(25);
  });

  it(
    'none fails, whatever stands in up to five places',
    () => {
      fc.assert(
        fc.property(
          fc.nat(EXAMPLES.length - 1),
          fc.array(mutation, { minLength: 1, maxLength: 5 }),
          fc.boolean(),
          (index, mutations, complete) => {
            const objects = structuredClone(EXAMPLES[index] ?? []) as unknown[];
            for (const each of mutations) mutate(objects, each);
            expectSound(judged(objects, complete));
          },
        ),
        { numRuns: RUNS * (DEEP ? 10 : 4) },
      );
    },
    TIMEOUT,
  );

  it(
    'none fails on objects of several examples together',
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.nat(EXAMPLES.length - 1), { minLength: 2, maxLength: 6 }),
          fc.array(mutation, { minLength: 1, maxLength: 5 }),
          (indexes, mutations) => {
            const objects = structuredClone(indexes.flatMap((index) => EXAMPLES[index] ?? [])) as unknown[];
            for (const each of mutations) mutate(objects, each);
            expectSound(judged(objects));
          },
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});

describe('reports on mutated examples', () => {
  it(
    'are written by every writer, and hold nothing that a terminal would act on',
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.nat(EXAMPLES.length - 1), { minLength: 1, maxLength: 4 }),
          fc.array(mutation, { minLength: 1, maxLength: 5 }),
          (indexes, mutations) => {
            const objects = structuredClone(indexes.flatMap((index) => EXAMPLES[index] ?? [])) as unknown[];
            for (const each of mutations) mutate(objects, each);
            const sinks = Object.keys(FORMATS).map((format) => ({ format, sink: new MemorySink() }));
            const writers = sinks
              .map(({ format, sink }) => FORMATS[format]?.(sink, { color: false, width: 80 }))
              .filter((writer) => writer !== undefined);
            scan(snapshotOf(objects, false), OPTIONS, writers);
            for (const { format, sink } of sinks) {
              if (sink.text === '' && format !== 'github') throw new Error(`${format} wrote nothing`);
              if (READ_BY_PEOPLE.has(format) && /[\p{Cc}\u202A-\u202E]/u.test(sink.text.replaceAll(/[\t\n\r]/g, '')))
                throw new Error(`${format} wrote a control character`);
            }
          },
        ),
        { numRuns: RUNS },
      );
    },
    TIMEOUT,
  );
});

/** A value with every field that a shape names. */
function sampleOf(shape: Shape): unknown {
  if (typeof shape !== 'string') {
    if ('fields' in shape) return Object.fromEntries(Object.entries(shape.fields).map(([key, field]) => [key, sampleOf(field)]));
    return 'list' in shape ? [sampleOf(shape.list)] : { key: sampleOf(shape.map) };
  }
  return { string: 'x', boolean: true, integer: 1, quantity: '1', intOrString: 80, any: { any: ['x'] } }[shape];
}

function sampleObject(kind: Kind, name = 'x', namespace = 'y'): Record<string, unknown> {
  const { groups, namespaced, shape } = KINDS[kind];
  const group = groups[0];
  const metadata = {
    name,
    ...(namespaced && { namespace }),
    labels: { a: 'b' },
    annotations: { a: 'b' },
    ownerReferences: [{ kind: 'X', name: 'x', controller: true }],
  };
  return { apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata, ...(sampleOf(shape) as object) };
}

/** Every kind that starts pods has the same fields as a Pod: only some of theirs are tried. */
function strideOf(kind: Kind): number {
  if (kind === 'Pod' || !('pod' in KINDS[kind])) return 1;
  return DEEP ? 7 : 10;
}

/** Values for one field: all in the deep run, else two that change from field to field. */
function hostileFor(index: number): readonly unknown[] {
  if (DEEP) return HOSTILE;
  return [0, 1].map((turn) => HOSTILE[(index * 2 + turn) % HOSTILE.length]);
}

/**
 * So many objects are judged in one scan, as most of a scan of one object is not about the object; each has a namespace of
 * its own. With more seeds they are judged one by one.
 */
const TOGETHER = RUNS < 1000 ? 16 : 1;

/** Those that fail together are judged alone, so that it is told which of them does. */
function expectAllSound(objects: readonly unknown[]): void {
  try {
    expectSound(judged(objects));
  } catch (error) {
    for (const object of objects) expectSound(judged([object]));
    throw error;
  }
}

interface Hostile {
  object: Record<string, unknown>;
  /** Of several such objects rules say one thing: of those without a namespace, and of the release of nodes. */
  isAlone: boolean;
}

/** The sample with something else in one of its places, once for each value. */
function hostileSamples(kind: Kind): Hostile[] {
  const samples: Hostile[] = [];
  const total = placesOf(sampleObject(kind)).length;
  for (let index = 0; index < total; index += strideOf(kind)) {
    for (const value of hostileFor(index)) {
      const object = sampleObject(kind, `x${samples.length}`, `y${samples.length}`);
      const place = placesOf(object)[index];
      if (place === undefined) throw new Error(`${kind} has no place ${index}`);
      const isAlone = kind === 'Node' || place.holder === object || place.holder === object.metadata;
      put(place.holder, place.key, structuredClone(value));
      samples.push({ object, isAlone });
    }
  }
  return samples;
}

describe('rules on every field of every kind', () => {
  it.each((Object.keys(KINDS) as Kind[]).map((kind) => [kind]))(
    '%s',
    (kind) => {
      expectSound(judged([sampleObject(kind)]));
      const samples = hostileSamples(kind);
      for (const { object, isAlone } of samples) if (isAlone) expectSound(judged([object]));
      const together = samples.filter(({ isAlone }) => !isAlone);
      for (let start = 0; start < together.length; start += TOGETHER)
        expectAllSound(together.slice(start, start + TOGETHER).map(({ object }) => object));
    },
    TIMEOUT,
  );
});
