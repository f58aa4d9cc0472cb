/** What is said of each place of a line, kept where it changes: one namespace, or everything, is one step. */
import { type Intervals, boundariesUpTo } from './intervals.ts';

/** `base` before the first start; from each start on the value beside it. */
export interface Steps {
  readonly base: number;
  /** Rising. */
  readonly starts: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

const NONE: readonly number[] = [];
const BEHIND = 0x7fff_ffff;

export function constant(base: number): Steps {
  return { base, starts: NONE, values: NONE };
}

export function valueAt({ base, starts, values }: Steps, place: number): number {
  const passed = boundariesUpTo(starts, place);
  return passed === 0 ? base : (values[passed - 1] ?? base);
}

/** In as little memory as it can be kept. */
export function packed({ base, starts, values }: Steps): Steps {
  return starts.length === 0 ? constant(base) : { base, starts: Int32Array.from(starts), values: Int32Array.from(values) };
}

class Writer {
  readonly base: number;
  readonly starts: number[] = [];
  readonly values: number[] = [];
  #last: number;

  constructor(base: number) {
    this.base = base;
    this.#last = base;
  }

  from(start: number, value: number): void {
    if (value === this.#last) return;
    this.starts.push(start);
    this.values.push(value);
    this.#last = value;
  }
}

/** Of each place what is made of what both say of it. */
export function merge(a: Steps, b: Steps, make: (a: number, b: number) => number): Steps {
  let [x, y] = [a.base, b.base];
  const written = new Writer(make(x, y));
  let [i, j] = [0, 0];
  while (i < a.starts.length || j < b.starts.length) {
    const [p, q] = [a.starts[i] ?? BEHIND, b.starts[j] ?? BEHIND];
    if (p <= q) x = a.values[i++] ?? x;
    if (q <= p) y = b.values[j++] ?? y;
    written.from(p < q ? p : q, make(x, y));
  }
  return written;
}

/** The same with what is made of it inside of the set; undefined is everywhere. */
export function changedIn(steps: Steps, set: Intervals<number> | undefined, make: (value: number) => number): Steps {
  let value = steps.base;
  const whole = set === undefined;
  const written = new Writer(whole ? make(value) : value);
  const edges = set ?? NONE;
  let [i, j] = [0, 0];
  while (i < steps.starts.length || j < edges.length) {
    const [p, q] = [steps.starts[i] ?? BEHIND, edges[j] ?? BEHIND];
    if (p <= q) value = steps.values[i++] ?? value;
    if (q <= p) j += 1;
    written.from(p < q ? p : q, whole || j % 2 === 1 ? make(value) : value);
  }
  return written;
}

/** From stretches that rise, each with what is said of it; `base` of what is between them. */
export function stepsOf(base: number, pieces: Iterable<readonly [start: number, end: number, value: number]>): Steps {
  const written = new Writer(base);
  let behind = -1;
  for (const [start, end, value] of pieces) {
    if (behind >= 0 && behind < start) written.from(behind, base);
    written.from(start, value);
    behind = end;
  }
  if (behind >= 0) written.from(behind, base);
  return written;
}

/** Inside of the set what the other says. */
export function replacedIn(steps: Steps, set: Intervals<number>, other: Steps): Steps {
  let [value, instead] = [steps.base, other.base];
  const written = new Writer(value);
  let [i, j, k] = [0, 0, 0];
  while (i < steps.starts.length || j < other.starts.length || k < set.length) {
    const [p, q, r] = [steps.starts[i] ?? BEHIND, other.starts[j] ?? BEHIND, set[k] ?? BEHIND];
    const start = Math.min(p, q, r);
    if (p === start) value = steps.values[i++] ?? value;
    if (q === start) instead = other.values[j++] ?? instead;
    if (r === start) k += 1;
    written.from(start, k % 2 === 1 ? instead : value);
  }
  return written;
}

/** The stretches from `from` up to `to`, each with its value. */
export function* stretches(
  { base, starts, values }: Steps,
  from: number,
  to: number,
): Generator<readonly [start: number, end: number, value: number]> {
  let index = boundariesUpTo(starts, from);
  for (let start = from; start < to;) {
    const end = Math.min(starts[index] ?? to, to);
    yield [start, end, index === 0 ? base : (values[index - 1] ?? base)];
    start = end;
    index += 1;
  }
}
