/** `castellan scan`: reads, judges, reports, gates. */
import { CastellanError } from '../lib/errors.ts';
import { standardError } from '../lib/standard-error.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type ScanResult, scan } from '../report/index.ts';
import { SEVERITIES, type Severity } from '../rules/index.ts';
import { LOSSES } from '../snapshot/index.ts';
import { loadBaseline } from './inputs.ts';
import { type JudgingFlags, judgingOf } from './judging.ts';
import { type OutputRequest, openOutputs, parseFormats } from './outputs.ts';

export interface ScanFlags extends JudgingFlags {
  format?: string[];
  output?: string;
  severity?: string;
  failOn?: string;
  strict?: boolean;
  all?: boolean;
  gaps?: boolean;
  verbose?: boolean;
  color?: boolean;
  baseline?: string;
}

export async function runScan(paths: readonly string[], flags: ScanFlags): Promise<number> {
  const started = now();
  const requests = parseFormats(flags.format ?? [], flags.output, flags.verbose === true);
  const leastSeverity = severityOf(flags.severity, '--severity');
  const failOn = severityOf(flags.failOn, '--fail-on');
  const { settings, read, targetsOf } = await judgingOf(flags);
  const baseline = flags.baseline === undefined ? undefined : loadBaseline(flags.baseline);
  const targets = await targetsOf(paths);
  const snapshot = await read(paths);

  const outputs = openOutputs(requests, flags);
  let result: ScanResult;
  try {
    result = scan(
      snapshot,
      {
        ...settings,
        targets,
        all: flags.all === true,
        clock: now,
        started,
        ...(leastSeverity !== undefined && { leastSeverity }),
        ...(baseline !== undefined && { baseline }),
      },
      outputs.writers,
    );
    outputs.end();
  } catch (error) {
    outputs.abandon();
    throw error;
  }
  const exit = exitCode(result, failOn, flags.strict === true);
  if (exit === 1 && flags.quiet !== true) tellFailure(result, failOn);
  if (flags.quiet !== true) {
    if (flags.gaps === true) listGaps(result);
    if (exit === 0 && failOn !== undefined && lossesOf(result) > 0) tellUnseen(result);
    else if (flags.gaps !== true && !requests.some(isScreen)) countGaps(result);
  }
  return exit;
}

/** 1 beats 4: a gate that failed did so on what was seen. */
function exitCode(result: ScanResult, failOn: Severity | undefined, strict: boolean): number {
  const { totals, gating } = result;
  if (failOn !== undefined) {
    const gated = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).reduce((sum, severity) => sum + gating[severity], 0);
    if (gated > 0) return 1;
    // What could not be judged may hide what the gate looks for: a rule that broke must not open it.
    if (totals.gaps.some(({ code }) => code === 'rule-failed')) return 4;
  }
  return strict && lossesOf(result) > 0 ? 4 : 0;
}

function lossesOf({ totals }: ScanResult): number {
  return totals.gaps.filter(({ code }) => LOSSES.has(code)).length;
}

/** On standard error, as all of these, so that a report on standard output stays what it is. */
function listGaps({ totals }: ScanResult): void {
  for (const { scope, code, reason, effect } of totals.gaps)
    standardError.write(`gap  ${printable(scope)}  ${code}: ${printable(reason)}; ${printable(effect)}\n`);
}

/** It counts the gaps itself. */
function isScreen({ format, path }: OutputRequest): boolean {
  return path === undefined && (format === 'table' || format === 'list');
}

function countGaps(result: ScanResult): void {
  const told = result.totals.gaps.filter(({ code }) => code !== 'namespace-absent').length;
  if (told === 0) return;
  const lost = lossesOf(result) > 0 ? ': parts of the input were not judged' : '';
  standardError.write(`castellan: ${plural(told, 'gap')}${lost} (--gaps lists ${told === 1 ? 'it' : 'them'})\n`);
}

/** A gate that is open says on what it did not look. */
function tellUnseen(result: ScanResult): void {
  const { skipped } = result.totals.coverage;
  const unseen = skipped > 0 ? plural(skipped, 'document') : `${plural(lossesOf(result), 'part')} of the input`;
  const were = (skipped || lossesOf(result)) === 1 ? 'was' : 'were';
  standardError.write(`castellan: the gate passed, but ${unseen} ${were} not judged (--gaps); --strict makes this exit 4\n`);
}

function severityOf(text: string | undefined, flag: string): Severity | undefined {
  if (text === undefined) return undefined;
  const severity = SEVERITIES.find((known) => known === text.toLowerCase());
  if (severity === undefined) throw new CastellanError('CAS_USAGE', `${flag} takes one of ${SEVERITIES.join(', ')}, not "${text}"`);
  return severity;
}

/** Why a gate failed, for whoever reads only the log. */
function tellFailure({ totals, gating }: ScanResult, failOn: Severity | undefined): void {
  const counted = SEVERITIES.slice(0, SEVERITIES.findIndex((severity) => severity === failOn) + 1).filter(
    (severity) => gating[severity] > 0,
  );
  const findings = totals.baseline === undefined ? 'findings' : 'findings that are not in the baseline';
  const counts = counted.map((severity) => `${gating[severity]} ${severity}`).join(', ');
  standardError.write(`castellan: the gate failed: ${findings} of severity ${failOn} or worse: ${counts}\n`);
}

/** Milliseconds; `performance` would have to be loaded first. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
