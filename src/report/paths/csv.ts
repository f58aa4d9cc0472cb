/** Paths for a spreadsheet: a row for each entry that reaches the target. The way is that of `shown`, the first of those that are alike. */
import { CLASSES } from '../../graph/index.ts';
import { csvRecord } from '../csv-record.ts';
import type { HopText, PathsDocument } from './document.ts';
import { placeText, stepText } from './words.ts';

const COLUMNS = ['target', 'entry', 'group', 'alike', 'shown', 'steps', 'class', 'way', 'places'] as const;

export function* pathsCsv({ target, paths }: PathsDocument): Generator<string> {
  yield csvRecord(COLUMNS);
  for (const [index, { entries, count, chain }] of paths.entries()) {
    const way = chain.map((hop) => stepText(hop)).join(' \u2192 ');
    const places = [...new Set(chain.map(({ evidence }) => placeText(evidence)).filter((place) => place !== ''))].join(' ');
    for (const entry of entries)
      yield csvRecord([
        target,
        entry,
        String(index + 1),
        String(count),
        entries[0] ?? '',
        String(chain.length),
        weakestOf(chain),
        way,
        places,
      ]);
  }
}

/** The class that depends on most. */
function weakestOf(chain: readonly HopText[]): string {
  return CLASSES.findLast((each) => chain.some((hop) => hop.class === each)) ?? CLASSES[0];
}
