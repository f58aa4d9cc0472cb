/** What to take out of one list of lines and put in to get another, with the fewest lines that change (Myers, 1986). */

/** `count` lines of the one from `at` are replaced by these of the other from `otherAt`. In order, and apart. */
export interface Replaced {
  readonly at: number;
  readonly count: number;
  readonly otherAt: number;
  readonly otherCount: number;
}

/** Steps after which a difference counts as all: two texts that share nothing would take the square of their length. */
const MOST_STEPS = 1000;

export function lineDiff(one: readonly string[], other: readonly string[]): Replaced[] {
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [a, b] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  if (a.length === 0 && b.length === 0) return [];
  const kept = commonLines(a, b);
  if (kept === undefined) return [{ at: start, count: a.length, otherAt: start, otherCount: b.length }];
  const replaced: Replaced[] = [];
  let [at, otherAt] = [0, 0];
  for (const [x, y] of [...kept, [a.length, b.length] as const]) {
    if (x > at || y > otherAt) replaced.push({ at: start + at, count: x - at, otherAt: start + otherAt, otherCount: y - otherAt });
    [at, otherAt] = [x + 1, y + 1];
  }
  return replaced;
}

/** The places of a longest common sequence, in both; undefined where it is too far to find. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  const most = Math.min(a.length + b.length, MOST_STEPS);
  for (let steps = 0; steps <= most; steps += 1) {
    trace.push(new Map(furthest));
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = takesDown(furthest, diagonal, steps) ? (furthest.get(diagonal + 1) ?? 0) : (furthest.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkedBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

function takesDown(furthest: ReadonlyMap<number, number>, diagonal: number, steps: number): boolean {
  return diagonal === -steps || (diagonal !== steps && (furthest.get(diagonal - 1) ?? -1) < (furthest.get(diagonal + 1) ?? -1));
}

function walkedBack(trace: readonly ReadonlyMap<number, number>[], length: number, otherLength: number): [number, number][] {
  const kept: [number, number][] = [];
  let [x, y] = [length, otherLength];
  for (let steps = trace.length - 1; steps >= 0; steps -= 1) {
    const furthest = trace[steps] ?? new Map<number, number>();
    const diagonal = x - y;
    const before = takesDown(furthest, diagonal, steps) ? diagonal + 1 : diagonal - 1;
    const fromX = steps === 0 ? 0 : (furthest.get(before) ?? 0);
    const fromY = steps === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      kept.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return kept.toReversed();
}
