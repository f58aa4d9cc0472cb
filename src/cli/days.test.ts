import { expect, it } from 'vitest';
import { dayOf } from './days.ts';

it('is the day that is told', () => {
  for (const day of ['2026-08-22', '2024-02-29', '1999-12-31']) expect(dayOf(day)).toBe(day);
});

it('is today where none is told, as UTC counts', () => {
  const [before, told, after] = [new Date().toISOString(), dayOf(undefined), new Date().toISOString()];
  expect([before.slice(0, 10), after.slice(0, 10)]).toContain(told);
});

it('is refused where there is no such day', () => {
  for (const text of [
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-8-2',
    '22.08.2026',
    '2026-08-22T00:00:00Z',
    'today',
    '',
  ])
    expect(() => dayOf(text), text).toThrow(`--on takes a day such as 2026-08-22, not "${text}"`);
});
