/** The table of docs/prediction.md, which tools/prediction.ts writes there. */
import { LEAST_WINDOW } from '../../src/changes/proof.ts';
import { DAY } from './event.ts';
import { FAMILIES, type Family } from './families.ts';
import { type Count, OBSERVED, predicted, summed } from './prediction.ts';

export const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Of each family, by days, in the order of the seeds. */
export function allCounts(): Map<Family, Map<number, Count>[]> {
  return new Map(FAMILIES.map((family) => [family, SEEDS.map((seed) => predicted(family, seed, OBSERVED))]));
}

export function predictionTable(all: ReadonlyMap<Family, Map<number, Count>[]>): string {
  const families = FAMILIES.map((family) => ({ family, counts: all.get(family) ?? [] }));
  const cells = (of: (count: Count) => string): string[] =>
    families.map(({ family, counts }) => {
      const row = OBSERVED.map((days) => of(summed(counts.flatMap((count) => count.get(days) ?? []))));
      return `| ${family} | ${row.join(' | ')} |`;
    });
  const head = ['| family | ', OBSERVED.map((days) => `${days} days`).join(' | '), ' |\n| --- |', ' ---: |'.repeat(OBSERVED.length)].join(
    '',
  );
  const first = families.map(({ counts }) => counts[0]?.get(LEAST_WINDOW / DAY)).map((count) => `${count?.safe}/${count?.wrong}`);
  return [
    `Seeds 1 to ${SEEDS.length}. Of the changes that were called safe, so many deny something in the 30 days after:`,
    '',
    head,
    ...cells(({ safe, wrong }) => `${percent(wrong, safe)} (${wrong} of ${safe})`),
    '',
    'Of the rights that nobody uses in all 90 days, so many were called safe to take:',
    '',
    head,
    ...cells(({ earned, unused }) => percent(earned, unused)),
    '',
    `Seed 1 alone after ${LEAST_WINDOW / DAY} days, safe and wrong by family: \`${first.join(' ')}\`.`,
    '',
  ].join('\n');
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`;
}
