/** One seed of each family here, and all that docs/prediction.md tells of in the deep run. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LEAST_WINDOW } from '../../src/changes/proof.ts';
import { DEEP } from '../runs.ts';
import { DAY } from './event.ts';
import { FAMILIES, type Family } from './families.ts';
import { type Count, OBSERVED, predicted, summed } from './prediction.ts';
import { SEEDS, predictionTable } from './prediction-table.ts';

const DEFAULT = LEAST_WINDOW / DAY;
const PAGE = readFileSync(join(import.meta.dirname, '../../docs/prediction.md'), 'utf8');

function countsOf(family: Family, seeds: readonly number[]): Map<number, Count> {
  const all = seeds.map((seed) => predicted(family, seed, DEEP ? OBSERVED : [7, DEFAULT]));
  const days = [...(all[0]?.keys() ?? [])];
  return new Map(days.map((day) => [day, summed(all.flatMap((counts) => counts.get(day) ?? []))]));
}

describe.each(FAMILIES)('histories that are %s', (family) => {
  const counts = countsOf(family, DEEP ? SEEDS : [1]);

  test('what a record shows breaks, and nothing else does', () => {
    for (const { used, missed } of counts.values()) {
      expect(used).toBeGreaterThan(50);
      expect(missed).toBe(0);
    }
  });

  test('with the default window four of five unused rights are safe to take, and one in a hundred is wrong at most', () => {
    const { safe, wrong, unused, earned } = counts.get(DEFAULT) ?? summed([]);
    expect(earned / unused).toBeGreaterThanOrEqual(0.8);
    expect(wrong).toBeLessThanOrEqual(Math.max(DEEP ? 0 : 1, safe / 100));
  });
});

test('the page tells what this generator and this engine give', () => {
  const told = /<!-- prediction: [^>]*-->\n([^]*)<!-- \/prediction -->/.exec(PAGE)?.[1];
  // The whole table takes minutes; its row for the first seed alone tells whether it is of today.
  if (DEEP) expect(told).toBe(predictionTable());
  else expect(told).toContain(`\`${checksum()}\``);
});

/** Of the first seed: safe and wrong of each family after the default window. */
function checksum(): string {
  return FAMILIES.map((family) => {
    const { safe, wrong } = predicted(family, 1, [DEFAULT]).get(DEFAULT) ?? summed([]);
    return `${safe}/${wrong}`;
  }).join(' ');
}
