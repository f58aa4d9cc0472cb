/** What a person has looked at and answers for, until a day: it takes the place of `manual`, and of nothing else. */
import type { Finding } from './finding.ts';

export interface ControlAttestation {
  id: string;
  /** A rule, or `FRAMEWORK/CONTROL`. */
  about: { rule: string } | { framework: string; control: string };
  who: string;
  /** Days: 2026-11-21. */
  date: string;
  until: string;
  /** What was looked at and found. */
  why: string;
}

export interface AttestationSummary {
  used: number;
  unused: string[];
  expired: string[];
}

export class ControlAttestations {
  readonly #all: readonly ControlAttestation[];
  readonly #today: string;
  readonly #used = new Set<string>();

  constructor(all: readonly ControlAttestation[], today: string) {
    this.#all = all;
    this.#today = today;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  apply(finding: Finding): void {
    if (finding.status !== 'manual') return;
    const attestation = this.#all.find((each) => !this.#isExpired(each) && isAbout(each, finding));
    if (attestation === undefined) return;
    this.#used.add(attestation.id);
    finding.status = 'pass';
    finding.reason = `attested by ${attestation.who} on ${attestation.date} until ${attestation.until}: ${attestation.why}`;
  }

  summary(): AttestationSummary {
    const expired = this.#all.filter((each) => this.#isExpired(each)).map(({ id }) => id);
    return {
      used: this.#used.size,
      unused: this.#all.filter((each) => !this.#isExpired(each) && !this.#used.has(each.id)).map(({ id }) => id),
      expired,
    };
  }

  /** Somebody who has not looked yet attests nothing either. */
  #isExpired({ date, until }: ControlAttestation): boolean {
    return until < this.#today || date > this.#today;
  }
}

function isAbout({ about }: ControlAttestation, { rule }: Finding): boolean {
  if ('rule' in about) return rule.id === about.rule;
  return rule.controls.some(({ framework, id }) => framework === about.framework && id === about.control);
}
