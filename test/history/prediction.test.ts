/** One seed of each family here, and all that docs/prediction.md tells of in the deep run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { LEAST_WINDOW } from '../../src/changes/proof.ts';
import { DEEP } from '../runs.ts';
import { DAY } from './event.ts';
import { FAMILIES, type Family } from './families.ts';
import { type Count, OBSERVED, predicted, summed } from './prediction.ts';
import { SEEDS, predictionTable } from './prediction-table.ts';

const DEFAULT = LEAST_WINDOW / DAY;
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/prediction.md'), 'utf8');

/** By family and then by days; in the order of the seeds. */
const COUNTS = new Map<Family, Map<number, Count>[]>();

beforeAll(() => {
  for (const family of FAMILIES)
    COUNTS.set(
      family,
      (DEEP ? SEEDS : [1]).map((seed) => predicted(family, seed, DEEP ? OBSERVED : [DEFAULT])),
    );
}, 3_600_000);

const countsOf = (family: Family): Count[] => (COUNTS.get(family) ?? []).flatMap((counts) => [...counts.values()]);
const withDefault = (family: Family): Count => summed((COUNTS.get(family) ?? []).flatMap((counts) => counts.get(DEFAULT) ?? []));

test.each(FAMILIES)('%s: what a record shows breaks, and nothing else does', (family) => {
  for (const { used, missed } of countsOf(family)) {
    expect(used).toBeGreaterThan(30);
    expect(missed).toBe(0);
  }
});

test('after the default window four of five unused rights are safe to take', () => {
  const { unused, earned } = summed(FAMILIES.map(withDefault));
  expect(earned / unused).toBeGreaterThanOrEqual(0.8);
});

test('and one in a hundred that were called safe is wrong at most, of each family', () => {
  for (const family of FAMILIES) {
    const { safe, wrong } = withDefault(family);
    // Of one history there are fewer than a hundred.
    expect(wrong, family).toBeLessThanOrEqual(Math.max(DEEP ? 0 : 1, safe / 100));
  }
});

test('the page tells what this generator and this engine give', () => {
  const told = /<!-- prediction: [^>]*-->\n([^]*)<!-- \/prediction -->/.exec(PAGE)?.[1];
  const first = FAMILIES.map((family) => COUNTS.get(family)?.[0]?.get(DEFAULT)).map((count) => `${count?.safe}/${count?.wrong}`);
  // The whole table takes minutes: what it says of the first seed tells whether it is of today.
  expect(told).toContain(`\`${first.join(' ')}\``);
  if (DEEP) expect(told).toBe(predictionTable(COUNTS));
});
