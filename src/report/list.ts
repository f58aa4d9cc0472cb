/** Every finding with its source lines and its remedy: the long form of the terminal screen. */
import { createColors } from 'picocolors';
import type { TextSink } from '../lib/sink.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import type { Finding } from '../rules/index.ts';
import { positionOf } from '../snapshot/index.ts';
import type { ReportFrame, ReportWriter, WriterOptions } from './report.ts';
import { RuleGroups } from './rule-groups.ts';
import { sourceLines } from './source-lines.ts';
import { fullSubject, notesOf } from './subject.ts';
import { tableWriter } from './table.ts';

export function listWriter(sink: TextSink, options: WriterOptions): ReportWriter {
  const groups = new RuleGroups<Finding>(0, Infinity);
  const table = tableWriter(sink, options);
  const colors = createColors(options.color);
  return {
    begin(frame: ReportFrame) {
      table.begin(frame);
    },
    finding(finding) {
      table.finding(finding);
      groups.add(finding, itself);
    },
    end(totals) {
      for (const { rule, status, severity, kept } of groups.ordered()) {
        const label = status === 'fail' ? severity : status;
        sink.write(`${colors.bold(label)}  ${colors.bold(rule.title)}  ${colors.dim(`${rule.id} · ${plural(kept.length, 'finding')}`)}\n`);
        sink.write(`  ${rule.remedy}\n\n`);
        for (const finding of kept) sink.write(`${describe(finding, options, colors)}\n`);
      }
      table.end(totals);
    },
  };
}

function itself(finding: Finding): Finding {
  return finding;
}

function describe(finding: Finding, options: WriterOptions, colors: ReturnType<typeof createColors>): string {
  const lines = [
    `  ${colors.bold(lineStart(fullSubject(finding.subject)))}  ${printable(finding.message)}  ${colors.dim(finding.fingerprint)}`,
  ];
  for (const note of notesOf(finding)) lines.push(`  ${colors.dim(note)}`);
  for (const evidence of finding.evidence) {
    const position = positionOf(evidence.origin, evidence.path);
    const place = position === undefined ? evidence.origin.source : `${evidence.origin.source}:${position.line}:${position.column}`;
    if (place !== '')
      lines.push(`  ${colors.cyan(lineStart(printable(place)))}${evidence.path === '' ? '' : `  ${printable(evidence.path)}`}`);
    for (const { number, text, marked } of sourceLines(evidence, options.width - 12)) {
      const gutter = `${String(number).padStart(7)} │ `;
      lines.push(marked ? `${colors.yellow(gutter)}${text}` : colors.dim(gutter + text));
    }
  }
  return `${lines.join('\n')}\n`;
}
