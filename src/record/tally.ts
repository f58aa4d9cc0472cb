/** How often something was done, when, and in which streams it was seen. */

/** `unclear` is what a log leaves open: an answer of 403 without word of who refused. */
export type Outcome = 'allowed' | 'denied' | 'unclear';

/** One sighting: `time` in seconds since 1970, `count` of them where a log sums up. */
export interface Sighting {
  readonly stream: number;
  readonly time: number;
  readonly outcome: Outcome;
  readonly count?: number;
}

export interface Counts {
  readonly allowed: number;
  readonly denied: number;
  readonly unclear: number;
  readonly first: number;
  readonly last: number;
  readonly days: readonly number[];
  readonly streams: readonly number[];
}

const SECONDS_A_DAY = 86_400;

export class Tally {
  allowed = 0;
  denied = 0;
  unclear = 0;
  first = Infinity;
  last = -Infinity;
  readonly #days: number[] = [];
  readonly #streams: number[] = [];

  add({ stream, time, outcome, count = 1 }: Sighting): void {
    this[outcome] += count;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    if (outcome !== 'denied') insert(this.#days, Math.floor(time / SECONDS_A_DAY));
    insert(this.#streams, stream);
  }

  /** `streamOf` says which of our streams each of the other's is. */
  merge(other: Counts, streamOf: (stream: number) => number): void {
    this.allowed += other.allowed;
    this.denied += other.denied;
    this.unclear += other.unclear;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    for (const day of other.days) insert(this.#days, day);
    for (const stream of other.streams) insert(this.#streams, streamOf(stream));
  }

  counts(): Counts {
    const { allowed, denied, unclear, first, last } = this;
    return { allowed, denied, unclear, first, last, days: this.#days, streams: this.#streams };
  }
}

/** Into a rising list; most come in order, so the end is looked at first. */
function insert(list: number[], value: number): void {
  let at = list.length;
  while (at > 0 && (list[at - 1] ?? 0) > value) at -= 1;
  if (at > 0 && list[at - 1] === value) return;
  if (at === list.length) list.push(value);
  else list.splice(at, 0, value);
}
