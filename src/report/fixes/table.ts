/** The first screen: a row for each fix, on a narrow terminal two lines. */
import { createColors } from 'picocolors';
import type { Fix, Fixes, Proof } from '../../changes/index.ts';
import { clip, displayWidth, fit, lineStart, plural, printable, wrapped } from '../../lib/terminal.ts';
import { type WhatWasRead, factsOf, headlineOf } from './headline.ts';

export interface FixesScreen extends WhatWasRead {
  /** The paths, or the context of the cluster. */
  readonly target: string;
  readonly width: number;
  readonly color: boolean;
}

/** Below that the columns of a row would leave nothing for its title. */
const LEAST_FOR_ROWS = 110;
/** Nobody reads longer lines. */
const WIDEST = 160;
const MOST_LINES = 3;
const NUMBER = 4;
const COUNTS = 17;
const VERDICT = 7;

export function fixesTable(found: Fixes, { target, width: columns, color, ...read }: FixesScreen): string {
  const { bold } = createColors(color);
  const width = Math.max(40, Math.min(columns, WIDEST));
  const { fixes, vendor } = found;
  const rows = width < LEAST_FOR_ROWS ? narrow : wide;
  const lines = [
    ...wrapped(['castellan fixes', printable(target), ...factsOf(read)].join(' · '), width).map(bold),
    '',
    ...headlineOf(found).flatMap((text) => wrapped(text, width)),
    '',
    ...fixes.flatMap((fix, index) => rows({ fix, number: index + 1 }, { width, color, ...columnsOf(fixes, width) })),
  ];
  const notes = [
    ...[...new Set(fixes.flatMap(({ proof }) => proof.attestations))].map((said) => ['said', said] as const),
    ...(read.evidence.attestations?.expired ?? []).map(({ id, until }) => ['expired', `attestation ${id} counted until ${until}`] as const),
  ];
  lines.push(...notes.flatMap((note) => noteLines(note, width)));
  if (vendor.length > 0) lines.push('');
  for (const { title, owner } of vendor) lines.push(...noteLines(['not yours', `${title}: change it ${owner.where}`], width));
  return `${lines.map((line) => lineStart(line.trimEnd())).join('\n')}\n`;
}

function noteLines([word, text]: readonly [string, string], width: number): string[] {
  return wrapped(printable(text), width - 10, MOST_LINES).map((line, index) => fit(index === 0 ? word : '', 10) + line);
}

interface Row {
  readonly fix: Fix;
  readonly number: number;
}
type Looks = Pick<FixesScreen, 'width' | 'color'> & { readonly title: number; readonly reason: number };

/** No more than they take; what stands behind the verdict leaves the most to the titles. */
function columnsOf(fixes: readonly Fix[], width: number): Pick<Looks, 'title' | 'reason'> {
  const longest = (textOf: (fix: Fix) => string): number => Math.max(0, ...fixes.map((fix) => displayWidth(printable(textOf(fix)))));
  const reason = Math.min(longest(reasonOf), Math.floor(width * 0.25));
  return {
    reason,
    title: Math.min(
      longest(({ title }) => title),
      width - NUMBER - COUNTS - VERDICT - 6 - reason,
    ),
  };
}

function wide({ fix, number }: Row, { color, title, reason }: Looks): string[] {
  const { bold, dim } = createColors(color);
  const titles = wrapped(printable(fix.title), title, MOST_LINES);
  const reasons = wrapped(printable(reasonOf(fix)), reason, MOST_LINES);
  return Array.from({ length: Math.max(titles.length, reasons.length) }, (_, index) => {
    const isFirst = index === 0;
    return [
      isFirst ? bold(String(number).padStart(2)) : '  ',
      fit(titles[index] ?? '', title),
      fit(isFirst ? countsOf(fix.proof) : '', COUNTS),
      isFirst ? verdictText(fix.proof, color) : fit('', VERDICT),
      dim(reasons[index] ?? ''),
    ].join('  ');
  });
}

function narrow({ fix, number }: Row, { width, color }: Pick<Looks, 'width' | 'color'>): string[] {
  const { bold, dim } = createColors(color);
  const titles = wrapped(printable(fix.title), width - NUMBER, MOST_LINES);
  const counts = countsOf(fix.proof).trimEnd().replace(/ +/g, ' ');
  const left = width - NUMBER - COUNTS - VERDICT - 4;
  return [
    ...titles.map((line, index) => `${index === 0 ? bold(String(number).padStart(2)) : '  '}  ${line}`),
    `${fit('', NUMBER)}${fit(counts, COUNTS)}  ${verdictText(fix.proof, color)}  ${dim(clip(printable(reasonOf(fix)), left))}`,
  ];
}

function verdictText({ verdict }: Proof, color: boolean): string {
  const { green, red, yellow } = createColors(color);
  const paint = { safe: green, 'not-touched': green, breaks: red, unknown: yellow } as const;
  return paint[verdict](fit(verdict, VERDICT));
}

/** Of what closes no way what it settles instead. */
function countsOf({ closes: { exposed, workloads, reachablePairs, controls } }: Proof): string {
  if (exposed + workloads > 0 || reachablePairs + controls.length === 0)
    return `closes ${String(exposed).padStart(3)} · ${String(workloads).padEnd(4)}`;
  return reachablePairs > 0 ? `cuts ${plural(reachablePairs, 'pair')}` : `settles ${controls.length}`;
}

/** What to know beside the verdict, in a few words. */
function reasonOf({ proof, instead, change }: Fix): string {
  if (instead !== undefined) return `→ ${instead.proof.verdict} as: ${instead.title}`;
  if (proof.attestations.length > 0 && proof.verdict === 'safe') return 'as people say';
  const [denial] = proof.denies;
  const replayed = proof.replayed.toLocaleString('en');
  if (denial?.code !== undefined) return `${denial.code}: ${denial.who} ${denial.what}`;
  if (denial !== undefined) return `${denial.count.toLocaleString('en')} of ${replayed} uses: ${denial.who} ${denial.what}`;
  const [first, ...more] = [...new Set(proof.unknownBecause.map(({ code }) => code))];
  if (first !== undefined) return `${first}${more.length > 0 ? `, ${more.length} more` : ''}`;
  if (proof.verdict === 'safe' && change.patches.some(({ node }) => node !== undefined)) return 'refuses nobody anything';
  if (proof.replayed > 0) return `0 of ${replayed} uses`;
  return proof.domains.admission === 'safe' ? 'all that runs meets it' : 'never gave anything';
}
