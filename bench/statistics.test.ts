import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { growthExponent, median, pairedRatio } from './statistics.ts';
import { RUNS } from '../test/runs.ts';

describe('median', () => {
  test('takes the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 2, 4, 100])).toBe(7);
    expect(median([3])).toBe(3);
  });

  test('sorts as numbers and not as text', () => {
    expect(median([100, 20, 3])).toBe(20);
  });

  test('leaves its input as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test('refuses an empty list', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('growthExponent', () => {
  test('finds the power of any power law, whatever its factor', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3, noNaN: true }), fc.double({ min: 0.001, max: 1000, noNaN: true }), (power, factor) => {
        const points = [1000, 3000, 10_000, 30_000].map((size) => ({ size, cost: factor * size ** power }));
        expect(growthExponent(points)).toBeCloseTo(power, 6);
      }),
      { numRuns: RUNS },
    );
  });

  test('sees a quadratic part that grows into a linear cost', () => {
    const points = [1000, 3000, 10_000, 30_000].map((size) => ({ size, cost: size * 1e-4 + size ** 2 * 1e-8 }));
    expect(growthExponent(points)).toBeGreaterThan(1.1);
  });

  test('a fixed start-up cost makes growth look slower, never faster', () => {
    const points = [1000, 3000, 10_000, 30_000].map((size) => ({ size, cost: 0.1 + size * 1e-4 }));
    expect(growthExponent(points)).toBeLessThan(1);
  });

  test('refuses fewer than two sizes, and equal sizes', () => {
    expect(() => growthExponent([{ size: 1, cost: 1 }])).toThrow(RangeError);
    expect(() =>
      growthExponent([
        { size: 5, cost: 1 },
        { size: 5, cost: 2 },
      ]),
    ).toThrow(RangeError);
  });
});

describe('pairedRatio', () => {
  test('compares neighbours, so that a slow moment of the machine cancels out', () => {
    expect(pairedRatio([1, 10, 1], [2, 20, 2])).toBe(0.5);
  });

  test('ignores a run that has no partner', () => {
    expect(pairedRatio([1, 1, 50], [2, 2])).toBe(0.5);
  });
});
