import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { type PatchOperation, applyPatch } from '../../lib/json-patch.ts';
import { creatable, reversed, withTests } from './reversal.ts';

const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y'), fc.boolean());
const object = fc.record({ a: fc.array(leaf, { maxLength: 3 }), b: fc.dictionary(fc.constantFrom('p', 'q', 'a/b'), leaf), c: leaf });
const operation = fc.record({
  op: fc.constantFrom('add', 'remove', 'replace', 'test'),
  path: fc.constantFrom('/a/0', '/a/1', '/a/-', '/b/p', '/b/q', '/b/a~1b', '/c', '/d', '/a', '/b'),
  value: leaf,
}) as fc.Arbitrary<PatchOperation>;

/** Those operations that fit, one after the other. */
function fitting(value: unknown, operations: readonly PatchOperation[]): PatchOperation[] {
  const fit: PatchOperation[] = [];
  let now = value;
  for (const one of operations) {
    try {
      now = applyPatch(now, [one]);
      fit.push(one);
    } catch {
      // Another draw will fit.
    }
  }
  return fit;
}

describe('a patch for a server', () => {
  test('does the same with its tests, fits nothing else at what it edits, and is taken back exactly', () => {
    fc.assert(
      fc.property(object, fc.array(operation, { maxLength: 5 }), (value, drawn) => {
        const patch = fitting(value, drawn);
        const after = applyPatch(value, patch) as Record<string, unknown>;
        expect(applyPatch(value, withTests(patch, value))).toEqual(after);
        expect(applyPatch(after, reversed(patch, value))).toEqual(value);
      }),
      { numRuns: RUNS },
    );
  });

  test('tests what it takes out or replaces, once', () => {
    const value = { subjects: ['a', 'b'], spec: { x: 1 } };
    expect(withTests([{ op: 'remove', path: '/subjects/1' }], value)).toEqual([
      { op: 'test', path: '/subjects/1', value: 'b' },
      { op: 'remove', path: '/subjects/1' },
    ]);
    const tested: PatchOperation[] = [
      { op: 'test', path: '/spec', value: { x: 1 } },
      { op: 'add', path: '/spec/x', value: 2 },
      { op: 'add', path: '/spec/y', value: 2 },
    ];
    expect(withTests(tested, value)).toEqual(tested);
  });

  test('does not test what was taken out of a snapshot, nor creates it again', () => {
    const value = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { key: 'redacted-by-castellan:aws:form:20' } };
    expect(withTests([{ op: 'remove', path: '/data/key' }], value)).toEqual([{ op: 'remove', path: '/data/key' }]);
    expect(creatable(value)).toBeUndefined();
    expect(creatable({ kind: 'Secret', metadata: { name: 'a' } })).toBeUndefined();
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'redacted-by-castellan:copy:hidden:90', a: 'b' };
    expect(creatable({ kind: 'Role', metadata: { name: 'a', annotations } })).toEqual({
      kind: 'Role',
      metadata: { name: 'a', annotations: { a: 'b' } },
    });
    const role = { kind: 'Role', metadata: { name: 'a', uid: '1', resourceVersion: '2', labels: { a: 'b' } }, rules: [], status: {} };
    expect(creatable(role)).toEqual({ kind: 'Role', metadata: { name: 'a', labels: { a: 'b' } }, rules: [] });
  });
});
