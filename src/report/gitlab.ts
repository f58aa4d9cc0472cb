/** The code quality report of GitLab: an array of issues, each with a fingerprint that no other one has. */
import { shortHash } from '../lib/hash.ts';
import type { TextSink } from '../lib/sink.ts';
import { type Finding, type Severity, isShown } from '../rules/index.ts';
import { placeOf } from './place.ts';
import type { ReportFrame, ReportWriter } from './report.ts';
import { fullSubject } from './subject.ts';
import { oneLine } from './one-line.ts';
import { factOf, sentenceOf, statusPrefix } from './words.ts';

const SEVERITY: Record<Severity, string> = { critical: 'blocker', high: 'critical', medium: 'major', low: 'minor', info: 'info' };

export function gitlabWriter(sink: TextSink): ReportWriter {
  const fingerprints = new Map<string, number>();
  let frame: ReportFrame;
  let separator = '\n';
  return {
    begin(begun) {
      frame = begun;
      sink.write('[');
    },
    finding(finding) {
      // Everything in this report is a problem to its reader: there is no way to say that something passed.
      if (!isShown(finding.status)) return;
      const times = (fingerprints.get(finding.fingerprint) ?? 0) + 1;
      fingerprints.set(finding.fingerprint, times);
      sink.write(separator + JSON.stringify(issueOf(finding, frame, times)));
      separator = ',\n';
    },
    end() {
      sink.write('\n]\n');
    },
  };
}

function issueOf(finding: Finding, frame: ReportFrame, times: number): unknown {
  const { rule, status, severity, subject, fingerprint } = finding;
  const { path, line } = placeOf(finding, frame.source);
  return {
    description: `${sentenceOf(`${statusPrefix(finding)}${factOf(finding)}`)} ${oneLine(fullSubject(subject), 300)}`,
    check_name: rule.id,
    fingerprint: times === 1 ? fingerprint : shortHash(`${fingerprint}#${times}`),
    severity: status === 'fail' ? SEVERITY[severity] : 'info',
    location: { path, lines: { begin: line } },
  };
}
