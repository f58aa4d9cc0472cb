import { describe, expect, it } from 'vitest';
import { boundOf } from './best-bound.ts';

describe('what no few removals close more than', () => {
  it('is what the best of them stand before, where each entry has a way of its own', () => {
    const ways = [0, 0, 0, 1, 1, 2].map((removal) => ({ weight: 1, ways: [[removal]] }));
    expect([1, 2, 3].map((top) => boundOf(ways, 3, top))).toEqual([3, 5, 6]);
  });
  it('takes for each entry the way that says most', () => {
    // One door before all of them, and one behind it for each.
    const ways = [1, 2, 3, 4].map((own) => ({ weight: 2, ways: [[0, own], [own]] }));
    expect(boundOf(ways, 5, 2)).toBe(4);
  });
  it('counts what has no way that can be told', () => {
    expect(
      boundOf(
        [
          { weight: 3, ways: [] },
          { weight: 1, ways: [[0]] },
        ],
        1,
        1,
      ),
    ).toBe(4);
  });
});
