/** What the page shows without a script: the counts, the worst rules, Pod Security, frameworks, coverage, all rules. */
import { plural } from '../lib/terminal.ts';
import { FRAMEWORKS, SEVERITIES, STATUSES, type Severity, type Status } from '../rules/index.ts';
import { escapeMarkup as esc } from './markup.ts';
import { componentRows } from './components-section.ts';
import { type PodSecurityEntry, podSecurityOf } from './pod-security-section.ts';
import type { ReportFrame, ReportTotals } from './report.ts';
import type { RuleGroup } from './rule-groups.ts';
import { oneLine } from './one-line.ts';
import { coverageOf, titleOf } from './words.ts';

const WORST = 5;
const MOST_GAPS = 1000;
const MOST_BLOCKED = 100;
const BAR = 1000;

export type SeverityCounts = Record<Severity, number>;

/** What stands in the file, which is less than was found when a least severity was asked for. */
export interface Shown {
  bySeverity: SeverityCounts;
  byStatus: Record<Status, number>;
}

export function header(frame: ReportFrame): string {
  const { cluster, source, version } = frame;
  const facts = [
    counted(cluster.objects.length, 'object'),
    counted(cluster.workloadCount, 'workload'),
    counted(cluster.tables.namespaces.all.length, 'namespace'),
    source.kubernetesVersion === null ? '' : `Kubernetes ${source.kubernetesVersion}`,
    source.cluster === undefined ? '' : source.cluster.server,
    source.takenAt === undefined ? '' : `read ${source.takenAt}`,
    `Castellan ${version}`,
  ].filter((fact) => fact !== '');
  return `<header>
<div><p class="brand">Castellan <span>security report</span></p>
<h1>${esc(titleOf(frame)) || 'scan'}</h1>
<p class="facts">${facts.map((fact) => esc(oneLine(fact, 100))).join(' · ')}</p></div>
<button type="button" id="theme" class="quiet" hidden>Theme: system</button>
</header>`;
}

export function summary(groups: readonly RuleGroup[], { bySeverity, byStatus }: Shown, totals: ReportTotals): string {
  const withheld = totals.byStatus.fail - byStatus.fail;
  const undecided = (['unknown', 'manual', 'excepted', 'pass'] as const)
    .filter((status) => byStatus[status] > 0)
    .map((status) => `<span><b>${byStatus[status].toLocaleString('en')}</b> ${STATUS_WORDS[status]}</span>`);
  const tiles = SEVERITIES.map(
    (severity) =>
      `<li class="tile ${severity}" data-severity="${severity}"><b>${bySeverity[severity].toLocaleString('en')}</b> <span>${severity}</span></li>`,
  );
  return `<section class="summary" aria-label="Summary">
<div><h2><b>${byStatus.fail.toLocaleString('en')}</b> ${byStatus.fail === 1 ? 'finding' : 'findings'}</h2>
${severityBar(bySeverity)}
<ul class="tiles">${tiles.join('')}</ul>
<p class="also">${undecided.join(' ')}${withheld > 0 ? ` <span>${counted(withheld, 'finding')} below the severity asked for are not in this file</span>` : ''}</p></div>
<div class="worst"><h2>Look here first</h2>${worst(groups)}</div>
</section>`;
}

const STATUS_WORDS = { unknown: 'could not be decided', manual: 'for a person to judge', excepted: 'excepted', pass: 'passed' } as const;

function severityBar(counts: SeverityCounts): string {
  const total = SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
  let x = 0;
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) => {
    // What is there is seen, however much there is of the rest.
    const width = Math.max(6, Math.round((counts[severity] / total) * BAR));
    const rect = `<rect class="${severity}" x="${x}" width="${width - 2}" height="10"><title>${counts[severity]} ${severity}</title></rect>`;
    x += width;
    return rect;
  });
  const text = SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ');
  return `<svg class="bar" viewBox="0 0 ${Math.max(x, 1)} 10" preserveAspectRatio="none" role="img" aria-label="${text}">${parts.join('')}</svg>`;
}

function worst(groups: readonly RuleGroup[]): string {
  const failing = groups.filter(({ status }) => status === 'fail').slice(0, WORST);
  if (failing.length === 0) return '<p class="none">Nothing failed.</p>';
  const items = failing.map(
    ({ rule, severity, count, subjects }) =>
      `<li data-rule="${esc(rule.id)}">${badge(severity)}<span class="name">${esc(rule.title)}</span><span class="where">${names(subjects, count, 2)}</span><span class="count">${count.toLocaleString('en')}</span></li>`,
  );
  return `<ol>${items.join('')}</ol>`;
}

