/** `castellan net assert RULES`: whether what a file says of who may talk to whom is so. */
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { lineStart, plural, printable } from '../lib/terminal.ts';
import { type Part, connsText } from '../engines/network/index.ts';
import { assertionsJunit, assertionsTap } from '../report/index.ts';
import {
  type Counterexample,
  type ExceptionOutcome,
  type Outcome,
  type Verdicts,
  judgeAssertions,
  readAssertions,
} from '../rules/network-assertions/index.ts';
import { readText } from './read-text.ts';
import { sideText } from '../report/network/index.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, readNet, tableText } from './net-input.ts';

export interface NetAssertFlags extends NetFlags {
  strict?: boolean;
}

interface Context extends ReturnType<typeof gapsField> {
  file: string;
}

const FORMATS = {
  table: writeText,
  json: writeJson,
  junit: (verdicts: Verdicts, { file }: Context) => stdout.write(assertionsJunit(verdicts, file)),
  tap: (verdicts: Verdicts) => stdout.write(assertionsTap(verdicts)),
} as const;

/** 1 where an assertion does not hold or an exception has ended; with `--strict` 4 where something is not known, was not read, or is not enforced. */
export async function runNetAssert(file: string, paths: readonly string[], flags: NetAssertFlags): Promise<number> {
  const { format = 'table' } = flags;
  if (!Object.hasOwn(FORMATS, format)) {
    throw new CastellanError('CAS_UNKNOWN_FORMAT', `net assert has no format "${format}"`, {
      remedy: `The formats are: ${Object.keys(FORMATS).join(', ')}.`,
    });
  }
  const assertions = readAssertions(readText(file), file);
  if (assertions.assertions.length === 0) throw new CastellanError('CAS_ASSERTIONS', `${file} asserts nothing`);
  const world = await readNet(paths, flags, 'proof');
  const verdicts = judgeAssertions(world, assertions, new Date().toISOString().slice(0, 10));
  const lowered = gapsField(world);
  FORMATS[format as keyof typeof FORMATS](verdicts, { file, ...lowered });
  stdout.end();
  const { failed, unknown } = countsOf(verdicts);
  if (unknown > 0 && flags.quiet !== true && format !== 'table')
    process.stderr.write(`castellan: ${plural(unknown, 'assertion')} could not be judged from objects\n`);
  if (failed > 0) return 1;
  return flags.strict === true && unknown > 0 ? 4 : strictExit(flags, lowered);
}

function countsOf({ outcomes, exceptions }: Verdicts): { passed: number; failed: number; unknown: number } {
  const count = (wanted: Outcome['status']): number => outcomes.filter(({ status }) => status === wanted).length;
  const expired = exceptions.filter(({ status }) => status === 'expired').length;
  return { passed: count('pass'), failed: count('fail') + expired, unknown: count('unknown') };
}

const EXCEPTION_WORDS = { used: 'used', unused: 'unused', expired: 'fail' } as const;
/** Of one assertion: the rest is in the JSON. */
const MOST_SHOWN = 3;

function writeText(verdicts: Verdicts, { file }: Context): void {
  const { outcomes, exceptions } = verdicts;
  const rows = [
    ...outcomes.map(({ status, assertion, reason }) => [status, `${assertion.line}`, titled(assertion), reason]),
    ...exceptions.map(({ status, exception, reason }) => [
      EXCEPTION_WORDS[status],
      `${exception.line}`,
      exception.text,
      exceptionText(status, reason),
    ]),
  ];
  stdout.write(tableText(['RESULT', 'LINE', 'ASSERTION', 'WHY'], rows));
  for (const outcome of outcomes) if (outcome.counterexamples.length > 0) stdout.write(failureText(outcome, file));
  const { passed, failed, unknown } = countsOf(verdicts);
  const parts = [`${passed} passed`, `${failed} failed`, ...(unknown > 0 ? [`${unknown} unknown`] : [])];
  stdout.write(`\n${parts.join(', ')}\n`);
}

function titled({ text, title }: Outcome['assertion']): string {
  return title === '' ? text : `${text} "${title}"`;
}

function exceptionText(status: ExceptionOutcome['status'], reason: string): string {
  if (status === 'expired') return `the exception has ended: ${reason}`;
  return status === 'unused' ? `the exception is of no use: ${reason}` : reason;
}

function failureText({ assertion, failing, counterexamples }: Outcome, file: string): string {
  const shown = counterexamples.slice(0, MOST_SHOWN);
  const rest = failing - shown.length;
  return [
    '',
    `${file}:${assertion.line}: ${assertion.text}`,
    ...shown.flatMap((one) => exampleLines(one, assertion.verb)),
    ...(rest > 0 ? [`  and ${plural(rest, 'more pair')}`] : []),
  ]
    .map((line) => lineStart(printable(line)))
    .join('\n')
    .concat('\n');
}

function exampleLines({ src, dst, conns, why }: Counterexample, verb: 'allow' | 'deny'): string[] {
  const head = `  ${endText(src)} -> ${endText(dst)}: ${verb === 'deny' ? 'open' : 'closed'} on ${connsText(conns)}`;
  if (why === undefined) return [head];
  // Addresses have no policies.
  const sides = (['egress', 'ingress'] as const).filter((side) => !isOutside(side === 'egress' ? src : dst));
  return [head, ...sides.map((side) => `    ${side} of ${connsText(why.conns)}: ${sideText(why[side])}`)];
}

function isOutside(end: string): boolean {
  return /^ip6?:/.test(end);
}

function endText(end: string): string {
  if (!isOutside(end)) return end;
  const [first = '', second, ...more] = end.split(',');
  return second === undefined ? first : `${first} and ${plural(more.length + 1, 'more range')}`;
}

function writeJson({ outcomes, exceptions }: Verdicts, context: Context): void {
  const { passed, failed, unknown } = countsOf({ outcomes, exceptions });
  const results = outcomes.map(({ assertion, status, reason, pairs, failing, excepted, counterexamples }) => ({
    status,
    verb: assertion.verb,
    assertion: assertion.text,
    ...(assertion.title !== '' && { title: assertion.title }),
    line: assertion.line,
    reason,
    pairs: { judged: pairs, failing, excepted },
    counterexamples: counterexamples.map(({ src, dst, conns, why }) => ({
      src,
      dst,
      conns,
      ...(why !== undefined && { why: sidesOf(why) }),
    })),
  }));
  const told = exceptions.map(({ exception, status, reason }) => ({
    status,
    exception: exception.text,
    line: exception.line,
    until: exception.until,
    reason: status === 'used' ? exception.reason : reason,
  }));
  stdout.write(
    `${JSON.stringify({ schema: 'castellan/net-assert/v1', ...context, results, exceptions: told, summary: { passed, failed, unknown } })}\n`,
  );
}

function sidesOf({ conns, verdict, egress, ingress }: Part): Part {
  return { conns, verdict, egress, ingress };
}
