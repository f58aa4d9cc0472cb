/** Findings as CSV. */
import type { TextSink } from '../lib/sink.ts';
import type { Finding } from '../rules/index.ts';
import { csvRecord } from './csv-record.ts';
import { placeOf } from './place.ts';
import type { ReportFrame, ReportWriter } from './report.ts';
import { controlsOf, factOf, valueText } from './words.ts';

const COLUMNS = [
  'severity',
  'status',
  'rule',
  'title',
  'area',
  'kind',
  'namespace',
  'name',
  'container',
  'message',
  'file',
  'line',
  'column',
  'path',
  'value',
  'fingerprint',
  'also',
  'controls',
  'remedy',
  'reason',
] as const;

export function csvWriter(sink: TextSink): ReportWriter {
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
      sink.write(csvRecord(COLUMNS));
    },
    finding(finding) {
      sink.write(csvRecord(cellsOf(finding, frame)));
    },
    end() {},
  };
}

function cellsOf(finding: Finding, frame: ReportFrame): string[] {
  const { rule, status, severity, subject, fingerprint, also, reason } = finding;
  const [evidence] = finding.evidence;
  const { path, line, column, file } = placeOf(finding, frame.source);
  return [
    severity,
    status,
    rule.id,
    rule.title,
    rule.area,
    subject.kind,
    subject.namespace,
    subject.name,
    subject.container ?? '',
    factOf(finding),
    path,
    file ? String(line) : '',
    file ? String(column) : '',
    evidence?.path ?? '',
    valueText(evidence?.value) ?? '',
    fingerprint,
    also.join(' '),
    controlsOf(rule).join(', '),
    rule.remedy,
    reason ?? '',
  ];
}
