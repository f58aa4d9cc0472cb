/** Markdown for a comment on a pull request: a headline, a table by rule, details folded, and never too long to post. */
import type { TextSink } from '../lib/sink.ts';
import { lineStart, plural } from '../lib/terminal.ts';
import { type Finding, SEVERITIES } from '../rules/index.ts';
import { codeSpan, escapeMarkdown } from './markdown-escape.ts';
import { placeOf } from './place.ts';
import { componentRows, statusesIn } from './components-section.ts';
import { podSecurityLines } from './pod-security-section.ts';
import type { ReportFrame, ReportTotals, ReportWriter } from './report.ts';
import { type RuleGroup, RuleGroups } from './rule-groups.ts';
import { fullSubject } from './subject.ts';
import { coverageOf, factOf, titleOf } from './words.ts';

/** GitHub refuses comments above 65,536 characters. */
const MOST = 60_000;
const MOST_TABLE = 24_000;
const SUBJECTS = 3;
const LISTED = 15;
const GAPS = 10;

const MARKS = { critical: '🟣', high: '🔴', medium: '🟠', low: '🔵', info: '⚪' } as const;

export function markdownWriter(sink: TextSink): ReportWriter {
  const groups = new RuleGroups(SUBJECTS, LISTED);
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      groups.add(finding, () => line(finding, frame));
    },
    end(totals) {
      sink.write(document(groups.ordered(), frame, totals));
    },
  };
}

function document(groups: readonly RuleGroup[], frame: ReportFrame, totals: ReportTotals): string {
  const text = new Bounded(MOST);
  for (const part of [headline(frame, totals), ...gapLines(totals)]) text.add(part);
  const shown = table(groups, text);
  text.add(components(frame, totals));
  const pods = podSecurityLines(frame.cluster);
  if (pods.length > 0)
    text.add(
      `**Pod Security**  \n${pods
        .slice(0, 10)
        .map((sentence) => escapeMarkdown(lineStart(sentence)))
        .join(' · ')}\n\n`,
    );
  let listed = 0;
  for (const group of groups) {
    if (!text.add(details(group))) break;
    listed += group.kept.length;
  }
  const all = groups.reduce((sum, { count }) => sum + count, 0);
  const failing = groups.reduce((sum, { status, count }) => sum + (status === 'fail' ? count : 0), 0);
  text.close(footer({ listed, all, rows: groups.length - shown, withheld: totals.byStatus.fail - failing }));
  return text.text;
}

/** Takes whole parts while there is room, and keeps some for the end. */
class Bounded {
  text = '';
  readonly #most: number;

  constructor(most: number) {
    this.#most = most - 1000;
  }

  add(part: string, most = this.#most): boolean {
    if (this.text.length + part.length > most) return false;
    this.text += part;
    return true;
  }

  close(part: string): void {
    this.text += part;
  }
}

function headline({ cluster, targets, source }: ReportFrame, totals: ReportTotals): string {
  const { bySeverity, byStatus, baseline, exceptions } = totals;
  const counts = SEVERITIES.filter((severity) => bySeverity[severity] > 0).map(
    (severity) => `${MARKS[severity]} ${bySeverity[severity]} ${severity}`,
  );
  const undecided = (['unknown', 'manual'] as const)
    .filter((status) => byStatus[status] > 0)
    .map((status) => `${byStatus[status]} ${status}`);
  const scanned = [
    plural(cluster.objects.length, 'object'),
    plural(cluster.workloadCount, 'workload'),
    plural(cluster.tables.namespaces.all.length, 'namespace'),
  ];
  const notes = [
    baseline === undefined ? '' : `baseline: ${baseline.new} new, ${baseline.known} known, ${baseline.gone} gone`,
    exceptions.used === 0 ? '' : `${plural(exceptions.used, 'finding')} excepted`,
    exceptions.expired.length === 0
      ? ''
      : `expired exceptions: ${exceptions.expired
          .slice(0, 10)
          .map((id) => codeSpan(id))
          .join(', ')}`,
    exceptions.unused.length === 0
      ? ''
      : `exceptions that match nothing: ${exceptions.unused
          .slice(0, 10)
          .map((id) => codeSpan(id))
          .join(', ')}`,
  ].filter((note) => note !== '');
  const lines = [
    `### Castellan: ${byStatus.fail === 0 ? 'nothing found' : plural(byStatus.fail, 'finding')} in ${codeSpan(titleOf({ targets, source }), 200)}`,
    [...counts, ...undecided].join(' · '),
    `${scanned.join(' · ')} · coverage ${coverageOf(totals)}`,
    notes.join(' · '),
  ];
  return `${lines.filter((text) => text !== '').join('\n\n')}\n\n`;
}

