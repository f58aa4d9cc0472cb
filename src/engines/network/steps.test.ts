import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { contains } from './intervals.ts';
import { placesIn, setOf, withPlace } from './places.ts';
import { type Steps, changedIn, constant, merge, packed, replacedIn, stepsOf, stretches, valueAt } from './steps.ts';

const LINE = 20;

const sets = fc.subarray(Array.from({ length: LINE }, (_, place) => place)).map((places) => ({ places, set: setOf(places) }));
const lines = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: LINE, maxLength: LINE });

function of(values: readonly number[]): Steps {
  return stepsOf(
    9,
    values.map((value, place) => [place, place + 1, value] as const),
  );
}
function read(steps: Steps): number[] {
  return Array.from({ length: LINE }, (_, place) => valueAt(steps, place));
}
function readInStretches(steps: Steps): number[] {
  return [...stretches(steps, 0, LINE)].flatMap(([start, end, value]) => Array.from({ length: end - start }, () => value));
}

test('steps say of each place what a list would', () => {
  fc.assert(
    fc.property(lines, lines, sets, (a, b, { places, set }) => {
      const [x, y] = [of(a), of(b)];
      expect(read(x)).toEqual(a);
      expect(readInStretches(packed(x))).toEqual(a);
      expect(valueAt(x, LINE)).toBe(9);
      const inside = (place: number): boolean => places.includes(place);
      const expectations: [Steps, (place: number) => number | undefined][] = [
        [merge(x, y, (p, q) => p * 10 + q), (place) => (a[place] ?? 0) * 10 + (b[place] ?? 0)],
        [changedIn(x, set, (p) => p + 5), (place) => (a[place] ?? 0) + (inside(place) ? 5 : 0)],
        [changedIn(x, undefined, (p) => p + 5), (place) => (a[place] ?? 0) + 5],
        [replacedIn(x, set, y), (place) => (inside(place) ? b[place] : a[place])],
        [changedIn(constant(1), set, () => 2), (place) => (inside(place) ? 2 : 1)],
      ];
      for (const [steps, wanted] of expectations) {
        expect(read(steps)).toEqual(a.map((_, place) => wanted(place)));
        expect(Array.from(steps.starts).every((start, index) => index === 0 || start > (steps.starts[index - 1] ?? 0))).toBe(true);
        const said = [steps.base, ...Array.from(steps.values)];
        expect(said.every((value, index) => index === 0 || value !== said[index - 1])).toBe(true);
      }
    }),
    { numRuns: RUNS },
  );
});

test('a set of places is a set', () => {
  fc.assert(
    fc.property(sets, fc.integer({ min: 0, max: LINE }), ({ places, set }, one) => {
      expect([...placesIn(set)]).toEqual(places);
      expect(withPlace(set, one)).toEqual(setOf([...new Set([...places, one])].toSorted((a, b) => a - b)));
      expect(contains(withPlace(set, one), one)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});
