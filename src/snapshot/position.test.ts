import { afterEach, expect, test } from 'vitest';
import { tolerantYamlOffsets } from '../lib/positions-fallback.ts';
import { type Origin, lineNumberOf, positionOf, usePositionFallback } from './index.ts';

const REFUSED = 'a: &all [\n  {x: 1}\n]\n';

function origin(text: string | undefined, more: Partial<Origin> = {}): Origin {
  const made: Origin = { source: 'x.yaml', line: 1, format: 'yaml', prefix: [], ...more };
  return text === undefined ? made : { ...made, text };
}

afterEach(() => usePositionFallback(tolerantYamlOffsets));

test('lines are those of the file, paths those of the object', () => {
  const list = origin('---\nitems:\n- kind: A\n- kind: B\n  spec: {x: 1}\n', { line: 40, prefix: ['items', 1] });
  expect(positionOf(list, '')).toEqual({ line: 43, column: 3, exact: true });
  expect(positionOf(list, 'spec.x')).toEqual({ line: 44, column: 10, exact: true });
  expect(positionOf(list, 'spec.y')).toEqual({ line: 44, column: 3, exact: false });
});

test('an object from a server has no position', () => {
  expect(positionOf(origin(undefined), 'spec')).toBeUndefined();
});

test('documents may be asked for in turn', () => {
  const first = origin('a: 1\nb: 2\n');
  const second = origin('{\n"b": 2}', { format: 'json', line: 10 });
  for (let round = 0; round < 2; round += 1) {
    expect(positionOf(first, 'b')).toEqual({ line: 2, column: 1, exact: true });
    expect(positionOf(second, 'b')).toEqual({ line: 11, column: 1, exact: true });
  }
});

test('what the fast parser refuses is found once a fallback is registered', () => {
  usePositionFallback(() => {
    throw new Error('refused as well');
  });
  expect(positionOf(origin(REFUSED), 'a[0].x')).toEqual({ line: 1, column: 1, exact: false });
  usePositionFallback(tolerantYamlOffsets);
  expect(positionOf(origin(REFUSED), 'a[0].x')).toEqual({ line: 2, column: 4, exact: true });
});

test.each(['{"a": 1, "b": {"c": 2}}', '{"a": 1, "b": {"c": 2}}\n', '{"a": 1,\n"b": {"c": 2}}', '\n{"a": 1, "b":\n{"c": 2}}'])(
  'the line alone is that of the position in %j',
  (text) => {
    const json = origin(text, { format: 'json', line: 3 });
    for (const path of ['', 'a', 'b.c', 'x']) expect(lineNumberOf(json, path), path).toBe(positionOf(json, path)?.line);
    expect(lineNumberOf(origin(undefined), 'a')).toBeUndefined();
  },
);
