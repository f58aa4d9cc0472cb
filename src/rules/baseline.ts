/** A list of findings that are known, so that a gate looks only at what is new. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../model/index.ts';
import type { Finding } from './finding.ts';

const SCHEMA = 'castellan/baseline/v1';

export class Baseline {
  readonly #known: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  #new = 0;

  constructor(fingerprints: Iterable<string>) {
    this.#known = new Set(fingerprints);
  }

  /** Reads a file that `castellan baseline` wrote. */
  static parse(text: string, file: string): Baseline {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new CastellanError('CAS_BASELINE', `${file} is no JSON`, { cause: error });
    }
    if (!isRecord(value) || value.schema !== SCHEMA || !Array.isArray(value.findings)) {
      throw new CastellanError('CAS_BASELINE', `${file} is no baseline of this version of Castellan`);
    }
    return new Baseline(value.findings.filter(isRecord).map((finding) => String(finding.fingerprint)));
  }

  /** Whether a failing finding is not in the baseline. */
  isNew(finding: Finding): boolean {
    if (this.#known.has(finding.fingerprint)) {
      this.#seen.add(finding.fingerprint);
      return false;
    }
    this.#new += 1;
    return true;
  }

  summary(): { new: number; known: number; gone: number } {
    return { new: this.#new, known: this.#seen.size, gone: this.#known.size - this.#seen.size };
  }
}

/** The file of a baseline: one finding a line, sorted, so that changes of it read well in a review. */
export function baselineText(findings: readonly Finding[]): string {
  const lines = findings
    .filter((finding) => finding.status === 'fail')
    .map(({ fingerprint, rule, subject }) => {
      const { kind, namespace, name, container } = subject;
      const where = `${kind}/${namespace === '' ? '' : `${namespace}/`}${name}${container === undefined ? '' : ` ${container}`}`;
      return { fingerprint, rule: rule.id, subject: where };
    })
    .sort((a, b) => compare(a.rule, b.rule) || compare(a.subject, b.subject) || compare(a.fingerprint, b.fingerprint))
    .map((entry) => `  ${JSON.stringify(entry)}`);
  return `{"schema":"${SCHEMA}","findings":[\n${lines.join(',\n')}\n]}\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
