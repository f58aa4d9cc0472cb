/** Fixes as Markdown, for a ticket or a page. */
import { type Fixes, UNKNOWN_CODES, weightOf } from '../../changes/index.ts';
import { plural } from '../../lib/terminal.ts';
import { headlineOf } from '../fixes/headline.ts';
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';

export function fixesMarkdown(found: Fixes, paths: readonly string[]): string {
  const { fixes, vendor } = found;
  const target = paths.length === 0 ? 'the cluster' : codeSpan(paths.join(' '), 200);
  const parts = [`### Castellan: ${plural(fixes.length, 'change')} for ${target}`, headlineOf(found).join(' ')];
  if (fixes.length > 0) parts.push(tableOf(fixes));
  for (const [index, { title, proof, owner }] of fixes.entries()) {
    const { denies, unknownBecause } = proof;
    const codes = [...new Set(unknownBecause.map(({ code }) => code))];
    const rows = [
      ...(owner.where === '' ? [] : [`changed ${escapeMarkdown(owner.where)}`]),
      ...denies.slice(0, 10).map((denial) => `would refuse ${codeSpan(denial.who)}: ${escapeMarkdown(denial.what)}, ${weightOf(denial)}`),
      ...(denies.length > 10 ? [`and ${denies.length - 10} more would be refused`] : []),
      ...codes.map((code) => `not known: ${UNKNOWN_CODES[code]} (${codeSpan(code)})`),
    ];
    if (rows.length > 0)
      parts.push(
        `<details><summary>${index + 1} ${escapeMarkdown(title)}</summary>\n\n${rows.map((row) => `- ${row}`).join('\n')}\n\n</details>`,
      );
  }
  if (vendor.length > 0)
    parts.push(
      `**Not yours**\n\n${vendor.map(({ title, owner }) => `- ${escapeMarkdown(title)}: change it ${escapeMarkdown(owner.where)}`).join('\n')}`,
    );
  return `${parts.join('\n\n')}\n\n<sub>\`castellan explain 1\` tells more of a change, \`castellan fixes --patch\` prints them as a patch.</sub>\n`;
}

function tableOf(fixes: Fixes['fixes']): string {
  const rows = fixes.map(
    ({ title, proof: { closes, verdict } }, index) =>
      `| ${index + 1} | ${escapeMarkdown(title)} | ${closes.exposed} · ${closes.workloads} | ${verdict} |`,
  );
  return `| | Change | Closes (outsiders · workloads) | Verdict |\n| ---: | --- | --- | --- |\n${rows.join('\n')}`;
}
