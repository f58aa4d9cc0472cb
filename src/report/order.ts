/** The order in which reports with room for few findings spend it. */
import { type Finding, SEVERITIES, STATUSES } from '../rules/index.ts';

/** 0 for what fails and is critical, then down the severities; after them what is undecided, excepted, passed. */
export function weightOf({ status, severity }: Pick<Finding, 'status' | 'severity'>): number {
  return STATUSES.indexOf(status) * SEVERITIES.length + SEVERITIES.indexOf(severity);
}

/** Keeps texts by weight, each weight in the order of the input. */
export class ByWeight {
  readonly #texts: string[][] = [];
  readonly #counts: number[] = [];
  readonly #most: number;

  /** No more than `most` texts are kept of one weight. */
  constructor(most = Infinity) {
    this.#most = most;
  }

  add(weight: number, make: () => string): void {
    this.#counts[weight] = (this.#counts[weight] ?? 0) + 1;
    const texts = (this.#texts[weight] ??= []);
    if (texts.length < this.#most) texts.push(make());
  }

  get total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** The heaviest ones first. */
  first(most = Infinity): string[] {
    const texts: string[] = [];
    for (const bucket of this.#texts) {
      for (const text of bucket ?? []) {
        if (texts.length >= most) return texts;
        texts.push(text);
      }
    }
    return texts;
  }
}
