import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpuTimer } from '../../test/cpu-timer.ts';
import { LineCounter, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import { type PathSegment, parsePath } from './field-path.ts';
import { tolerantYamlOffsets } from './positions-fallback.ts';
import { DocumentPositions } from './positions.ts';
import { RUNS } from '../../test/runs.ts';

/** `line:column`, with a `~` before it when only an ancestor was found. */
function at(positions: DocumentPositions, path: string | readonly PathSegment[]): string {
  const { line, column, exact } = positions.locate(typeof path === 'string' ? parsePath(path) : path);
  return `${exact ? '' : '~'}${line}:${column}`;
}

describe('YAML', () => {
  const yaml = (text: string): DocumentPositions => new DocumentPositions(text, 'yaml');

  test('an entry stands at its key, an element at its value', () => {
    const positions = yaml(
      '# shop\n---\nkind: Pod\nspec:\n  containers:\n  - name: app\n    args: [a, "b", \'c\']\n  - &x !!map {name: b}\n',
    );
    expect(at(positions, '')).toBe('3:1');
    expect(at(positions, 'spec')).toBe('4:1');
    expect(at(positions, 'spec.containers[0]')).toBe('6:5');
    expect(at(positions, 'spec.containers[0].args')).toBe('7:5');
    expect(at(positions, 'spec.containers[0].args[1]')).toBe('7:15');
    expect(at(positions, 'spec.containers[1]')).toBe('8:14');
    expect(at(positions, 'spec.containers[1].name')).toBe('8:15');
  });

  test('a field that is absent gives its nearest ancestor', () => {
    const positions = yaml('spec:\n  containers:\n  - name: app\n');
    expect(at(positions, 'spec.containers[0].securityContext.privileged')).toBe('~3:5');
    expect(at(positions, 'spec.containers[4].name')).toBe('~2:3');
    expect(at(positions, 'spec.containers.name')).toBe('~2:3');
    expect(at(positions, 'spec.containers[0].name.x')).toBe('~3:5');
    expect(at(positions, 'metadata')).toBe('~1:1');
  });

  test('elements of which little is written', () => {
    const positions = yaml('a:\n- |\n  text\n-\n- # why\n-\t\n- !!null\n- &x\n- x: >-\n\n    folded\n-\n- - \n  -\n-\n');
    expect(
      ['a[0]', 'a[1]', 'a[2]', 'a[3]', 'a[4]', 'a[5]', 'a[6].x', 'a[7]', 'a[8][0]', 'a[8][1]', 'a[9]'].map((path) => at(positions, path)),
    ).toEqual(['2:3', '4:2', '5:3', '6:3', '7:9', '8:5', '9:3', '12:2', '13:5', '14:4', '15:2']);
  });

  test('what comes by an alias or a merge key stands where it was written', () => {
    const positions = yaml(
      'base: &base\n  image: a\n  tag: b\nmore: &more\n  <<: *base\n  tag: c\nuse: *base\nmerged:\n  <<: [*more, {own: 1, tag: d}]\n  image: e\nlist: [*base]\nloop: &loop\n  <<: *loop\n',
    );
    expect(at(positions, 'use')).toBe('7:1');
    expect(at(positions, 'use.tag')).toBe('3:3');
    expect(at(positions, 'more.image')).toBe('2:3');
    expect(at(positions, 'merged.tag')).toBe('6:3');
    expect(at(positions, 'merged.own')).toBe('9:16');
    expect(at(positions, 'merged.image')).toBe('10:3');
    expect(at(positions, 'list[0]')).toBe('11:8');
    expect(at(positions, 'list[0].image')).toBe('2:3');
    expect(at(positions, 'use.absent')).toBe('~7:1');
    expect(at(positions, 'loop.absent')).toBe('~12:1');
  });

  test('an anchor that is given twice means the nearest one above', () => {
    const positions = yaml('a: &x {k: 1}\nb: *x\nc: &x {k: 2}\nd: *x\n');
    expect(at(positions, 'b.k')).toBe('1:8');
    expect(at(positions, 'd.k')).toBe('3:8');
    expect(at(yaml('a: *nowhere\n'), 'a.k')).toBe('~1:1');
  });

  test('of keys that stand twice the last one counts', () => {
    expect(at(yaml('a: 1\nb: 2\na: {x: 3}\n'), 'a.x')).toBe('3:5');
  });

  test('keys that are no strings in YAML are found by their name in the object', () => {
    const positions = yaml('data:\n  8080: a\n  0x10: b\n  yes: c\n  "0x11": d\n  Null: e\n');
    expect(at(positions, ['data', '8080'])).toBe('2:3');
    expect(at(positions, ['data', '16'])).toBe('3:3');
    expect(at(positions, ['data', 'true'])).toBe('4:3');
    expect(at(positions, ['data', 'null'])).toBe('6:3');
    expect(at(positions, ['data', '17'])).toBe('~1:1');
    expect(at(positions, ['data', 'toString'])).toBe('~1:1');
  });

  test('CRLF, byte-order mark, astral characters, escaped keys', () => {
    expect(at(yaml('a: 1\r\nb:\r\n- c\r\n'), 'b[0]')).toBe('3:3');
    expect(at(yaml('\uFEFFa: {b: 1}\n'), 'a.b')).toBe('1:5');
    expect(at(yaml('"🎈": {b: 1}\n'), '["🎈"].b')).toBe('1:8');
    expect(at(yaml('"a\\u0062": 1\n'), 'ab')).toBe('1:1');
  });

  test('comments before the marker, an empty document before it, nothing at all', () => {
    expect(at(yaml('# only this\n---\n---\na: 1\n'), 'a')).toBe('4:1');
    expect(at(yaml(''), '')).toBe('1:1');
    expect(at(yaml('# nothing\n'), 'a')).toBe('~1:1');
  });

  test('text that only the tolerant parser reads', () => {
    const text = 'a:\n  b: [\n    1,\n    {x: 2}\n  ]\nc: &c {d: 3}\ne:\n  <<: *c\n  f: *c\n';
    expect(at(yaml(text), 'a.b')).toBe('~1:1');
    const positions = new DocumentPositions(text, 'yaml', { fallback: tolerantYamlOffsets });
    expect(at(positions, '')).toBe('1:1');
    expect(at(positions, 'a.b[1].x')).toBe('4:6');
    expect(at(positions, 'a.b[7]')).toBe('~2:3');
    expect(at(positions, 'e.d')).toBe('6:8');
    expect(at(positions, 'e.f.d')).toBe('6:8');
    expect(at(positions, 'e.g')).toBe('~7:1');
  });

  test('text that nobody reads', () => {
    expect(at(new DocumentPositions('a: [\nb: {', 'yaml', { fallback: tolerantYamlOffsets }), 'a')).toBe('~1:1');
  });

  test('long collections, keys with escapes, a key that stands twice', () => {
    const keys = Array.from({ length: 60 }, (_, index) => `k${index}: ${index}\n`).join('');
    const positions = yaml(`${keys}list:\n${'- a\n'.repeat(60)}`);
    for (const index of [0, 23, 24, 25, 59]) {
      expect(at(positions, `k${index}`)).toBe(`${index + 1}:1`);
      expect(at(positions, `list[${index}]`)).toBe(`${index + 62}:3`);
    }
    expect(at(positions, 'k60')).toBe('~1:1');
    expect(at(positions, 'list[60]')).toBe('~61:1');
    expect(at(positions, ['list', '3'])).toBe('65:3');
    expect(at(yaml(`${keys}"e\\x61": 1\n`), 'ea')).toBe('61:1');
    expect(at(yaml(`${keys}k3: 1\n`), 'k3')).toBe('61:1');
  });

  test('what was asked for before changes no answer: paths that part, end early, or lead to nothing', () => {
    const text = 'spec:\n  a:\n    b: 1\n    c: [x, y]\n  d: 2\n';
    const paths = [
      'spec.a.b',
      'spec.a.no.where',
      'spec.a.no.else',
      'spec.a',
      'spec.a.c[1]',
      'spec.a.c[2]',
      'spec.a.c[0]',
      'spec.d.e',
      'spec.d',
      'no',
      '',
    ];
    const fresh = new Map(paths.map((path) => [path, at(yaml(text), path)]));
    expect([fresh.get('spec.a.no.where'), fresh.get('spec.a.c[1]'), fresh.get('spec.d.e')]).toEqual(['~2:3', '4:12', '~5:3']);
    const positions = yaml(text);
    for (const first of paths) {
      for (const second of paths) {
        expect(at(positions, first)).toBe(fresh.get(first));
        expect(at(positions, second)).toBe(fresh.get(second));
      }
    }
  });

  test('every field of any value stands where the tolerant parser says, in any order', () => {
    const scalar = fc.oneof(
      fc.constantFrom('app', 'a: b', 'two\nlines\n', '', 'x '.repeat(60)),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('value'), { maxLength: 40 }),
        fc.dictionary(fc.stringMatching(/^[a-z][\w. /"'-]{0,5}$/), tie('value'), { maxKeys: 40 }),
      ),
    }));
    fc.assert(
      fc.property(values, fc.nat(), (value, seed) => {
        const text = stringify({ root: value });
        const tolerant = tolerantYamlOffsets(text);
        const positions = yaml(text);
        for (const path of rotated(pathsIn({ root: value }, []), seed)) {
          const { offset, exact } = tolerant.find(path);
          const before = text.slice(0, offset).split('\n');
          expect({ path, ...positions.locate(path) }).toEqual({
            path,
            line: before.length,
            column: (before.at(-1)?.length ?? 0) + 1,
            exact,
          });
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('hostile aliases end', () => {
    const levels = Array.from({ length: 40 }, (_, level) => `l${level + 1}: &l${level + 1} {<<: [*l${level}, *l${level}]}`);
    expect(at(yaml(`l0: &l0 {x: 1}\n${levels.join('\n')}\n`), 'l40.absent')).toBe('~41:1');
    const chain = Array.from({ length: 20_000 }, (_, level) => `c${level + 1}: &c${level + 1} {<<: *c${level}}`);
    expect(at(yaml(`c0: &c0 {x: 1}\n${chain.join('\n')}\n`), 'c20000.x')).toBe('1:10');
  });
});

describe('JSON', () => {
  const json = (text: string): DocumentPositions => new DocumentPositions(text, 'json');

  test('entries, elements, absent fields, the last of two names', () => {
    const positions = json(
      '{\n  "kind": "List",\n  "items": [\n    {"a": {"x": "]}\\""}, "b\\u0063": [1, [2], {"y": null}]},\n    7\n  ],\n  "kind": "Pod"\n}\n',
    );
    expect(at(positions, '')).toBe('1:1');
    expect(at(positions, 'kind')).toBe('7:3');
    expect(at(positions, 'items[0]')).toBe('4:5');
    expect(at(positions, 'items[0].a.x')).toBe('4:12');
    expect(at(positions, 'items[0].bc[2].y')).toBe('4:47');
    expect(at(positions, 'items[1]')).toBe('5:5');
    expect(at(positions, 'items[2]')).toBe('~3:3');
    expect(at(positions, 'items[0].a.x.z')).toBe('~4:12');
    expect(at(json('[]'), '[0]')).toBe('~1:1');
    expect(at(json('{}'), 'a')).toBe('~1:1');
  });

  test('every field of any value stands where the YAML parser says, in any layout and order', () => {
    const space = fc.constantFrom('', ' ', '  ', '\t');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, noUnicodeString: false }), space, fc.nat(), (value, indent, seed) => {
        const text = JSON.stringify(value, undefined, indent);
        const lineCounter = new LineCounter();
        const document = parseDocument(text, { lineCounter, uniqueKeys: false, schema: 'json', logLevel: 'silent' });
        const fields: { path: PathSegment[]; offset: number }[] = [];
        const walk = (node: unknown, path: PathSegment[]): void => {
          if (isMap(node)) {
            for (const { key, value: inner } of node.items) {
              if (!isScalar(key)) continue;
              fields.push({ path: [...path, String(key.value)], offset: key.range?.[0] ?? -1 });
              walk(inner, [...path, String(key.value)]);
            }
          } else if (isSeq(node)) {
            node.items.forEach((item, index) => {
              fields.push({ path: [...path, index], offset: isScalar(item) || isMap(item) || isSeq(item) ? (item.range?.[0] ?? -1) : -1 });
              walk(item, [...path, index]);
            });
          }
        };
        walk(document.contents, []);
        const positions = json(text);
        for (const { path, offset } of rotated(fields, seed)) {
          const { line, col } = lineCounter.linePos(offset);
          expect({ path, ...positions.locate(path) }).toEqual({ path, line, column: col, exact: true });
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('truncated text ends', () => {
    const whole = '{"a": ["x\\", {"b": 1}, "y"], "c": "d"}';
    for (let length = 0; length < whole.length; length += 1) {
      const positions = json(whole.slice(0, length));
      for (const path of ['', 'a[0]', 'a[1].b', 'c', 'z']) expect(positions.locate(parsePath(path)).line).toBe(1);
    }
  });

  test('a long list is walked once, however its items are asked for', () => {
    const item = { metadata: { name: 'x'.repeat(100), labels: { a: 'b' } }, spec: { list: [1, 2, { deep: [[[1]]] }] } };
    const count = 20_000;
    const positions = json(JSON.stringify({ kind: 'List', items: Array.from({ length: count }, () => item) }, undefined, 1));
    const lines = JSON.stringify(item, undefined, 1).split('\n').length;
    const worked = cpuTimer();
    for (let index = 0; index < count; index += 1) {
      expect(positions.locate(['items', index]).line).toBe(4 + index * lines);
      if (index % 100 === 0) expect(positions.locate(['items', index, 'spec', 'list', 2, 'deep', 0, 0, 0]).exact).toBe(true);
    }
    // Some tens of milliseconds when it is linear; minutes when it is not.
    expect(worked()).toBeLessThan(10_000);
  });
});

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** The paths of all fields, and of one that is absent below each. */
function pathsIn(value: unknown, path: readonly PathSegment[]): (readonly PathSegment[])[] {
  const below = Array.isArray(value)
    ? value.flatMap((inner, index) => pathsIn(inner, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))
      : [];
  return [path, [...path, 'absent'], ...below];
}
