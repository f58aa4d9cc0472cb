/** A list of findings that are known, so that a gate looks only at what is new. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import { type Finding, SEVERITIES, type Severity } from './finding.ts';

const SCHEMA = 'castellan/baseline/v1';

/** A known finding; several objects of one name share it. */
interface Known {
  left: number;
  severity: Severity;
  /** Told by another finding, as long as that one stands. */
  covered: boolean;
}

export class Baseline {
  readonly #known = new Map<string, Known>();
  #new = 0;
  #met = 0;

  constructor(entries: readonly BaselineEntry[]) {
    for (const { fingerprint, count, severity, coveredBy } of entries) {
      this.#known.set(fingerprint, { left: count, severity, covered: coveredBy !== undefined });
    }
  }

  /** Reads a file that `castellan baseline` wrote. */
  static parse(text: string, file: string): Baseline {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new CastellanError('CAS_BASELINE', `${file} is no JSON`, { cause: error });
    }
    if (!isRecord(value) || value.schema !== SCHEMA || !Array.isArray(value.findings) || !value.findings.every(isEntry)) {
      throw new CastellanError('CAS_BASELINE', `${file} is no baseline of this version of Castellan`);
    }
    return new Baseline(value.findings);
  }

  /** Whether a failing finding is not in the baseline, stands there less often, or was less severe. */
  isNew({ fingerprint, severity }: Finding): boolean {
    const known = this.#known.get(fingerprint);
    if (known !== undefined && known.left > 0 && SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(known.severity)) {
      known.left -= 1;
      this.#met += 1;
      return false;
    }
    this.#new += 1;
    return true;
  }

  summary(): { new: number; known: number; gone: number } {
    const gone = [...this.#known.values()].reduce((sum, { left, covered }) => sum + (covered ? 0 : left), 0);
    return { new: this.#new, known: this.#met, gone };
  }
}

interface BaselineEntry {
  fingerprint: string;
  rule: string;
  subject: string;
  severity: Severity;
  /** How many findings share the fingerprint: the same object in several files. */
  count: number;
  /** The rule whose finding tells this one too; it is known when that one is mended. */
  coveredBy?: string;
}

function isEntry(value: unknown): value is BaselineEntry {
  return (
    isRecord(value) &&
    typeof value.fingerprint === 'string' &&
    Number.isInteger(value.count) &&
    SEVERITIES.some((severity) => severity === value.severity)
  );
}

/** The file of a baseline: one finding a line, sorted, so that changes of it read well in a review. */
export function baselineText(findings: readonly Finding[]): string {
  const entries = new Map<string, BaselineEntry>();
  for (const finding of findings) {
    if (finding.status !== 'fail') continue;
    enter(entries, finding);
    for (const blunt of finding.covered) enter(entries, blunt, finding.rule.id);
  }
  const lines = [...entries.values()]
    .sort((a, b) => compare(a.rule, b.rule) || compare(a.subject, b.subject) || compare(a.fingerprint, b.fingerprint))
    .map((entry) => `  ${JSON.stringify(entry)}`);
  return `{"schema":"${SCHEMA}","findings":[\n${lines.join(',\n')}\n]}\n`;
}

function enter(entries: Map<string, BaselineEntry>, { fingerprint, rule, severity, subject }: Finding, coveredBy?: string): void {
  const known = entries.get(fingerprint);
  if (known !== undefined) {
    known.count += 1;
    if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(known.severity)) known.severity = severity;
    return;
  }
  const { kind, namespace, name, container } = subject;
  const where = `${kind}/${namespace === '' ? '' : `${namespace}/`}${name}${container === undefined ? '' : ` ${container}`}`;
  entries.set(fingerprint, {
    fingerprint,
    rule: rule.id,
    subject: where,
    severity,
    count: 1,
    ...(coveredBy !== undefined && { coveredBy }),
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
