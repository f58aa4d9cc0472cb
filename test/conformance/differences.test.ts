import { expect, test } from 'vitest';
import { type Difference, type Judged, reckon } from './differences.ts';

const agreed: Judged = { tool: 'a', check: 'c', case: 'agreed', theirs: 'pass', ours: 'pass', rules: ['r'] };
const differing: Judged = { ...agreed, case: 'differing', ours: 'fail' };
const explanation = (name: string, ours: Difference['ours'] = 'fail'): Difference => ({
  tool: 'a',
  check: 'c',
  case: name,
  ours,
  reason: 'because',
});

test('a disagreement without explanation is told', () => {
  expect(reckon([agreed, differing], [])).toEqual({ unlisted: [differing], stale: [], listed: [] });
});

test('an explained one is listed', () => {
  expect(reckon([agreed, differing], [explanation('differing')])).toEqual({ unlisted: [], stale: [], listed: [explanation('differing')] });
});

test.each([
  ['agrees', explanation('agreed')],
  ['is not judged', explanation('gone')],
])('an explanation of a case that %s is stale', (_why, stale) => {
  expect(reckon([agreed], [stale])).toEqual({ unlisted: [], stale: [stale], listed: [] });
});

test('an explanation of the other verdict is stale', () => {
  expect(reckon([differing], [explanation('differing', 'pass')])).toEqual({
    unlisted: [],
    stale: [explanation('differing', 'pass')],
    listed: [],
  });
});
