/** `castellan explain FIX`: what a fix closes, what it would deny, what is not known of it, how it is made and taken back. */
import { createColors } from 'picocolors';
import { DOMAINS, type State, UNKNOWN_CODES, waysOnlyIn, weightOf } from '../changes/index.ts';
import { type FileEdit, fileEdits, serverSteps } from '../changes/edits/index.ts';
import { groupBy } from '../lib/groups.ts';
import { clip, fit, lineStart, plural, printable } from '../lib/terminal.ts';
import { wayRows, wayText } from '../report/diff/index.ts';
import { diffText, kubectlText, nodeText } from '../report/patch/index.ts';
import type { Change } from '../rules/index.ts';
import { isOfCluster } from '../snapshot/index.ts';
import { type FixFlags, type Listed, isOfNodes, listedFix } from './chosen-fixes.ts';
import { HOW_TO_KNOW } from './how-to-know.ts';
import { wantsColor } from './outputs.ts';
import { SOURCE_FILES, baseOf } from './source-files.ts';

const MOST_SHOWN = 20;
const LONGEST = 600;

type Colors = ReturnType<typeof createColors>;

/** Undefined where there is no such fix. */
export async function explainFix(
  name: string,
  paths: readonly string[],
  flags: FixFlags & { color?: boolean },
): Promise<string | undefined> {
  const listed = await listedFix(name, paths, flags);
  if (listed === undefined) return undefined;
  const colors = createColors(wantsColor(process.stdout.isTTY, flags));
  const { fix } = listed;
  const parts = [head(listed, colors), ways(listed, colors), doubts(listed, colors)];
  parts.push(isOfNodes(fix.change) ? onNodes(fix.change, colors) : edits(listed, colors));
  if (fix.instead !== undefined) parts.push(smaller(fix.instead, colors), edits({ ...listed, fix: { ...fix, ...fix.instead } }, colors));
  return parts.flat().join('\n') + '\n';
}

function head({ number, fix: { id, title, owner, alone, proof } }: Listed, { bold, dim, green, red, yellow }: Colors): string[] {
  const paint = { safe: green, 'not-touched': String, breaks: red, unknown: yellow } as const;
  const { closes, verdict, domains, replayed, denies } = proof;
  const lines = [
    `${bold(lineStart(printable(title)))}  ${dim(`${number} · ${id}`)}`,
    '',
    `${bold(fit('closes', 12))}${plural(closes.exposed, 'foothold')} of outsiders and ${plural(closes.workloads, 'workload')}${number === 1 ? '' : ` after those before it; ${alone.exposed} and ${alone.workloads} by itself`}`,
    `${bold(fit('verdict', 12))}${paint[verdict](verdict)}`,
    ...DOMAINS.filter((domain) => domains[domain] !== 'not-touched').map(
      (domain) => `${bold(fit(domain, 12))}${paint[domains[domain]](domains[domain])}`,
    ),
    `${bold(fit('replayed', 12))}${plural(replayed, 'recorded use')}, ${denies.length === 0 ? 'none' : denies.length} refused`,
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

function ways({ before, after }: Listed, { bold }: Colors): string[] {
  const rows = wayRows(waysOnlyIn(before, after).map((way) => wayText(before, way)));
  if (rows.length === 0) return [];
  const shown = rows.slice(0, MOST_SHOWN).map((row) => `  ${lineStart(clip(printable(row), LONGEST))}`);
  const more = rows.length > MOST_SHOWN ? [`  and ${rows.length - MOST_SHOWN} more: castellan paths`] : [];
  return ['', bold('Ways that it closes'), ...shown, ...more];
}

function doubts({ fix: { proof } }: Listed, { bold, dim }: Colors): string[] {
  if (proof.unknownBecause.length === 0) return [];
  const lines = ['', bold('What is not known, and how to find out')];
  for (const [code, list] of groupBy(proof.unknownBecause, (one) => one.code)) {
    lines.push(`  ${fit(code, 20)}  ${UNKNOWN_CODES[code]}`);
    const about = list.map((one) => one.about).filter((text) => text !== '');
    for (const text of about.slice(0, 3)) lines.push(`  ${fit('', 20)}  ${printable(text)}`);
    if (about.length > 3) lines.push(`  ${fit('', 20)}  and ${about.length - 3} more`);
    lines.push(dim(`  ${fit('', 20)}  ${HOW_TO_KNOW[code]}`));
  }
  return lines;
}

/** What keeps the recorded use that the fix would deny, and closes ways all the same. */
function smaller({ title, proof }: NonNullable<Listed['fix']['instead']>, { bold }: Colors): string[] {
  const { closes, verdict, unknownBecause } = proof;
  const codes = [...new Set(unknownBecause.map(({ code }) => code))];
  return [
    '',
    bold('Instead, with what is used kept'),
    `  ${lineStart(printable(title))}`,
    `  closes ${plural(closes.exposed, 'foothold')} of outsiders and ${plural(closes.workloads, 'workload')}; ${[verdict, ...codes].join(', ')}`,
  ];
}

function edits(listed: Listed, { bold }: Colors): string[] {
  const { before, fix, read } = listed;
  if (read.objects.every(({ origin }) => isOfCluster(origin))) return commands(before, fix, bold);
  const { edits: changed, unplaced } = ownEdits(listed);
  const own = unplaced.filter(({ patch }) => fix.change.patches.includes(patch));
  const lines = ['', bold('The change'), ...own.map(({ why }) => `  ${printable(why)}`)];
  if (changed.length > 0)
    lines.push(
      diffText(changed, baseOf(changed)).trimEnd(),
      '',
      bold('To take it back'),
      '  git apply -R, with the patch that castellan apply printed',
    );
  return lines;
}

/** Nobody but whoever is root there makes it. */
function onNodes(change: Change, { bold }: Colors): string[] {
  return ['', bold('The change'), ...nodeText(change).flatMap((block) => block.split('\n'))];
}

/** On files as the fixes before it leave them. */
function ownEdits({ read, earlier, fix }: Listed): ReturnType<typeof fileEdits> {
  const first = fileEdits(read.objects, earlier, SOURCE_FILES).edits;
  const both = fileEdits(read.objects, [...earlier, fix.change], SOURCE_FILES);
  const edited = both.edits.map((edit): FileEdit => {
    const left = first.find(({ path }) => path === edit.path);
    return left === undefined ? edit : { ...edit, before: left.after };
  });
  return { ...both, edits: edited.filter(({ before, after }) => before !== after) };
}

function commands(before: State, { change, owner }: Listed['fix'], bold: Colors['bold']): string[] {
  const steps = serverSteps(
    before.objects.map(({ object }) => object),
    [change],
  );
  const back = steps
    .toReversed()
    .map((step) => (step.back === undefined ? `# no way back for ${step.target}` : kubectlText(step, step.back)));
  return [
    '',
    bold('The change'),
    ...(owner.where === '' ? [] : [`  to stay, it has to be changed ${printable(owner.where)} too`]),
    ...steps.map((step) => kubectlText(step, step.action)),
    '',
    bold('To take it back'),
    ...back,
  ];
}
