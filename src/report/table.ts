/** The terminal screen: findings grouped by rule, worst first, about one screen for a hundred workloads. */
import { createColors } from 'picocolors';
import type { TextSink } from '../lib/sink.ts';
import { clip, displayWidth, fit, plural, printable } from '../lib/terminal.ts';
import { type Finding, SEVERITIES, type Severity } from '../rules/index.ts';
import { podSecurityLines } from './pod-security-section.ts';
import type { ReportFrame, ReportTotals, ReportWriter, WriterOptions } from './report.ts';
import { displaySubject } from './subject.ts';

/** Rows of rules before the least severe are drawn together. */
const ROWS = 24;
const SUBJECTS_KEPT = 12;

interface Row {
  title: string;
  rule: string;
  severity: Severity;
  /** `fail`, or what keeps it from being decided. */
  status: Finding['status'];
  count: number;
  subjects: Set<string>;
}

export function tableWriter(sink: TextSink, options: WriterOptions): ReportWriter {
  const rows = new Map<string, Row>();
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      const { rule, severity, status } = finding;
      const key = `${status}/${severity}/${rule.id}`;
      let row = rows.get(key);
      if (row === undefined) rows.set(key, (row = { title: rule.title, rule: rule.id, severity, status, count: 0, subjects: new Set() }));
      row.count += 1;
      if (row.subjects.size < SUBJECTS_KEPT) row.subjects.add(displaySubject(finding.subject));
    },
    end(totals) {
      sink.write(new Screen(frame, totals, options).draw([...rows.values()]));
    },
  };
}

class Screen {
  readonly #frame: ReportFrame;
  readonly #totals: ReportTotals;
  readonly #width: number;
  readonly #colors: ReturnType<typeof createColors>;

  constructor(frame: ReportFrame, totals: ReportTotals, options: WriterOptions) {
    this.#frame = frame;
    this.#totals = totals;
    this.#width = Math.max(60, options.width);
    this.#colors = createColors(options.color);
  }

