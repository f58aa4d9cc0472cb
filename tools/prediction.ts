/** Writes the figures of docs/prediction.md, which takes some minutes: node tools/prediction.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allCounts, predictionTable } from '../test/history/prediction-table.ts';

const PAGE = join(import.meta.dirname, '../docs/prediction.md');
const PART = /(<!-- prediction: [^>]*-->\n)[^]*(<!-- \/prediction -->)/;

const table = predictionTable(allCounts());
writeFileSync(
  PAGE,
  readFileSync(PAGE, 'utf8').replace(PART, (_all, begin: string, end: string) => begin + table + end),
);
