/** Tables about rights, whose cells are long: on a terminal they are broken so that columns stay columns, or stand in blocks. */
import { stdout } from '../lib/sink.ts';
import { displayWidth, fit, hanging, lineStart, printable, wrapped } from '../lib/terminal.ts';
import { terminalWidth } from '../lib/terminal-width.ts';
import { tableText } from './net-input.ts';

type Rows = readonly (readonly string[])[];

export function writeRightsTable(head: readonly string[], rows: Rows): void {
  stdout.write(rightsTable(head, rows, terminalWidth()));
  stdout.end();
}

/** As wide as what the columns hold where nobody says how wide it may be, or where they fit. */
export function rightsTable(head: readonly string[], rows: Rows, width: number | undefined): string {
  const all = [head, ...rows].map((row) => row.map((cell) => printable(cell)));
  const widths = head.map((_, column) => Math.max(...all.map((row) => displayWidth(row[column] ?? ''))));
  const room = (width ?? Infinity) - GAP * (head.length - 1);
  if (width === undefined || sum(widths) <= room) return tableText(head, rows);
  const narrowed = narrow(widths, room);
  const words = head.map((_, column) => Math.max(...all.flatMap((row) => (row[column] ?? '').split(' ').map(displayWidth))));
  const lines = words.every((word, column) => word <= (narrowed[column] ?? 0)) ? broken(all, narrowed) : blocks(all, width);
  return lines.map((line) => `${lineStart(line.trimEnd())}\n`).join('');
}

function broken(all: Rows, widths: readonly number[]): string[] {
  return all.flatMap((row) => {
    const cells = row.map((cell, column) => wrapped(cell, widths[column] ?? 0));
    const high = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: high }, (_, line) =>
      cells.map((lines, column) => fit(lines[line] ?? '', widths[column] ?? 0)).join(' '.repeat(GAP)),
    );
  });
}

/** A block for each row: the first cell, and below it the others with the heads of their columns. */
function blocks([head = [], ...rows]: Rows, width: number): string[] {
  const names = head.slice(1).map((name) => name.toLowerCase());
  const label = Math.max(...names.map(displayWidth)) + GAP;
  return rows.flatMap(([first = '', ...others], index) => [
    ...(index === 0 ? [] : ['']),
    ...hanging(first, width),
    ...others.flatMap((cell, column) =>
      wrapped(cell, Math.max(LEAST, width - INDENT - label)).map(
        (text, line) => ' '.repeat(INDENT) + fit(line === 0 ? (names[column] ?? '') : '', label) + text,
      ),
    ),
  ]);
}

const INDENT = 4;
const GAP = 2;
/** Of a column. */
const LEAST = 10;

/** The widest columns give way first, down to one width for all that are wider. */
function narrow(widths: readonly number[], room: number): number[] {
  let most = Math.max(...widths);
  const at = (limit: number): number[] => widths.map((each) => Math.min(each, limit));
  while (most > LEAST && sum(at(most)) > room) most -= 1;
  return at(most);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, each) => all + each, 0);
}
