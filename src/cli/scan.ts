/** `castellan scan`: reads, judges, reports, gates. */
import { CastellanError } from '../lib/errors.ts';
import { collectManifests } from '../collect/manifests/index.ts';
import { plural, printable } from '../lib/terminal.ts';
import { type ScanResult, scan } from '../report/index.ts';
import { SEVERITIES, type Severity } from '../rules/index.ts';
import type { Snapshot } from '../snapshot/index.ts';
import { chooseRules, loadBaseline, loadConfig, loadRules, versionOf } from './inputs.ts';
import { type OutputRequest, openOutputs, parseFormats } from './outputs.ts';
import { VERSION } from './version.ts';

export interface ScanFlags {
  format?: string[];
  output?: string;
  severity?: string;
  failOn?: string;
  strict?: boolean;
  all?: boolean;
  gaps?: boolean;
  verbose?: boolean;
  quiet?: boolean;
  color?: boolean;
  config?: string;
  baseline?: string;
  rules?: string[];
  only?: string[];
  kubernetesVersion?: string;
}

export async function runScan(paths: readonly string[], flags: ScanFlags): Promise<number> {
  const started = performance.now();
  if (paths.length === 0) throw new CastellanError('CAS_NO_INPUT', 'nothing was named to scan');
  const requests = parseFormats(flags.format ?? [], flags.output, flags.verbose === true);
  const leastSeverity = severityOf(flags.severity, '--severity');
  const failOn = severityOf(flags.failOn, '--fail-on');
  const kubernetesVersion = versionOf(flags.kubernetesVersion);
  const rules = chooseRules(await loadRules(flags.rules ?? []), flags.only ?? []);
  const config = loadConfig(flags.config, rules.all);
  const baseline = flags.baseline === undefined ? undefined : loadBaseline(flags.baseline);

  const snapshot = await collectManifests(paths, kubernetesVersion === undefined ? {} : { kubernetesVersion });
  if (snapshot.objects.length === 0) throw nothingIn(paths, snapshot);

  const outputs = openOutputs(requests, flags);
  let result: ScanResult;
  try {
    result = scan(
      snapshot,
      {
        rules: rules.chosen,
        config,
        today: new Date().toISOString().slice(0, 10),
        version: VERSION,
        targets: paths,
        all: flags.all === true,
        clock: () => performance.now(),
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
  if (flags.quiet !== true) tellGaps(result, requests, flags);
  return exitCode(result, failOn, flags.strict === true);
}

/** 1 beats 4: a gate that failed did so on what was seen. */
function exitCode({ totals, gating }: ScanResult, failOn: Severity | undefined, strict: boolean): number {
  if (failOn !== undefined) {
    const gated = SEVERITIES.slice(0, SEVERITIES.indexOf(failOn) + 1).reduce((sum, severity) => sum + gating[severity], 0);
    if (gated > 0) return 1;
    // What could not be judged may hide what the gate looks for: a rule that broke must not open it.
    if (totals.gaps.some((gap) => gap.code === 'rule-failed')) return 4;
  }
  return strict && (totals.coverage.skipped > 0 || totals.gaps.some((gap) => gap.code === 'rule-failed')) ? 4 : 0;
}

/** Why there is nothing to judge, with the first of what could not be read. */
export function nothingIn(paths: readonly string[], { counts, gaps }: Snapshot): CastellanError {
  const seen =
    counts.files === 0
      ? 'no YAML or JSON file'
      : `${plural(counts.documents, 'document')} in ${plural(counts.files, 'file')}, ${counts.foreign} of them something else`;
  const [first] = gaps;
  const unread = first === undefined ? '' : `; ${plural(gaps.length, 'gap')}, first ${first.scope}: ${first.reason}`;
  return new CastellanError('CAS_NO_INPUT', `no Kubernetes objects in ${paths.join(', ')} (${seen}${unread})`);
}

/** On standard error, so that a report on standard output stays what it is. */
function tellGaps(result: ScanResult, requests: readonly OutputRequest[], flags: ScanFlags): void {
  const { gaps } = result.totals;
  if (flags.gaps === true) {
    for (const { scope, code, reason, effect } of gaps)
      process.stderr.write(`gap  ${printable(scope)}  ${code}: ${printable(reason)}; ${printable(effect)}\n`);
    return;
  }
  const broken = gaps.filter((gap) => gap.code !== 'namespace-absent');
  if (broken.length > 0 && !requests.some((request) => request.format === 'table')) {
    process.stderr.write(`castellan: ${plural(broken.length, 'gap')}: parts of the input were not judged (--gaps lists them)\n`);
  }
}

function severityOf(text: string | undefined, flag: string): Severity | undefined {
  if (text === undefined) return undefined;
  const severity = SEVERITIES.find((known) => known === text.toLowerCase());
  if (severity === undefined) throw new CastellanError('CAS_USAGE', `${flag} takes one of ${SEVERITIES.join(', ')}, not "${text}"`);
  return severity;
}
