import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { Minutes, type Span } from './minutes.ts';

/** One by one over a list. */
function slow(minutes: readonly number[], least: number): { span: Span | undefined; holes: Span[] } {
  const sorted = [...new Set(minutes)].toSorted((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const holes = sorted.flatMap((minute, index) => {
    const before = sorted[index - 1] ?? minute;
    return minute - before > least ? [{ from: (before + 1) * 60, to: minute * 60 }] : [];
  });
  return { span: first === undefined || last === undefined ? undefined : { from: first * 60, to: (last + 1) * 60 }, holes };
}

test('span and holes are those of the minutes, looked at one by one', () => {
  const runs = fc.array(fc.record({ start: fc.nat(4 * 1440), length: fc.oneof(fc.nat(30), fc.nat(1600)) }), { maxLength: 5 });
  fc.assert(
    fc.property(runs, fc.integer({ min: 1, max: 5 }), (all, least) => {
      const list = all.flatMap(({ start, length }) => Array.from({ length }, (_, index) => 20_000 * 1440 + start + index));
      const minutes = new Minutes();
      for (const minute of list) minutes.add(minute * 60 + 59);
      expect({ span: minutes.span, holes: minutes.holes(least) }).toEqual(slow(list, least));
    }),
    { numRuns: RUNS },
  );
});
