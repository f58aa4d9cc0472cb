/** Versions for a terminal: what runs, the holes that apply, the way to a newer release. */
import { clip, fit, lineStart, plural, printable } from '../../lib/terminal.ts';
import { endOf } from '../../engines/versions/index.ts';
import type { CveEntry, RemovedEntry, StepEntry, VersionsDocument } from './document.ts';
import { closesText, holesText, removedText, skewText, supportText, useText, whereText } from './words.ts';

/** Uses of one API that are shown where nobody asks for all. */
const MOST_USES = 5;

export function versionsTable(document: VersionsDocument, { all, target }: { all: boolean; target: string }): string {
  const { on, data, kubernetes, unseen } = document;
  const lines = [`castellan versions · ${target} · judged for ${on} with data of ${data.asOf}`, ''];
  if (kubernetes.version === null) lines.push('The version of the API server is not in the input: --kubernetes-version gives it.', '');
  lines.push(...componentLines(document));
  if (unseen.length > 0 && kubernetes.version !== null) lines.push(`not in the input: ${unseen.join(', ')}`);
  lines.push('', ...cveLines(document.cves, all), ...upgradeLines(document, all));
  return `${lines
    .map((line) => lineStart(printable(line)).trimEnd())
    .join('\n')
    .trimEnd()}\n`;
}

function componentLines({ components }: VersionsDocument): string[] {
  if (components.length === 0) return ['Nothing in the input has a version that is known to Castellan.'];
  const head = ['COMPONENT', 'VERSION', 'WHERE', 'SUPPORT', 'SKEW', 'HOLES'];
  const rows = components.map((each) => [
    each.component,
    each.component === 'os' || each.version === null ? each.text : each.version,
    whereText(each),
    supportText(each),
    skewText(each),
    holesText(each),
  ]);
  const cells = [head, ...rows].map((row) => row.map((cell) => clip(printable(cell), WIDEST)));
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, column) => fit(cell, widths[column] ?? 0)).join('  '));
}
const WIDEST = 56;

function cveLines(cves: readonly CveEntry[], all: boolean): string[] {
  const lines: string[] = [];
  const section = (title: string, entries: readonly CveEntry[]): void => {
    if (entries.length > 0) lines.push(title, ...entries.flatMap(cveText), '');
  };
  const of = (applies: CveEntry['applies']): CveEntry[] => cves.filter((each) => each.applies === applies);
  const absent = of('no');
  section('Known holes that apply', of('yes'));
  section('Known holes of which it is not known whether they apply', of('unknown'));
  if (all) section('Known holes of these versions that do not apply here', absent);
  else if (absent.length > 0)
    lines.push(
      `${plural(absent.length, 'more hole')} of these versions ${absent.length === 1 ? 'does' : 'do'} not apply here: --all says why.`,
      '',
    );
  if (cves.length === 0) lines.push('No known hole of these versions.', '');
  return lines;
}

function cveText(entry: CveEntry): string[] {
  const { severity, id, component, title, because } = entry;
  return [`  ${fit(severity, 8)}  ${fit(id, 16)}  ${component}: ${title}`, `${' '.repeat(30)}${because}; ${endOf(entry)}`];
}

function upgradeLines({ upgrade, requests }: VersionsDocument, all: boolean): string[] {
  if (upgrade === null) return [];
  const { from, to, steps, already, left } = upgrade;
  if (steps.length === 0)
    return [`Upgrade: ${from} is the newest of ${to}; nothing to do for Kubernetes itself.`, ...alreadyLines(already, all)];
  const lines = [
    `Upgrade from ${from} to ${to}`,
    ...orderLines(steps),
    ...alreadyLines(already, all),
    ...steps.flatMap((step, index) => stepLines(step, { number: index + 1, all })),
  ];
  if (left.length > 0) lines.push(`  not closed by any of them: ${[...new Set(left.map(({ id }) => id))].join(', ')}`);
  if (!requests.read)
    lines.push('  Only objects tell which APIs are in use: --record FILE or --audit FILE adds what was really asked for.');
  return lines;
}

/** The order is the same in every step, so it is told once. */
function orderLines(steps: readonly StepEntry[]): string[] {
  const actions = steps.at(-1)?.actions.filter(({ part }) => part !== 'before' && part !== 'server') ?? [];
  return [`  In each step: kube-apiserver, ${actions.map(({ text }) => text).join(', ')}.`];
}

function alreadyLines(already: readonly RemovedEntry[], all: boolean): string[] {
  return already.length === 0 ? [] : ['  not served any more, and still in use:', ...already.flatMap((entry) => removedLines(entry, all))];
}

function stepLines(step: StepEntry, { number, all }: { number: number; all: boolean }): string[] {
  const { to, release, actions, removed } = step;
  const title = release !== null && release !== to ? `${to} (${release})` : to;
  return [
    `  ${number}. ${title}   closes ${closesText(step)}`,
    ...removed.flatMap((entry) => removedLines(entry, all)),
    ...actions.flatMap(({ part, text }) => (part === 'before' ? [`     ! ${text}`] : [])),
  ];
}

function removedLines(entry: RemovedEntry, all: boolean): string[] {
  const uses = all ? entry.uses : entry.uses.slice(0, MOST_USES);
  const more = entry.uses.length - uses.length;
  return [
    `     ! ${removedText(entry)}`,
    ...uses.map((use) => `         ${useText(use)}`),
    ...(more > 0 ? [`         and ${more} more: --all shows them`] : []),
  ];
}
