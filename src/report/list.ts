/** Every finding with its source lines and its remedy: the long form of the terminal screen. */
import { createColors } from 'picocolors';
import type { TextSink } from '../lib/sink.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type Finding, type Rule, SEVERITIES } from '../rules/index.ts';
import { positionOf } from '../snapshot/index.ts';
import type { ReportFrame, ReportWriter, WriterOptions } from './report.ts';
import { sourceLines } from './source-lines.ts';
import { fullSubject, notesOf } from './subject.ts';
import { tableWriter } from './table.ts';

export function listWriter(sink: TextSink, options: WriterOptions): ReportWriter {
  const groups = new Map<string, { rule: Rule; findings: Finding[] }>();
  const table = tableWriter(sink, options);
  const colors = createColors(options.color);
  return {
    begin(frame: ReportFrame) {
      table.begin(frame);
    },
    finding(finding) {
      table.finding(finding);
      const key = `${finding.status}/${finding.severity}/${finding.rule.id}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { rule: finding.rule, findings: [finding] });
      else group.findings.push(finding);
    },
    end(totals) {
      const ordered = [...groups.values()].sort((a, b) => weight(a.findings) - weight(b.findings) || (a.rule.id < b.rule.id ? -1 : 1));
      for (const { rule, findings } of ordered) {
        const [first] = findings;
        if (first === undefined) continue;
        const label = first.status === 'fail' ? first.severity : first.status;
        sink.write(
          `${colors.bold(label)}  ${colors.bold(rule.title)}  ${colors.dim(`${rule.id} · ${plural(findings.length, 'finding')}`)}\n`,
        );
        sink.write(`  ${rule.remedy}\n\n`);
        for (const finding of findings) sink.write(`${describe(finding, options, colors)}\n`);
      }
      table.end(totals);
    },
  };
}

function describe(finding: Finding, options: WriterOptions, colors: ReturnType<typeof createColors>): string {
  const lines = [`  ${colors.bold(fullSubject(finding.subject))}  ${printable(finding.message)}  ${colors.dim(finding.fingerprint)}`];
  for (const note of notesOf(finding)) lines.push(`  ${colors.dim(note)}`);
  for (const evidence of finding.evidence) {
    const position = positionOf(evidence.origin, evidence.path);
    const place = position === undefined ? evidence.origin.source : `${evidence.origin.source}:${position.line}:${position.column}`;
    if (place !== '') lines.push(`  ${colors.cyan(printable(place))}${evidence.path === '' ? '' : `  ${printable(evidence.path)}`}`);
    for (const { number, text, marked } of sourceLines(evidence, options.width - 12)) {
      const gutter = `${String(number).padStart(7)} │ `;
      lines.push(marked ? `${colors.yellow(gutter)}${text}` : colors.dim(gutter + text));
    }
  }
  return `${lines.join('\n')}\n`;
}

function weight(findings: readonly Finding[]): number {
  const [first] = findings;
  if (first === undefined) return 0;
  const status = ['fail', 'unknown', 'manual'].indexOf(first.status);
  return (status < 0 ? 3 : status) * 10 + SEVERITIES.indexOf(first.severity);
}
