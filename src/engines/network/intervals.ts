/**
 * Sets of numbers or addresses as sorted boundaries: inside begins at each even one and ends before each odd one, so
 * that [1, 80, 81, 65536] is everything but 80. No arithmetic on values is needed, which lets addresses be bigints.
 */
export type Intervals<T extends number | bigint> = readonly T[];

/** What holds of a value for which `keep` is asked with whether it is in either set; nothing in neither may be kept. */
export function combine<T extends number | bigint>(
  a: Intervals<T>,
  b: Intervals<T>,
  keep: (inA: boolean, inB: boolean) => boolean,
): Intervals<T> {
  const out: T[] = [];
  let [i, j] = [0, 0];
  let [inA, inB, inside] = [false, false, false];
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    const takesA = x !== undefined && (y === undefined || x <= y);
    const takesB = y !== undefined && (x === undefined || y <= x);
    const at = takesA ? x : y;
    if (at === undefined) break;
    if (takesA) {
      inA = !inA;
      i += 1;
    }
    if (takesB) {
      inB = !inB;
      j += 1;
    }
    if (keep(inA, inB) === inside) continue;
    inside = !inside;
    out.push(at);
  }
  return out;
}

export function union<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  return a.length === 0 ? b : b.length === 0 ? a : combine(a, b, either);
}
export function intersection<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  return combine(a, b, both);
}
export function difference<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): Intervals<T> {
  return b.length === 0 ? a : combine(a, b, onlyFirst);
}

export function contains<T extends number | bigint>(set: Intervals<T>, value: T): boolean {
  return boundariesUpTo(set, value) % 2 === 1;
}

/** How many boundaries are not above the value. */
export function boundariesUpTo<T extends number | bigint>(sorted: ArrayLike<T>, value: T): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle];
    if (at !== undefined && at <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function isSubset<T extends number | bigint>(a: Intervals<T>, b: Intervals<T>): boolean {
  return difference(a, b).length === 0;
}

/** Beginning and end of each interval, the end outside of it. */
export function* spans<T extends number | bigint>(set: Intervals<T>): Generator<readonly [start: T, end: T]> {
  for (let index = 0; index + 1 < set.length; index += 2) {
    const start = set[index];
    const end = set[index + 1];
    if (start !== undefined && end !== undefined) yield [start, end];
  }
}

function either(inA: boolean, inB: boolean): boolean {
  return inA || inB;
}
function both(inA: boolean, inB: boolean): boolean {
  return inA && inB;
}
function onlyFirst(inA: boolean, inB: boolean): boolean {
  return inA && !inB;
}
