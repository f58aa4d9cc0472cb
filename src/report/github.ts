/** Workflow commands of GitHub Actions: annotations at the lines of a pull request, the most severe first. */
import type { TextSink } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { type Finding, isShown } from '../rules/index.ts';
import { ByWeight, weightOf } from './order.ts';
import { placeOf } from './place.ts';
import type { ReportFrame, ReportWriter } from './report.ts';
import { fullSubject } from './subject.ts';
import { oneLine } from './one-line.ts';
import { countsOf, coverageOf, factOf, sentenceOf, statusPrefix } from './words.ts';

const COMMANDS = { critical: 'error', high: 'error', medium: 'warning', low: 'notice', info: 'notice' } as const;

/** Annotations of one kind that GitHub shows for a step. */
const SHOWN = 10;

export function githubWriter(sink: TextSink): ReportWriter {
  const lines = new ByWeight();
  const kinds = new Map<string, number>();
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      // An annotation is a problem to its reader: there is no way to say that something passed.
      if (!isShown(finding.status)) return;
      const command = finding.status === 'fail' ? COMMANDS[finding.severity] : 'notice';
      kinds.set(command, (kinds.get(command) ?? 0) + 1);
      lines.add(weightOf(finding), () => annotation(command, finding, frame));
    },
    end(totals) {
      for (const line of lines.first()) sink.write(`${line}\n`);
      const cut = [...kinds].filter(([, count]) => count > SHOWN).map(([kind]) => `${kind}s`);
      const hint = cut.length === 0 ? '' : ` · GitHub shows the first ${SHOWN} ${cut.sort().join(', ')} of a step; the log has all`;
      const counts = countsOf(totals);
      sink.write(
        `castellan: ${plural(totals.byStatus.fail, 'finding')}${counts === '' ? '' : ` (${counts})`} · coverage ${coverageOf(totals)}${hint}\n`,
      );
    },
  };
}

function annotation(command: string, finding: Finding, frame: ReportFrame): string {
  const { path, line, column, file } = placeOf(finding, frame.source);
  const properties = file
    ? [
        ['file', path],
        ['line', String(line)],
        ['col', String(column)],
      ]
    : [];
  properties.push(['title', `${statusPrefix(finding)}${finding.rule.title} (${finding.severity})`]);
  const message = `${sentenceOf(factOf(finding))} ${oneLine(fullSubject(finding.subject), 300)}. ${finding.rule.remedy} [${finding.rule.id} ${finding.fingerprint}]`;
  return `::${command} ${properties.map(([name = '', value = '']) => `${name}=${escapeProperty(oneLine(value))}`).join(',')}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
