import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { LeastIds, MOST_IDS, shareIds } from './least-ids.ts';

const leastOf = (ids: readonly string[]): string[] => {
  const least = new LeastIds();
  for (const id of ids) least.add(id);
  return least.toList();
};

test('keeps the least of all ids, each once, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), maxLength: 20 }), { maxLength: 200 }), (ids) => {
      const expected = [...new Set(ids.map((id) => id.slice(0, 16)))].filter((id) => id !== '').toSorted();
      expect(leastOf(ids)).toEqual(expected.slice(0, MOST_IDS));
      expect(leastOf([...leastOf(ids.slice(0, 90)), ...leastOf(ids.slice(90))])).toEqual(leastOf(ids));
    }),
    { numRuns: RUNS },
  );
});

test('tells a log that is given again, whole or in part, from that of another server', () => {
  const ids = Array.from({ length: 5000 }, () => randomUUID());
  const others = Array.from({ length: 5000 }, () => randomUUID());
  expect(shareIds(leastOf(ids), leastOf(ids.slice(1)))).toBe(true);
  expect(shareIds(leastOf(ids), leastOf(ids.slice(2500)))).toBe(true);
  expect(shareIds(leastOf(ids), leastOf(ids.slice(0, 1000)))).toBe(true);
  expect(shareIds(leastOf(ids.slice(0, 3000)), leastOf(ids.slice(2000)))).toBe(true);
  expect(shareIds(leastOf(ids), leastOf(others))).toBe(false);
  // One server handed a request on to the other, which keeps its id.
  expect(shareIds(leastOf([...ids, '0']), leastOf([...others, '0']))).toBe(false);
  expect(shareIds(leastOf(ids), [])).toBe(false);
});
