import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { type PatchOperation, applyPatch, pointerSegments, sameJson } from './json-patch.ts';

describe('a patch', () => {
  // The examples of RFC 6902, appendix A, for the operations that are known here.
  test.each<[string, unknown, PatchOperation[], unknown]>([
    ['adds a member', { foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    ['adds an element', { foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    ['appends an element', { foo: ['bar'] }, [{ op: 'add', path: '/foo/-', value: ['abc'] }], { foo: ['bar', ['abc']] }],
    ['replaces what is there on add', { foo: 1 }, [{ op: 'add', path: '/foo', value: 2 }], { foo: 2 }],
    ['removes a member', { baz: 'qux', foo: 'bar' }, [{ op: 'remove', path: '/baz' }], { foo: 'bar' }],
    ['removes an element', { foo: ['bar', 'qux', 'baz'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['bar', 'baz'] }],
    ['replaces a value', { baz: 'qux' }, [{ op: 'replace', path: '/baz', value: 'boo' }], { baz: 'boo' }],
    ['tests values', { baz: 'qux', foo: ['a', 2] }, [{ op: 'test', path: '/foo/1', value: 2 }], { baz: 'qux', foo: ['a', 2] }],
    ['reads escapes', { '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    ['knows no special names', {}, [{ op: 'add', path: '/__proto__', value: { a: 1 } }], JSON.parse('{"__proto__":{"a":1}}')],
  ])('%s', (_name, before, patch, after) => {
    expect(JSON.stringify(applyPatch(before, patch))).toBe(JSON.stringify(after));
  });

  test.each<[string, unknown, PatchOperation]>([
    ['into what is missing', { foo: 'bar' }, { op: 'add', path: '/baz/bat', value: 1 }],
    ['beyond a list', { foo: ['bar'] }, { op: 'add', path: '/foo/3', value: 1 }],
    ['with a number that is none', { foo: ['bar'] }, { op: 'remove', path: '/foo/01' }],
    ['on what is not there', {}, { op: 'replace', path: '/a', value: 1 }],
    ['of another value', { baz: 'qux' }, { op: 'test', path: '/baz', value: 'bar' }],
    ['of a text for a number', { a: 10 }, { op: 'test', path: '/a', value: '10' }],
    ['of no pointer', { a: 1 }, { op: 'test', path: 'a', value: 1 }],
  ])('fails %s', (_name, before, operation) => {
    expect(() => applyPatch(before, [operation])).toThrow(expect.objectContaining({ name: 'PatchFailure', operation }));
  });

  test('leaves what it is applied to as it was, and shares the rest', () => {
    const before = { a: { b: [1] }, c: { d: 1 } };
    const after = applyPatch(before, [{ op: 'add', path: '/a/b/-', value: 2 }]) as typeof before;
    expect(before).toEqual({ a: { b: [1] }, c: { d: 1 } });
    expect(after.c).toBe(before.c);
  });

  test('tests by content, whatever the order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [a, b] = [JSON.parse(JSON.stringify(one)) as unknown, JSON.parse(JSON.stringify(other)) as unknown];
        expect(sameJson(a, b)).toBe(isSame(a, b));
        expect(sameJson(a, JSON.parse(JSON.stringify(a)))).toBe(true);
      }),
      { numRuns: RUNS },
    );
    expect(sameJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  });
});

function isSame(one: unknown, other: unknown): boolean {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    return false;
  }
}

test('a pointer has segments', () => {
  expect(pointerSegments('')).toEqual([]);
  expect(pointerSegments('/a~1b/~0c/0')).toEqual(['a/b', '~c', '0']);
  expect(pointerSegments('/a~2')).toBeUndefined();
});
