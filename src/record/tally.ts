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
  #days: readonly number[] = NONE;
  #streams: readonly number[] = NONE;

  add({ stream, time, outcome, count = 1 }: Sighting): void {
    if (outcome === 'allowed') this.allowed += count;
    else if (outcome === 'denied') this.denied += count;
    else this.unclear += count;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
    if (outcome !== 'denied') this.#days = inserted(this.#days, Math.floor(time / SECONDS_A_DAY));
    this.#streams = inserted(this.#streams, stream);
  }

  /** `streamOf` says which of our streams each of the other's is. */
  merge(other: Counts, streamOf: (stream: number) => number): void {
    this.allowed += other.allowed;
    this.denied += other.denied;
    this.unclear += other.unclear;
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    for (const day of other.days) this.#days = inserted(this.#days, day);
    for (const stream of other.streams) this.#streams = inserted(this.#streams, streamOf(stream));
  }

  counts(): Counts {
    const { allowed, denied, unclear, first, last } = this;
    return { allowed, denied, unclear, first, last, days: this.#days, streams: this.#streams };
  }
}

const NONE: readonly number[] = [];

/** A rising list with one more; most come in order, so the end is looked at first. Lists of one, which most are, take no room for more. */
function inserted(list: readonly number[], value: number): readonly number[] {
  if (list.length === 0) return [value];
  let at = list.length;
  while (at > 0 && (list[at - 1] ?? 0) > value) at -= 1;
  if (at > 0 && list[at - 1] === value) return list;
  return list.toSpliced(at, 0, value);
}
