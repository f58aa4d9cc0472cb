/** Assertions about the network as the readers of tests take them: JUnit XML, and TAP version 13. */
import type { ExceptionOutcome, Outcome, Verdicts } from '../rules/network-assertions/index.ts';
import { printable } from '../lib/terminal.ts';
import { escapeMarkup } from './markup.ts';

interface Test {
  name: string;
  line: number;
  result: 'pass' | 'fail' | 'skip';
  message: string;
}

export function assertionsJunit(verdicts: Verdicts, file: string): string {
  const tests = testsOf(verdicts);
  const count = (result: Test['result']): number => tests.filter((test) => test.result === result).length;
  const counts = `tests="${tests.length}" failures="${count('fail')}" errors="0" skipped="${count('skip')}"`;
  const cases = tests.map(({ name, line, result, message }) => {
    const start = `    <testcase classname="castellan.net.assert" name="${escapeMarkup(name)}" file="${escapeMarkup(file)}" line="${line}"`;
    if (result === 'pass') return `${start}/>\n`;
    const tag = result === 'fail' ? 'failure' : 'skipped';
    return `${start}>\n      <${tag} message="${escapeMarkup(message)}"/>\n    </testcase>\n`;
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="castellan" ${counts}>\n  <testsuite name="${escapeMarkup(file)}" ${counts}>\n`,
    ...cases,
    '  </testsuite>\n</testsuites>\n',
  ].join('');
}

export function assertionsTap(verdicts: Verdicts): string {
  const tests = testsOf(verdicts);
  const lines = tests.map(({ name, result, message }, index) => {
    // A hash would begin a directive.
    const told = printable(name).replaceAll('#', String.raw`\#`);
    // What is not known is not ok; the directive keeps it from counting as a failure.
    const line = `${result === 'pass' ? 'ok' : 'not ok'} ${index + 1} - ${told}${result === 'skip' ? ` # TODO ${printable(message)}` : ''}\n`;
    return result === 'fail' ? `${line}  ---\n  reason: ${JSON.stringify(printable(message))}\n  ...\n` : line;
  });
  return `TAP version 13\n1..${tests.length}\n${lines.join('')}`;
}

function testsOf({ outcomes, exceptions }: Verdicts): Test[] {
  return [...outcomes.map(testOf), ...exceptions.filter(({ status }) => status === 'expired').map(expiredTest)];
}

function testOf({ assertion, status, reason, counterexamples }: Outcome): Test {
  const name = assertion.title === '' ? assertion.text : `${assertion.title}: ${assertion.text}`;
  const examples = counterexamples.slice(0, 3).map(({ src, dst }) => `${src} -> ${dst}`);
  const message = examples.length === 0 ? reason : `${reason}: ${examples.join(', ')}`;
  return { name, line: assertion.line, result: status === 'unknown' ? 'skip' : status, message };
}

function expiredTest({ exception, reason }: ExceptionOutcome): Test {
  return { name: exception.text, line: exception.line, result: 'fail', message: `the exception has ended: ${reason}` };
}
