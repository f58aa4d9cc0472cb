import { expect, test } from 'vitest';
import { longestPeriod } from './cron-period.ts';

test.each([
  ['*/5 * * * *', 1],
  ['0 3 * * *', 1],
  ['0 3 * * 0', 7],
  ['0 3 * * 7', 7],
  ['0 3 * * sat,sun', 6],
  ['0 3 * * 1-5', 3],
  ['0 3 1 * *', 31],
  ['0 3 1,15 * *', 17],
  ['0 3 1 */3 *', 92],
  ['0 3 29 2 *', 1461],
  // A Monday, or the first of the month.
  ['0 3 1 * mon', 7],
  ['TZ=Europe/Berlin 0 3 * * *', 1],
  ['@monthly', 31],
  ['@weekly', 7],
  ['0 3 5/10 * *', 11],
])('%s runs at least every %d days', (schedule, days) => {
  expect(longestPeriod(schedule)).toBe(days * 86_400);
});

test.each(['', '* * * *', '0 3 32 * *', '0 3 31 2 *', 'every day', '0 3 * foo *', '0 3 */0 * *', '0 3 5-1 * *'])(
  '"%s" is no schedule',
  (schedule) => {
    expect(longestPeriod(schedule)).toBeUndefined();
  },
);
