/** JUnit XML: a suite for each rule, a case for each finding, so that CI systems show and count them as tests. */
import type { TextSink } from '../lib/sink.ts';
import { lineStart } from '../lib/terminal.ts';
import { type Finding, type Rule } from '../rules/index.ts';
import { escapeMarkup } from './markup.ts';
import { placeOf } from './place.ts';
import type { ReportFrame, ReportWriter } from './report.ts';
import { fullSubject } from './subject.ts';
import { oneLine } from './one-line.ts';
import { controlsOf, factOf, sentenceOf } from './words.ts';

interface Suite {
  rule: Rule;
  cases: string[];
  failures: number;
  skipped: number;
}

export function junitWriter(sink: TextSink): ReportWriter {
  const suites = new Map<string, Suite>();
  let frame: ReportFrame;
  return {
    begin(begun) {
      frame = begun;
    },
    finding(finding) {
      const { rule, status } = finding;
      let suite = suites.get(rule.id);
      if (suite === undefined) suites.set(rule.id, (suite = { rule, cases: [], failures: 0, skipped: 0 }));
      if (status === 'fail') suite.failures += 1;
      else if (status !== 'pass') suite.skipped += 1;
      suite.cases.push(testCase(finding, frame));
    },
    end() {
      const ordered = [...suites.values()].sort((a, b) => (a.rule.id < b.rule.id ? -1 : 1));
      sink.write('<?xml version="1.0" encoding="UTF-8"?>\n');
      sink.write(`<testsuites name="castellan" ${counts(ordered)}>\n`);
      for (const suite of ordered) {
        sink.write(`  <testsuite name="${escapeMarkup(`${suite.rule.id}: ${suite.rule.title}`)}" ${counts([suite])}>\n`);
        for (const text of suite.cases) sink.write(text);
        sink.write('  </testsuite>\n');
      }
      sink.write('</testsuites>\n');
    },
  };
}

function testCase(finding: Finding, frame: ReportFrame): string {
  const { rule, status, subject, fingerprint } = finding;
  const { path, line, file } = placeOf(finding, frame.source);
  // Readers tell cases apart by class and name, also from one run to the next: the fingerprint keeps them apart.
  const name = `${oneLine(fullSubject(subject), 600)} ${fingerprint}`;
  const where = file ? ` file="${escapeMarkup(path)}" line="${line}"` : '';
  const start = `    <testcase classname="${escapeMarkup(`castellan.${rule.area}.${rule.id}`)}" name="${escapeMarkup(name)}"${where}`;
  if (status === 'pass') return `${start}/>\n`;
  return `${start}>\n${outcome(finding, file ? `${path}:${line}` : '')}    </testcase>\n`;
}

function outcome(finding: Finding, place: string): string {
  const { rule, status, severity, reason } = finding;
  const message = factOf(finding);
  if (status !== 'fail') {
    return `      <skipped message="${escapeMarkup(`${status}: ${oneLine(reason === undefined ? message : `${message} (${reason})`)}`)}"/>\n`;
  }
  const path = finding.evidence[0]?.path ?? '';
  const lines = [
    sentenceOf(message),
    [lineStart(place), oneLine(path, 600)].filter((part) => part !== '').join('  '),
    `What to do: ${rule.remedy}`,
    controlsOf(rule).join(', '),
  ].filter((line) => line !== '');
  const body = lines.map(escapeMarkup).join('\n');
  return `      <failure message="${escapeMarkup(oneLine(message))}" type="${severity}">${body}</failure>\n`;
}

function counts(suites: readonly Suite[]): string {
  const sum = (part: (suite: Suite) => number): number => suites.reduce((total, suite) => total + part(suite), 0);
  return `tests="${sum(({ cases }) => cases.length)}" failures="${sum(({ failures }) => failures)}" errors="0" skipped="${sum(({ skipped }) => skipped)}"`;
}
