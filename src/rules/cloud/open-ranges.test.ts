import { describe, expect, it } from 'vitest';
import { holdEveryAddress } from './open-ranges.ts';

describe('a list of networks', () => {
  it.each([
    [['0.0.0.0/0']],
    [['10.0.0.0/8', '0.0.0.0/1', '128.0.0.0/1']],
    [['::/0']],
    [['2000::/4', '3000::/4']],
    // All but what nobody comes from.
    [
      [
        '1.0.0.0/8',
        '2.0.0.0/7',
        '4.0.0.0/6',
        '8.0.0.0/7',
        '11.0.0.0/8',
        '12.0.0.0/6',
        '16.0.0.0/4',
        '32.0.0.0/3',
        '64.0.0.0/2',
        '128.0.0.0/1',
      ],
    ],
  ])('%j keeps nobody out', (ranges) => {
    expect(holdEveryAddress(ranges)).toBe(true);
  });

  it.each([[[]], [['0.0.0.0/1']], [['203.0.113.0/24', '10.0.0.0/8']], [['0.0.0.0/1', '129.0.0.0/8']], [['nonsense']]])(
    '%j keeps somebody out',
    (ranges) => {
      expect(holdEveryAddress(ranges)).toBe(false);
    },
  );
});