function components(frame: ReportFrame, totals: ReportTotals): string {
  const rows = componentRows(frame, totals);
  if (rows.length === 0) return '';
  const statuses = statusesIn(rows);
  const lines = rows.map(({ name, counts }) => `| ${escapeMarkdown(name)} | ${statuses.map((status) => counts[status]).join(' | ')} |`);
  return `| Component | ${statuses.join(' | ')} |\n| --- |${' ---: |'.repeat(statuses.length)}\n${lines.join('\n')}\n\n`;
}

function gapLines({ gaps }: ReportTotals): string[] {
  const real = gaps.filter(({ code }) => code !== 'namespace-absent');
  if (real.length === 0) return [];
  const rows = real
    .slice(0, GAPS)
    .map(({ scope, reason, effect }) => `- ${codeSpan(scope)}: ${escapeMarkdown(reason)}; ${escapeMarkdown(effect)}`);
  if (real.length > GAPS) rows.push(`- … and ${real.length - GAPS} more`);
  return [`<details><summary>⚠️ ${plural(real.length, 'part')} of the input not judged</summary>\n\n${rows.join('\n')}\n\n</details>\n\n`];
}

/** The number of groups that found room. */
function table(groups: readonly RuleGroup[], text: Bounded): number {
  if (groups.length === 0) return 0;
  text.add('| | Rule | Findings | Where |\n| --- | --- | ---: | --- |\n');
  const shown = groups.findIndex((group) => !text.add(row(group), MOST_TABLE));
  text.add('\n');
  return shown < 0 ? groups.length : shown;
}

function row({ rule, severity, status, count, subjects }: RuleGroup): string {
  const label = status === 'fail' ? `${MARKS[severity]} ${severity}` : status;
  const names = [...subjects].map((name) => codeSpan(name, 80)).join(' ');
  return `| ${label} | ${escapeMarkdown(rule.title, 120)} ${codeSpan(rule.id)} | ${count} | ${names}${count > subjects.size ? ' …' : ''} |\n`;
}

function details({ rule, severity, status, count, kept }: RuleGroup): string {
  const label = status === 'fail' ? severity : status;
  const more = count > kept.length ? `- … and ${count - kept.length} more\n` : '';
  return `<details><summary>${label}: ${escapeMarkdown(rule.title, 120)} (${count})</summary>\n\n${escapeMarkdown(rule.rationale, 600)}\n\n**What to do.** ${escapeMarkdown(rule.remedy, 900)}\n\n${kept.join('')}${more}\n</details>\n\n`;
}

function line(finding: Finding, frame: ReportFrame): string {
  const { path, line: number, file } = placeOf(finding, frame.source);
  return `- ${codeSpan(fullSubject(finding.subject), 160)}${file ? ` ${codeSpan(`${path}:${number}`, 200)}` : ''}: ${escapeMarkdown(factOf(finding))}\n`;
}

interface Cut {
  listed: number;
  all: number;
  /** Rows that did not fit. */
  rows: number;
  /** Findings that were not handed to this report. */
  withheld: number;
}

function footer({ listed, all, rows, withheld }: Cut): string {
  const cut = [
    listed < all ? `${listed} of ${plural(all, 'finding')} are listed above, the most severe rules first` : '',
    rows > 0 ? `${plural(rows, 'row')} of the table did not fit` : '',
    withheld > 0 ? `${plural(withheld, 'finding')} below the severity asked for are not in the table` : '',
  ].filter((part) => part !== '');
  const hint = cut.length === 0 ? '' : `${cut.join('; ')}. The formats html, json and csv hold all of them. `;
  return `<sub>${hint}\`castellan explain RULE\` tells more of a rule.</sub>\n`;
}
