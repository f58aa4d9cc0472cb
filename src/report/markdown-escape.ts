/** Text inside Markdown of GitHub and GitLab, where a name may neither become markup nor call anybody. */
import { oneLine } from './one-line.ts';

const ZERO_WIDTH = '\u200b';

/** Prose: what would be markup is escaped; mentions, references and bare links are broken by a character of no width. */
export function escapeMarkdown(text: string, most = 300): string {
  return oneLine(text, most)
    .replace(/[\\`*_[\]{}()~|]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#!$%^](?=[\w"'(\\])/g, `$&${ZERO_WIDTH}`)
    .replace(/:(?=\/\/)/g, `:${ZERO_WIDTH}`)
    .replace(/\bwww(?=\.)/gi, `$&${ZERO_WIDTH}`);
}

/** A name: inside code nothing is markup, a mention or a link. Cells of a table still end at a bar. */
export function codeSpan(text: string, most = 120): string {
  const line = oneLine(text, most).replaceAll('|', String.raw`\|`);
  if (line === '') return '';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${room}${line}${room}${fence}`;
}