  draw(rows: Row[]): string {
    const failing = rows.filter((row) => row.status === 'fail').sort(byWeight);
    const open = rows.filter((row) => row.status === 'unknown' || row.status === 'manual').sort(byWeight);
    const other = rows.filter((row) => !failing.includes(row) && !open.includes(row)).sort(byWeight);
    const sections = [
      [this.#headline()],
      this.#table(failing),
      open.length === 0 ? [] : this.#table(open),
      other.length === 0 ? [] : this.#table(other),
      [...this.#podSecurity(), ...this.#exceptions(), this.#summary(), ...this.#next(failing)],
    ];
    return `${sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')}\n`;
  }

  #headline(): string {
    const { cluster, targets } = this.#frame;
    const { bold, dim } = this.#colors;
    const counted = [
      plural(cluster.objects.length, 'object'),
      plural(cluster.workloads.length, 'workload'),
      plural(cluster.tables.namespaces.all.length, 'namespace'),
    ].join(' · ');
    const time = `${this.#totals.seconds.toFixed(2)} s`;
    const command = `castellan scan ${clip(printable(targets.join(' ')), 40)}`;
    const gap = Math.max(2, Math.floor((this.#width - displayWidth(command) - displayWidth(counted) - time.length) / 2));
    return `${bold(command)}${' '.repeat(gap)}${counted}${' '.repeat(gap)}${dim(time)}`;
  }

  /** Critical and high rows all stand; the rest while there is room, then in one line a severity. */
  #table(rows: readonly Row[]): string[] {
    const shown = rows.filter((row, index) => index < ROWS || row.severity === 'critical' || row.severity === 'high');
    const hidden = rows.slice(shown.length);
    const titleWidth = Math.min(Math.max(20, ...shown.map((row) => displayWidth(row.title))), Math.floor(this.#width * 0.5));
    const countWidth = Math.max(3, ...shown.map((row) => String(row.count).length));
    const lines = shown.map((row) => this.#row(row, titleWidth, countWidth));
    for (const severity of SEVERITIES) {
      const rest = hidden.filter((row) => row.severity === severity);
      if (rest.length === 0) continue;
      const count = rest.reduce((sum, row) => sum + row.count, 0);
      const text = fit(`${plural(rest.length, 'more rule')} (-v lists them)`, titleWidth);
      lines.push(`${this.#badge(severity)}  ${this.#colors.dim(text)}  ${String(count).padStart(countWidth)}`);
    }
    return lines;
  }

  #row(row: Row, titleWidth: number, countWidth: number): string {
    const label = row.status === 'fail' ? this.#badge(row.severity) : this.#colors.dim(fit(row.status, 8));
    const start = `${label}  ${fit(row.title, titleWidth)}  ${String(row.count).padStart(countWidth)}  `;
    const room = this.#width - 8 - 2 - titleWidth - 2 - countWidth - 3;
    return `${start} ${this.#colors.dim(listWithin([...row.subjects], room, row.count))}`.trimEnd();
  }

  #podSecurity(): string[] {
    const lines = podSecurityLines(this.#frame.cluster);
    if (lines.length === 0) return [];
    const room = this.#width - 14;
    const wrapped = wrap(lines, room);
    const shown = wrapped.slice(0, 4);
    if (wrapped.length > shown.length) shown[3] = `${clip(shown[3] ?? '', room - 12)} · …`;
    return shown.map((line, index) => `${index === 0 ? this.#colors.bold(fit('pod security', 14)) : ' '.repeat(14)}${line}`);
  }

  #exceptions(): string[] {
    const { used, unused, expired } = this.#totals.exceptions;
    const parts: string[] = [];
    if (used > 0) parts.push(`${plural(used, 'finding')} excepted`);
    if (expired.length > 0) parts.push(this.#colors.yellow(`expired: ${printable(expired.join(', '))}`));
    if (unused.length > 0) parts.push(`match nothing: ${printable(unused.join(', '))}`);
    const { baseline } = this.#totals;
    if (baseline !== undefined) parts.push(`baseline: ${baseline.new} new, ${baseline.known} known, ${baseline.gone} gone`);
    return parts.length === 0 ? [] : [`${this.#colors.bold(fit('exceptions', 14))}${parts.join(' · ')}`];
  }

  #summary(): string {
    const { byStatus, bySeverity, coverage, gaps } = this.#totals;
    const { bold } = this.#colors;
    const counts = SEVERITIES.filter((severity) => bySeverity[severity] > 0).map((severity) =>
      this.#paint(severity, `${bySeverity[severity]} ${severity}`),
    );
    const undecided = (['unknown', 'manual'] as const)
      .filter((status) => byStatus[status] > 0)
      .map((status) => `${byStatus[status]} ${status}`);
    const percent = `${Math.floor(coverage.ratio * 1000) / 10}`.replace(/\.0$/, '');
    const judged = `${coverage.judged} of ${plural(coverage.judged + coverage.skipped, 'document')} judged`;
    const skipped = coverage.skipped > 0 ? this.#colors.yellow(`, ${coverage.skipped} not (--gaps)`) : gaps.length > 0 ? ' (--gaps)' : '';
    return [
      bold(fit(plural(byStatus.fail, 'finding'), 14)) + [...counts, ...undecided].join('  '),
      `coverage ${percent} %: ${judged}${skipped}`,
    ]
      .filter((part) => part !== '')
      .join('    ');
  }

  #next(failing: readonly Row[]): string[] {
    const target = printable(this.#frame.targets.map(shellWord).join(' '));
    const first = failing[0];
    const commands =
      first === undefined
        ? []
        : [`castellan explain ${first.rule}`, `castellan scan ${target} -v`, `castellan scan ${target} -f html=report.html`];
    if (commands.length === 0) return [];
    return [`${this.#colors.bold(fit('next', 14))}${commands.join('    ')}`];
  }

  #badge(severity: Severity): string {
    return this.#paint(severity, fit(severity, 8));
  }

  #paint(severity: Severity, text: string): string {
    const { red, bold, yellow, cyan, dim, magenta } = this.#colors;
    const painters = { critical: (t: string) => bold(magenta(t)), high: red, medium: yellow, low: cyan, info: dim };
    return painters[severity](text);
  }
}

/** Most severe first, then the rule with the most findings. */
function byWeight(a: Row, b: Row): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count || (a.rule < b.rule ? -1 : 1);
}

/** As many names as fit, and how many findings are left. */
function listWithin(names: readonly string[], room: number, total: number): string {
  let text = '';
  let shown = 0;
  for (const name of names) {
    const next = shown === 0 ? name : `${text} · ${name}`;
    const left = total - shown - 1;
    if (shown > 0 && displayWidth(next) + (left > 0 ? 4 : 0) > room) break;
    text = next;
    shown += 1;
  }
  return shown < names.length ? clip(`${text} · …`, room) : clip(text, room);
}

function wrap(parts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + displayWidth(part) + 3 <= room) lines[lines.length - 1] = `${last} · ${part}`;
    else lines.push(clip(part, room));
  }
  return lines;
}

function shellWord(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
