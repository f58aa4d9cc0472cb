import { expect, test } from 'vitest';
import { headlineOf } from './headline.ts';

const found = { before: { exposed: 1, workloads: 4, smallestCut: 2 }, after: { exposed: 1, workloads: 4 }, fixes: [], ofTheBest: 1 };
const inherent = { exposed: 0, workloads: 3, through: ['Calico', 'Cilium agent'] };

test('what add-ons have by nature is said once', () => {
  expect(headlineOf({ ...found, inherent })).toEqual([
    '1 foothold that outsiders can have leads to cluster control; 4 more if any workload may be broken into.',
    '0 and 3 of them lead there only through what add-ons have by nature (Calico, Cilium agent): yours to close is what leads to them.',
    'No change of yours closes any of them. The smallest complete cut has 2.',
  ]);
  expect(headlineOf({ ...found, inherent: { ...inherent, through: ['a', 'b', 'c', 'd'] } })[1]).toContain('(4 add-ons)');
  expect(headlineOf(found)).toHaveLength(2);
});
