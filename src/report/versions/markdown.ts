/** Versions as a page for a ticket or a wiki. */
import { codeSpan, escapeMarkdown } from '../markdown-escape.ts';
import { endOf } from '../../engines/versions/index.ts';
import type { CveEntry, RemovedEntry, VersionsDocument } from './document.ts';
import { closesText, holesText, removedText, skewText, supportText, useText, whereText } from './words.ts';

export function versionsMarkdown(document: VersionsDocument, target: string): string {
  const { on, data, components, cves, unseen, kubernetes } = document;
  const lines = [`# Versions of ${escapeMarkdown(target)}`, '', `Judged for ${on} with data of ${data.asOf}.`, ''];
  lines.push('| component | version | where | support | skew | holes |', '| --- | --- | --- | --- | --- | --- |');
  for (const each of components) {
    const version = each.component === 'os' || each.version === null ? each.text : each.version;
    const cells = [
      each.component,
      codeSpan(version),
      escapeMarkdown(whereText(each)),
      supportText(each),
      escapeMarkdown(skewText(each)),
      holesText(each),
    ];
    lines.push(`| ${cells.join(' | ')} |`);
  }
  if (unseen.length > 0 && kubernetes.version !== null) lines.push('', `Not in the input: ${unseen.join(', ')}.`);
  lines.push(...section('Known holes that apply', cves, 'yes'));
  lines.push(...section('Not known whether they apply', cves, 'unknown'));
  lines.push(...section('Holes of these versions that do not apply here', cves, 'no'));
  lines.push(...upgradeLines(document));
  return `${lines.join('\n')}\n`;
}

function section(title: string, cves: readonly CveEntry[], applies: CveEntry['applies']): string[] {
  const own = cves.filter((each) => each.applies === applies);
  if (own.length === 0) return [];
  return [
    '',
    `## ${title}`,
    '',
    '| hole | severity | component | what | because | end |',
    '| --- | --- | --- | --- | --- | --- |',
    ...own.map((each) => {
      const { id, severity, component, title: what, because } = each;
      return `| ${[id, severity, component, escapeMarkdown(what), escapeMarkdown(because), escapeMarkdown(endOf(each))].join(' | ')} |`;
    }),
  ];
}

function upgradeLines({ upgrade }: VersionsDocument): string[] {
  if (upgrade === null) return [];
  const { from, to, steps, already, left } = upgrade;
  const lines = ['', `## Upgrade from ${escapeMarkdown(from)} to ${to}`, ''];
  lines.push(...already.flatMap(removedLines));
  if (steps.length === 0) lines.push('Nothing to do for Kubernetes itself.');
  for (const [index, step] of steps.entries()) {
    const { release, actions, removed } = step;
    lines.push(`${index + 1}. **${step.to}**${release === null || release === step.to ? '' : ` (${release})`}, closes ${closesText(step)}`);
    lines.push(...removed.flatMap(removedLines).map((line) => `   ${line}`));
    lines.push(...actions.map(({ text }) => `   - ${escapeMarkdown(text)}`));
  }
  if (left.length > 0) lines.push('', `Not closed by any of them: ${[...new Set(left.map(({ id }) => id))].join(', ')}.`);
  return lines;
}

function removedLines(entry: RemovedEntry): string[] {
  return [`- **${escapeMarkdown(removedText(entry))}**`, ...entry.uses.map((use) => `  - ${escapeMarkdown(useText(use))}`)];
}
