/** CSV of RFC 4180 for spreadsheets, which run what begins like a formula: such cells get an apostrophe in front. */
import { oneLine } from './one-line.ts';

/** One line; cells that a spreadsheet would run are made harmless. */
export function csvRecord(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(text: string): string {
  // The forms of full width count as well where a spreadsheet runs in Japanese or Chinese.
  const safe = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  const line = oneLine(safe, 2000);
  return /[",;\s']/.test(line) ? `"${line.replaceAll('"', '""')}"` : line;
}