/** The findings by rule; the script puts the full list in its place. */
export function ruleTable(groups: readonly RuleGroup[]): string {
  if (groups.length === 0) return '<p class="none">There is nothing to list.</p>';
  const rows = groups.map(
    ({ rule, severity, status, count, subjects }) =>
      `<tr><td>${status === 'fail' ? badge(severity) : `<span class="badge other">${status}</span>`}</td><td>${esc(rule.title)} <code>${esc(rule.id)}</code><details><summary>What to do</summary><p>${esc(rule.rationale)}</p><p>${esc(rule.remedy)}</p></details></td><td class="count">${count.toLocaleString('en')}</td><td class="where">${names(subjects, count, 4)}</td></tr>`,
  );
  return `<table><caption class="hidden">Findings by rule</caption><thead><tr><th scope="col">Severity</th><th scope="col">Rule</th><th scope="col" class="count">Findings</th><th scope="col">Where</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

export function podSecurity({ cluster }: ReportFrame): string {
  const entries = podSecurityOf(cluster);
  if (entries.length === 0) return '';
  const enforced = entries.filter((entry) => entry.enforced === entry.possible && entry.possible !== 'privileged').length;
  const could = entries.filter((entry) => entry.possible !== 'privileged' && entry.enforced !== entry.possible).length;
  const needs = entries.length - enforced - could;
  const line = [
    enforced > 0 ? `${plural(enforced, 'namespace')} at the strictest level possible` : '',
    could > 0 ? `${could} could enforce a stricter one today` : '',
    needs > 0 ? `${needs} ${needs === 1 ? 'needs' : 'need'} privileged` : '',
  ];
  const rows = entries.map(
    (entry) =>
      `<tr><th scope="row">${esc(oneLine(entry.namespace, 200))}</th><td class="count">${entry.workloads}</td><td>${level(entry.enforced)}</td><td>${level(entry.possible)}</td><td>${inTheWay(entry)}</td></tr>`,
  );
  return fold({
    title: 'Pod Security',
    line: line.filter((part) => part !== '').join(' · '),
    body: `<table><thead><tr><th scope="col">Namespace</th><th scope="col" class="count">Workloads</th><th scope="col">Enforced</th><th scope="col">Possible today</th><th scope="col">In the way of more</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  });
}

function level(name: PodSecurityEntry['enforced']): string {
  return name === null ? '<span class="dim">none</span>' : `<span class="level ${name}">${name}</span>`;
}

function inTheWay({ blockers, workloads }: PodSecurityEntry): string {
  return (['baseline', 'restricted'] as const)
    .map((wanted) => {
      const blocked = blockers[wanted] ?? [];
      if (blocked.length === 0) return '';
      const items = blocked
        .slice(0, MOST_BLOCKED)
        .map(
          ({ workload, controls }) =>
            `<li>${esc(oneLine(workload, 300))} <span class="dim">${esc(oneLine(controls.join(', '), 400))}</span></li>`,
        );
      if (blocked.length > MOST_BLOCKED) items.push(`<li class="dim">… and ${blocked.length - MOST_BLOCKED} more</li>`);
      return `<details><summary>${blocked.length} of ${plural(workloads, 'workload')} short of ${wanted}</summary><ul>${items.join('')}</ul></details>`;
    })
    .join('');
}

export function components(frame: ReportFrame, totals: ReportTotals): string {
  const rows = componentRows(frame, totals);
  if (rows.length === 0) return '';
  const lines = rows.map(({ name, counts }) => {
    const cells = STATUSES.map((status) => `<td class="count${counts[status] === 0 ? ' dim' : ''}">${counts[status]}</td>`);
    return `<tr><th scope="row">${esc(name)}</th>${cells.join('')}</tr>`;
  });
  const failing = rows.filter(({ counts }) => counts.fail > 0).map(({ name, counts }) => `${esc(name)}: ${counts.fail}`);
  return fold({
    title: 'Components',
    line: failing.join(' · '),
    body: `<table><thead><tr><th scope="col">Component</th>${STATUS_HEADS}</tr></thead><tbody>${lines.join('\n')}</tbody></table>`,
  });
}

const STATUS_HEADS = STATUSES.map(
  (status) => `<th scope="col" class="count">${status === 'not-applicable' ? 'no subject' : status}</th>`,
).join('');

