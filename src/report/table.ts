/** The terminal screen: findings grouped by rule, worst first, about one screen for a hundred workloads. */
import { createColors } from 'picocolors';
import type { TextSink } from '../lib/sink.ts';
import { clip, displayWidth, fit, lineStart, plural, printable } from '../lib/terminal.ts';
import { BLIND, SEVERITIES, STATUSES, type Severity } from '../rules/index.ts';
import { componentRows, statusesIn } from './components-section.ts';
import { podSecurityLines } from './pod-security-section.ts';
import type { ReportFrame, ReportTotals, ReportWriter, WriterOptions } from './report.ts';
import { type RuleGroup, RuleGroups } from './rule-groups.ts';
import { countList, coverageOf } from './words.ts';

/** Rows of rules before the least severe are drawn together. */
const ROWS = 24;
const SUBJECTS_KEPT = 12;

export function tableWriter(sink: TextSink, options: WriterOptions): ReportWriter {
  const groups = new RuleGroups(SUBJECTS_KEPT);
  let frame: ReportFrame;
  let blind = 0;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      // With few rights that is most rules: one line says it.
      if (finding.status === 'unknown' && finding.key === BLIND) blind += 1;
      else groups.add(finding);
    },
    end(totals) {
      sink.write(new Screen(frame, totals, options).draw(groups.ordered(), blind));
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

  /** @param blind rules that did not see all they look at */
  draw(rows: readonly RuleGroup[], blind: number): string {
    const sections = [
      [this.#headline()],
      ...STATUSES.map((status) => {
        const lines = this.#table(rows.filter((row) => row.status === status));
        return status === 'unknown' && blind > 0 ? [...lines, this.#blindness(blind)] : lines;
      }),
      this.#components(),
      [...this.#podSecurity(), ...this.#exceptions(), this.#summary(), ...this.#next(rows)],
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
      plural(cluster.workloadCount, 'workload'),
      plural(cluster.tables.namespaces.all.length, 'namespace'),
    ].join(' · ');
    const time = `${this.#totals.seconds.toFixed(2)} s`;
    const command = `castellan scan ${clip(printable(targets.join(' ')), 40)}`.trimEnd();
    const gap = Math.max(2, Math.floor((this.#width - displayWidth(command) - displayWidth(counted) - time.length) / 2));
    return `${bold(command)}${' '.repeat(gap)}${counted}${' '.repeat(gap)}${dim(time)}`;
  }

  /** Rows of one status, the most severe first. Critical and high ones all stand; the rest while there is room, then in one line a severity. */
  #table(rows: readonly RuleGroup[]): string[] {
    const shown = rows.filter((row, index) => index < ROWS || row.severity === 'critical' || row.severity === 'high');
    const hidden = rows.slice(shown.length);
    const titleWidth = Math.min(
      Math.max(hidden.length > 0 ? 30 : 20, ...shown.map((row) => displayWidth(row.rule.title))),
      Math.floor(this.#width * 0.5),
    );
    const countWidth = Math.max(3, ...shown.map((row) => String(row.count).length));
    const lines = shown.map((row) => this.#row(row, titleWidth, countWidth));
    for (const severity of SEVERITIES) {
      const rest = hidden.filter((row) => row.severity === severity);
      const [first] = rest;
      if (first === undefined) continue;
      const count = rest.reduce((sum, row) => sum + row.count, 0);
      const text = fit(`${plural(rest.length, 'more rule')} (-v lists them)`, titleWidth);
      lines.push(`${this.#label(first)}  ${this.#colors.dim(text)}  ${String(count).padStart(countWidth)}`);
    }
    return lines;
  }

  #blindness(rules: number): string {
    const kinds = plural(this.#totals.coverage.skipped, 'kind');
    return `${this.#colors.dim(fit('unknown', 8))}  ${plural(rules, 'rule')} did not see all that ${rules === 1 ? 'it looks' : 'they look'} at: ${kinds} could not be listed (--gaps)`;
  }

  #row(row: RuleGroup, titleWidth: number, countWidth: number): string {
    const start = `${this.#label(row)}  ${fit(row.rule.title, titleWidth)}  ${String(row.count).padStart(countWidth)}  `;
    const room = this.#width - 8 - 2 - titleWidth - 2 - countWidth - 3;
    return `${start} ${this.#colors.dim(listWithin([...row.subjects], room, row.count))}`.trimEnd();
  }

  #components(): string[] {
    const rows = componentRows(this.#frame, this.#totals);
    if (rows.length === 0) return [];
    const statuses = statusesIn(rows);
    const headings = statuses.map((status) => (status === 'not-applicable' ? 'n/a' : status));
    const width = Math.max(14, ...rows.map(({ name }) => displayWidth(name) + 2));
    const line = (name: string, cells: readonly string[]): string =>
      fit(name, width) + cells.map((cell, index) => cell.padStart(Math.max(6, (headings[index] ?? '').length) + 2)).join('');
    return [
      this.#colors.bold(line('components', headings)),
      ...rows.map(({ name, counts }) =>
        line(
          name,
          statuses.map((status) => (counts[status] === 0 ? '·' : String(counts[status]))),
        ),
      ),
    ];
  }

  #podSecurity(): string[] {
    const lines = podSecurityLines(this.#frame.cluster);
    if (lines.length === 0) return [];
    const room = this.#width - 14;
    const wrapped = wrap(lines, room);
    const shown = wrapped.slice(0, 4);
    if (wrapped.length > shown.length) shown[3] = `${clip(shown[3] ?? '', room - 12)} · …`;
    return shown.map((line, index) => (index === 0 ? this.#colors.bold(fit('pod security', 14)) + line : ' '.repeat(14) + lineStart(line)));
  }

  #exceptions(): string[] {
    const { used, unused, expired, disabled } = this.#totals.exceptions;
    const parts: string[] = [];
    if (disabled.length > 0) parts.push(`not run by configuration: ${printable(disabled.join(', '))}`);
    if (used > 0) parts.push(`${plural(used, 'finding')} excepted`);
    if (expired.length > 0) parts.push(this.#colors.yellow(`expired: ${printable(expired.join(', '))}`));
    if (unused.length > 0) parts.push(`match nothing: ${printable(unused.join(', '))}`);
    const { baseline } = this.#totals;
    if (baseline !== undefined) parts.push(`baseline: ${baseline.new} new, ${baseline.known} known, ${baseline.gone} gone`);
    return parts.length === 0 ? [] : [`${this.#colors.bold(fit('exceptions', 14))}${parts.join(' · ')}`];
  }

  #summary(): string {
    const { byStatus, coverage, gaps } = this.#totals;
    const counts = countList(this.#totals).map(({ text, severity }) => (severity === undefined ? text : this.#paint(severity, text)));
    const not = coverage.unit === 'documents' ? `, ${coverage.skipped} not (--gaps)` : ' (--gaps)';
    const skipped = coverage.skipped > 0 ? this.#colors.yellow(not) : gaps.length > 0 ? ' (--gaps)' : '';
    return [
      this.#colors.bold(fit(plural(byStatus.fail, 'finding'), 14)) + counts.join('  '),
      `coverage ${coverageOf(this.#totals)}${skipped}`,
    ]
      .filter((part) => part !== '')
      .join('    ');
  }

  #next([first]: readonly RuleGroup[]): string[] {
    if (first?.status !== 'fail') return [];
    const { targets } = this.#frame;
    const target = printable(targets.map(shellWord).join(' '));
    const commands = [`castellan explain ${first.rule.id}`];
    // What came through a pipe is gone: there is nothing to scan again.
    if (!targets.includes('-')) commands.push(`castellan scan ${target} -v`, `castellan scan ${target} -f html=report.html`);
    return [`${this.#colors.bold(fit('next', 14))}${commands.join('    ')}`];
  }

  #label({ status, severity }: RuleGroup): string {
    if (status === 'fail') return this.#paint(severity, fit(severity, 8));
    return this.#colors.dim(fit(status === 'not-applicable' ? 'n/a' : status, 8));
  }

  #paint(severity: Severity, text: string): string {
    const { red, bold, yellow, cyan, dim, magenta } = this.#colors;
    const painters = { critical: (t: string) => bold(magenta(t)), high: red, medium: yellow, low: cyan, info: dim };
    return painters[severity](text);
  }
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
