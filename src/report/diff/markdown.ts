/** A comparison as a comment on a pull request: verdict, what undoes it, what matters; the rest folded. */
import { plural } from '../../lib/terminal.ts';
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import type { DiffDocument } from './document.ts';
import { type UseText, replayText, sectionsOf } from './sections.ts';

/** GitHub refuses comments above 65,536 characters. */
const MOST = 60_000;
const MOST_ROWS = 20;
const LONGEST = 600;
const MOST_GAPS = 5;

export interface DiffGap {
  readonly scope: string;
  readonly reason: string;
}

export function diffMarkdown(document: DiffDocument, use: UseText, gaps: readonly DiffGap[]): string {
  const mark =
    document.newPaths.length > 0
      ? '🔴'
      : use.denies.length > 0 || document.levels.some(({ refusedBy }) => refusedBy !== undefined)
        ? '🟠'
        : gaps.length > 0
          ? '🟡'
          : '🟢';
  const parts = [`### ${mark} Castellan: ${escapeMarkdown(document.verdict, LONGEST)}`];
  if (document.cut !== undefined) parts.push(`**${escapeMarkdown(document.cut.sentence, LONGEST)}**`);
  const replayed = replayText(use);
  if (replayed !== undefined) parts.push(escapeMarkdown(replayed, 2000));
  if (gaps.length > 0) parts.push(gapText(gaps));
  for (const { title, isAlarm, rows } of sectionsOf(document, use)) {
    const shown = rows.slice(0, MOST_ROWS).map((row) => `- ${escapeMarkdown(row, LONGEST)}`);
    if (rows.length > MOST_ROWS) shown.push(`- … and ${rows.length - MOST_ROWS} more`);
    const list = shown.join('\n');
    parts.push(isAlarm ? `**${title}**\n\n${list}` : `<details><summary>${title}</summary>\n\n${list}\n\n</details>`);
  }
  const footer = `<sub>${plural(document.objects, 'object')} differ${document.objects === 1 ? 's' : ''}. A way is a pair of an entry and cluster control; \`castellan diff BEFORE AFTER\` shows the same on a terminal.</sub>`;
  return `${bounded(parts).join('\n\n')}\n\n${footer}\n`;
}

function bounded(parts: readonly string[]): string[] {
  const kept: string[] = [];
  let size = 0;
  for (const [index, part] of parts.entries()) {
    size += part.length;
    if (size > MOST) return [...kept, `${plural(parts.length - index, 'part')} more did not fit: \`-f json\` has them.`];
    kept.push(part);
  }
  return kept;
}

function gapText(gaps: readonly DiffGap[]): string {
  const rows = gaps.slice(0, MOST_GAPS).map(({ scope, reason }) => `- ${codeSpan(scope)}: ${escapeMarkdown(reason)}`);
  if (gaps.length > MOST_GAPS) rows.push(`- … and ${gaps.length - MOST_GAPS} more`);
  return `⚠️ Not read:\n\n${rows.join('\n')}`;
}
