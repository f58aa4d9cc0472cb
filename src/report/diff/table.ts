/** A comparison for a terminal. */
import { createColors } from 'picocolors';
import { clip, lineStart, printable } from '../../lib/terminal.ts';
import type { DiffDocument } from './document.ts';
import { type UseText, replayText, sectionsOf } from './sections.ts';

/** Rows of a part that are shown; -f json has all. */
const MOST_SHOWN = 10;
const LONGEST = 400;

export function diffTable(document: DiffDocument, use: UseText, { color, unread }: { color: boolean; unread: number }): string {
  const { bold, red, green, yellow } = createColors(color);
  const isBad = document.newPaths.length > 0 || use.denies.length > 0;
  const lines = [`${bold('verdict')}  ${(isBad ? red : unread > 0 ? yellow : green)(printable(document.verdict))}`];
  if (document.cut !== undefined) lines.push(`${bold('undo')}     ${printable(document.cut.sentence)}`);
  const replayed = replayText(use);
  if (replayed !== undefined) lines.push(`${bold('replay')}   ${printable(replayed)}`);
  for (const { title, isAlarm, rows } of sectionsOf(document, use)) {
    lines.push('', bold(isAlarm ? yellow(title) : title));
    lines.push(...rows.slice(0, MOST_SHOWN).map((row) => `  ${lineStart(clip(printable(row), LONGEST))}`));
    if (rows.length > MOST_SHOWN) lines.push(`  and ${rows.length - MOST_SHOWN} more: -f json`);
  }
  return `${lines.join('\n')}\n`;
}
