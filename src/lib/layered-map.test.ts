import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { LayeredMap } from './layered-map.ts';

const changes = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined })), {
  maxLength: 4,
});

test('a layered map is a map, and its copies leave it as it is', () => {
  fc.assert(
    fc.property(fc.array(changes, { maxLength: 6 }), (steps) => {
      let [layered, plain] = [new LayeredMap<number, number>(new Map([[1, 1]])), new Map([[1, 1]])];
      const states: [LayeredMap<number, number>, Map<number, number>][] = [[layered, plain]];
      for (const step of steps) {
        layered = layered.with(new Map(step));
        plain = new Map(plain);
        for (const [key, value] of new Map(step)) {
          if (value === undefined) plain.delete(key);
          else plain.set(key, value);
        }
        states.push([layered, plain]);
      }
      for (const [one, wanted] of states) {
        expect(new Map(one)).toEqual(wanted);
        for (let key = 0; key < 10; key += 1) expect(one.get(key)).toBe(wanted.get(key));
      }
    }),
    { numRuns: RUNS },
  );
});

test('many changes become the large layer', () => {
  const many = new Map(Array.from({ length: 5000 }, (_, index) => [index, index + 1]));
  const layered = new LayeredMap<number, number>().with(many).with(new Map([[7, undefined]]));
  expect([layered.get(7), layered.get(8), [...layered].length]).toEqual([undefined, 9, 4999]);
});
