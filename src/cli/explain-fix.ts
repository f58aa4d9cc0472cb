/** `castellan explain FIX`: what a fix closes, what it would deny, what is not known of it, how it is made and taken back. */
import { createColors } from 'picocolors';
import { DOMAINS, unseenText, weightOf } from '../changes/index.ts';
import { clip, fit, lineStart, plural, printable } from '../lib/terminal.ts';
import { wayRow } from '../report/diff/index.ts';
import { type FixStory, type TextOfEdits, storyOf } from '../report/fixes/index.ts';
import { type FixFlags, listedFix } from './chosen-fixes.ts';
import { screenOf } from './outputs.ts';
import { baseOf, filesWith } from './source-files.ts';

const MOST_SHOWN = 20;
const LONGEST = 600;

type Colors = ReturnType<typeof createColors>;

/** Errors: CAS_NO_FIX. Undefined where the list has none of that id. */
export async function explainFix(
  name: string,
  paths: readonly string[],
  flags: FixFlags & { color?: boolean },
): Promise<string | undefined> {
  const files = await filesWith(flags.source);
  const listed = await listedFix(name, paths, { ...flags, sources: files.sources });
  if (listed === undefined) return undefined;
  const colors = createColors(screenOf(flags).color);
  const story = storyOf(listed, { files, baseOf });
  const { instead } = story;
  const parts = [head(story, listed.day, colors), ways(story, colors), doubts(story, colors), edits(story.change, colors)];
  if (instead !== undefined) parts.push(smaller(instead, colors), edits(instead.change, colors));
  return parts.flat().join('\n') + '\n';
}

function head(
  { number, fix: { id, title, owner, alone, proof } }: FixStory,
  day: string | undefined,
  { bold, dim, green, red, yellow }: Colors,
): string[] {
  const paint = { safe: green, 'not-touched': String, breaks: red, unknown: yellow } as const;
  const { closes, verdict, domains, replayed, denies, unseen } = proof;
  const lines = [
    `${bold(lineStart(printable(title)))}  ${dim(`${number} · ${id}`)}`,
    '',
    `${bold(fit('closes', 12))}${plural(closes.exposed, 'foothold')} of outsiders and ${plural(closes.workloads, 'workload')}${number === 1 ? '' : ` after those before it; ${alone.exposed} and ${alone.workloads} by itself`}`,
    `${bold(fit('verdict', 12))}${paint[verdict](verdict)}`,
    ...DOMAINS.filter((domain) => domains[domain] !== 'not-touched').map(
      (domain) => `${bold(fit(domain, 12))}${paint[domains[domain]](domains[domain])}`,
    ),
    `${bold(fit('replayed', 12))}${plural(replayed, 'recorded use')}, ${denies.length === 0 ? 'none' : denies.length} refused`,
    ...(day === undefined ? [] : [`${bold(fit('as on', 12))}${day}`]),
    ...(unseen === undefined ? [] : [`${bold(fit('not seen', 12))}${unseenText(unseen)}`]),
    `${bold(fit('owner', 12))}${owner.kind === 'you' ? 'you' : `${printable(owner.name)}: change it ${printable(owner.where)}`}`,
  ];
  if (denies.length === 0) return lines;
  lines.push('', bold('Would be refused'));
  for (const denial of denies.slice(0, MOST_SHOWN)) {
    const { who, what, last } = denial;
    const when = last > 0 ? `, last ${new Date(last * 1000).toISOString().slice(0, 10)}` : '';
    lines.push(`  ${lineStart(printable(`${who}: ${what}, ${weightOf(denial)}${when}`))}`);
  }
  if (denies.length > MOST_SHOWN) lines.push(`  and ${denies.length - MOST_SHOWN} more: castellan fixes -f json`);
  return lines;
}

function ways({ ways: rows }: FixStory, { bold }: Colors): string[] {
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_SHOWN).map((row) => `  ${lineStart(clip(printable(wayRow(row)), LONGEST))}`);
  const more = rows.length > MOST_SHOWN ? [`  and ${rows.length - MOST_SHOWN} more: castellan paths`] : [];
  return ['', bold('Ways that it closes'), ...shown, ...more];
}

function doubts({ doubts: all }: FixStory, { bold, dim }: Colors): string[] {
  if (all.length === 0) return [];
  const lines = ['', bold('What is not known, and how to find out')];
  for (const { code, because, about, howToKnow } of all) {
    lines.push(`  ${fit(code, 20)}  ${because}`);
    for (const text of about.slice(0, 3)) lines.push(`  ${fit('', 20)}  ${printable(text)}`);
    if (about.length > 3) lines.push(`  ${fit('', 20)}  and ${about.length - 3} more`);
    lines.push(dim(`  ${fit('', 20)}  ${howToKnow}`));
  }
  return lines;
}

/** What keeps the recorded use that the fix would deny, and closes ways all the same. */
function smaller({ title, proof, doubts: codes }: NonNullable<FixStory['instead']>, { bold }: Colors): string[] {
  const { closes, verdict } = proof;
  return [
    '',
    bold('Instead, with what is used kept'),
    `  ${lineStart(printable(title))}`,
    `  closes ${plural(closes.exposed, 'foothold')} of outsiders and ${plural(closes.workloads, 'workload')}; ${[verdict, ...codes.map(({ code }) => code)].join(', ')}`,
  ];
}

function edits({ form, notes, change, back }: TextOfEdits, { bold }: Colors): string[] {
  const lines = ['', bold('The change'), ...notes.map((note) => `  ${printable(note)}`)];
  if (change === '') return lines;
  const way = form === 'diff' ? '  git apply -R, with the patch that castellan apply printed' : back.trimEnd();
  return [...lines, change.trimEnd(), '', bold('To take it back'), way];
}
