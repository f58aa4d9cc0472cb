/** What was said of an owner, so that its pods do not repeat it. */
import type { Found } from './found.ts';

export class Told {
  readonly #told = new Set<string>();
  /** Rules and containers of which anything was told. */
  readonly #subjects = new Set<string>();

  constructor(found: Iterable<Found>) {
    for (const finding of found) this.add(finding);
  }

  add(finding: Found): void {
    this.#told.add(factOf(finding));
    this.#subjects.add(subjectOf(finding));
  }

  /** That something passes is no news where anything was told. */
  has(finding: Found): boolean {
    return finding.status === 'pass' ? this.#subjects.has(subjectOf(finding)) : this.#told.has(factOf(finding));
  }
}

function subjectOf({ rule, subject }: Found): string {
  return `${rule.id}\n${subject.container ?? ''}`;
}

/**
 * Other capabilities or another port are another fact, though the fingerprint is one. Whole parts of a pod are not
 * compared: admission completes them in fields that have nothing to do with the fact.
 */
function factOf(finding: Found): string {
  const { key, status, severity, message, evidence } = finding;
  const value = evidence[0]?.value;
  const isPlain = Array.isArray(value) ? value.every((each) => typeof each !== 'object') : typeof value !== 'object';
  return [subjectOf(finding), key, status, severity, message, isPlain ? JSON.stringify(value) : ''].join('\n');
}