export function frameworks({ byFramework }: ReportTotals): string {
  const shown = FRAMEWORKS.filter(({ id }) => byFramework[id] !== undefined);
  const rows = shown.map(({ id, title }) => {
    const counts = byFramework[id];
    const cells = STATUSES.map((status) => `<td class="count${counts?.[status] === 0 ? ' dim' : ''}">${counts?.[status] ?? 0}</td>`);
    return `<tr><th scope="row">${esc(title)}</th>${cells.join('')}</tr>`;
  });
  const line = shown
    .map(({ id }) => {
      const { fail = 0, pass = 0, excepted = 0 } = byFramework[id] ?? {};
      return `${id}: ${fail} of ${fail + pass + excepted} fail`;
    })
    .join(' · ');
  return fold({
    title: 'Frameworks',
    line,
    body: `<p class="dim">Controls that a rule answers, each counted once. A control without a subject in this input is neither passed nor failed.</p><table><thead><tr><th scope="col">Framework</th>${STATUS_HEADS}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
  });
}

export function coverage(totals: ReportTotals): string {
  const { gaps, coverage } = totals;
  const counted = [
    coverageOf(totals),
    coverage.unit === 'documents' ? plural(coverage.files, 'file') : '',
    coverage.foreign > 0 ? `${plural(coverage.foreign, 'document')} of another kind` : '',
    gaps.length === 0 ? 'no gaps' : plural(gaps.length, 'gap'),
  ];
  const rows = gaps
    .slice(0, MOST_GAPS)
    .map(
      ({ scope, code, reason, effect }) =>
        `<tr><th scope="row">${esc(oneLine(scope, 400))}</th><td>${esc(code)}</td><td>${esc(oneLine(reason, 600))}</td><td>${esc(oneLine(effect, 400))}</td></tr>`,
    );
  const more = gaps.length > MOST_GAPS ? `<p>… and ${gaps.length - MOST_GAPS} more; the format json names each.</p>` : '';
  const body =
    gaps.length === 0
      ? '<p>Everything that was read was judged.</p>'
      : `<table><thead><tr><th scope="col">What</th><th scope="col">Code</th><th scope="col">Why</th><th scope="col">Effect</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>${more}`;
  return fold({
    title: 'Coverage',
    line: counted.filter((part) => part !== '').join(' · '),
    body,
    tone: coverage.skipped > 0 ? 'warn' : '',
  });
}

export function exceptions({ exceptions: { used, unused, expired }, baseline }: ReportTotals): string {
  if (used === 0 && unused.length === 0 && expired.length === 0 && baseline === undefined) return '';
  const line = [
    used > 0 ? `${plural(used, 'finding')} excepted` : '',
    expired.length > 0 ? `${expired.length} expired` : '',
    unused.length > 0 ? `${unused.length} of no use` : '',
    baseline === undefined ? '' : `baseline: ${baseline.new} new, ${baseline.known} known, ${baseline.gone} gone`,
  ];
  const list = (title: string, ids: readonly string[]): string =>
    ids.length === 0
      ? ''
      : `<p><b>${title}</b> ${ids
          .slice(0, MOST_GAPS)
          .map((id) => `<code>${esc(oneLine(id, 200))}</code>`)
          .join(' ')}</p>`;
  const body = list('Expired:', expired) + list('Match nothing:', unused);
  return fold({
    title: 'Exceptions',
    line: line.filter((part) => part !== '').join(' · '),
    body: body === '' ? '<p>All exceptions are in use.</p>' : body,
    tone: expired.length > 0 ? 'warn' : '',
  });
}

/** `line` is escaped by the caller where it holds anything but our own words. */
function fold({ title, line, body, tone = '' }: { title: string; line: string; body: string; tone?: string }): string {
  return `<details class="fold ${tone}"><summary><h2>${title}</h2> <span>${line}</span></summary><div class="scroll">${body}</div></details>`;
}

/** `2,000 objects`. */
function counted(count: number, one: string): string {
  return plural(count, one).replace(String(count), count.toLocaleString('en'));
}

function badge(severity: Severity): string {
  return `<span class="badge ${severity}">${severity}</span>`;
}

function names(subjects: ReadonlySet<string>, count: number, most: number): string {
  const shown = [...subjects].slice(0, most).map((name) => esc(oneLine(name, 80)));
  return shown.join(' · ') + (count > shown.length ? ' · …' : '');
}
