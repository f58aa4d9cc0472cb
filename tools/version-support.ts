/**
 * Makes the table of support dates from a file of endoflife.date's data (`{asOf, source, products: {ID: {title, releases}}}`):
 *     node tools/version-support.ts FILE
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Release {
  releaseCycle: string;
  releaseDate?: string;
  eoas?: string | boolean;
  eol?: string | boolean;
  eoes?: string | boolean;
  latest?: string;
  supportedKubernetesVersions?: string;
}
interface Support {
  asOf: string;
  source: string;
  products: Record<string, { title: string; releases: Release[] }>;
}

const OUT = join(import.meta.dirname, '../src/engines/versions/support-data.ts');
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('name the file of support dates');
const { asOf, source, products } = JSON.parse(readFileSync(file, 'utf8')) as Support;

const tables = Object.entries(products).map(([id, { title, releases }]) => {
  const rows = releases.map((each) =>
    [
      each.releaseCycle,
      each.releaseDate,
      each.eoas,
      each.eol,
      each.eoes,
      each.supportedKubernetesVersions?.replaceAll(' ', ''),
      each.latest,
    ]
      .map(cell)
      .join(' '),
  );
  return `  ${JSON.stringify(id)}: [${JSON.stringify(title)}, \`\n${rows.join('\n')}\`],\n`;
});

writeFileSync(
  OUT,
  `/**
 * How long releases get fixes, one a line: cycle, first day, last day of all fixes, last day of any fix, last day of
 * paid or extended fixes, the Kubernetes releases that it is for, newest patch. \`-\`: not told; \`no\`: no day is set;
 * \`yes\`: over, on a day that is not told. Made by tools/version-support.ts.
 * Source: ${source}.
 */
export const SUPPORT_DATA_AS_OF = ${JSON.stringify(asOf)};

export const SUPPORT_DATA: Readonly<Record<string, readonly [title: string, rows: string]>> = {
${tables.join('')}};
`,
);

function cell(value: string | boolean | undefined): string {
  if (value === undefined || value === '') return '-';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
