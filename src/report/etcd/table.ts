/** What `castellan etcd verify` tells a person. */
import type { createColors } from 'picocolors';
import { clip, fit, lineStart, plural, printable } from '../../lib/terminal.ts';
import type { EtcdProblem, EtcdReport } from './document.ts';

type Colors = ReturnType<typeof createColors>;

const LABEL = 12;
const WIDTH = 120;
/** As many lines of a kind as are read; the JSON has all. */
const LINES = 20;

export function etcdTable(path: string, report: EtcdReport, colors: Colors): string {
  const line = (label: string, text: string): string => colors.bold(fit(label, LABEL)) + clip(printable(text), WIDTH - LABEL);
  const lines = [lineStart(printable(path)), '', colors.bold(fit('intact', LABEL)) + intactText(report, colors)];
  if (report.problems.length > 0) lines.push(...some(report.problems.map(problemText), report.problemCount));
  if (report.revision === null) return ended(lines);
  lines.push(line('checksum', CHECKSUM[report.integrity.checksum]));
  for (const text of report.integrity.unseen) lines.push(line('', `not seen: ${text}`));
  lines.push(line('revision', `${report.revision}, ${plural(report.keys, 'key')}, ${plural(report.etcd.records, 'record')}`));
  lines.push(line('etcd', etcdText(report)));
  if (report.newest !== null) lines.push(line('newest', newestText(report.newest)));
  if (report.restore !== undefined) lines.push(line('restored', restoreText(report.restore)));
  if (report.prefix === null) return ended([...lines, '', 'No API server keeps its objects here.']);
  lines.push('', ...resourceTable(report, colors));
  if (report.plain.length > 0) lines.push('', colors.bold(colors.red('plain')), ...some(report.plain, report.plain.length));
  if (report.pastPlain.length > 0)
    lines.push('', colors.bold('older records that are plain'), ...some(report.pastPlain, report.pastPlain.length));
  const notes = report.configuration ?? [];
  if (notes.length > 0)
    lines.push(
      '',
      colors.bold('configuration'),
      ...some(
        notes.map(({ message }) => message),
        notes.length,
      ),
    );
  return ended(lines);
}

const CHECKSUM: Readonly<Record<EtcdReport['integrity']['checksum'], string>> = {
  matches: 'matches: not a byte of the snapshot has changed',
  differs: 'does not match',
  absent: 'none, as this is no snapshot with one; pages and records were checked',
};

function intactText({ intact, problemCount }: EtcdReport, colors: Colors): string {
  return intact ? colors.green('yes') : colors.red(`no, ${plural(problemCount, 'problem')}`);
}

function problemText({ message, page, offset }: EtcdProblem): string {
  const place = [page === undefined ? '' : `page ${page}`, offset === undefined ? '' : `byte ${offset}`].filter((part) => part !== '');
  return place.length === 0 ? message : `${message} (${place.join(', ')})`;
}

function etcdText({ etcd }: EtcdReport): string {
  const version = etcd.storageVersion ?? etcd.clusterVersion;
  const members = etcd.members.map(({ name, id }) => (name === '' ? id : name)).join(', ');
  return [version === null ? '' : version, members === '' ? 'no members' : `members ${members}`].filter((part) => part !== '').join(', ');
}

function newestText({ time, object, of }: NonNullable<EtcdReport['newest']>): string {
  return `${time}, by the ${of} of ${object}`;
}

function restoreText({ version, revision, keys, agrees }: NonNullable<EtcdReport['restore']>): string {
  return `by etcd ${version}: revision ${revision}, ${plural(keys, 'key')}${agrees ? ', the same' : ', which differs'}`;
}

/** What is protected or encrypted, and the largest of the rest. */
function resourceTable({ resources, protected: wanted }: EtcdReport, colors: Colors): string[] {
  const all = Object.entries(resources);
  const shown = all.filter(([name, { encrypted }]) => wanted.includes(name) || encrypted > 0);
  const others = all.filter((entry) => !shown.includes(entry)).sort(([, a], [, b]) => b.total - a.total);
  const rows = [...shown, ...others.slice(0, Math.max(5, LINES - shown.length))];
  const cells = rows.map(([name, { total, plain, by }]) => [printable(name), String(total), String(plain), printable(byText(by))]);
  const head = ['resource', 'objects', 'plain', 'encrypted by'];
  const widths = head.map((_, column) => Math.min(60, Math.max(...[head, ...cells].map((row) => row[column]?.length ?? 0))));
  const text = (row: readonly string[]): string =>
    lineStart(
      row
        .map((cell, column) => (column === 1 || column === 2 ? cell.padStart(widths[column] ?? 0) : fit(cell, widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    );
  const rest = all.length - rows.length;
  return [colors.bold(text(head)), ...cells.map(text), ...(rest > 0 ? [colors.dim(`and ${plural(rest, 'other resource')}`)] : [])];
}

function byText(by: Readonly<Record<string, number>>): string {
  return Object.entries(by)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function some(texts: readonly string[], total: number): string[] {
  const shown = texts.slice(0, LINES).map((text) => `  ${clip(printable(text), WIDTH - 2)}`);
  return total > shown.length ? [...shown, `  and ${total - shown.length} more: -f json`] : shown;
}

function ended(lines: readonly string[]): string {
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
