import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { connsWithout, isNothing } from './conns-without.ts';
import { type Conns, PROTOCOLS, connsOf, portRange } from './ports.ts';
import { type Intervals, contains, union } from './intervals.ts';

test.each<[Conns, Conns, Conns]>([
  ['all', 'all', {}],
  ['all', { TCP: ['1-65535'], UDP: ['1-65535'] }, { SCTP: ['1-65535'] }],
  [{ TCP: ['80', '8000-8010'] }, { TCP: ['8005'] }, { TCP: ['80', '8000-8004', '8006-8010'] }],
  [{ TCP: ['80', 'http'] }, { TCP: ['80'] }, { TCP: ['http'] }],
  [{ TCP: ['http'] }, { TCP: ['http'] }, {}],
  [{ TCP: ['80'] }, 'all', {}],
  [{}, {}, {}],
])('%j without %j', (one, other, left) => {
  expect(connsWithout(one, other)).toEqual(left);
});

test('is nothing exactly where all of the one is in the other', () => {
  const range = fc
    .tuple(fc.constantFrom(...PROTOCOLS), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 4 }))
    .map(([protocol, first, more]) => portRange(protocol, first, first + more));
  const set = fc.array(range, { maxLength: 4 }).map((ranges) => ranges.reduce<Intervals<number>>((all, one) => union(all, one), []));
  fc.assert(
    fc.property(set, set, (one, other) => {
      const all = PROTOCOLS.flatMap((protocol) => Array.from({ length: 16 }, (_, port) => portRange(protocol, port + 1, port + 1)[0] ?? 0));
      const isWithin = all.every((place) => !contains(one, place) || contains(other, place));
      expect(isNothing(connsWithout(connsOf(one), connsOf(other)))).toBe(isWithin);
    }),
    { numRuns: RUNS },
  );
});
