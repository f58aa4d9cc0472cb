/** The arithmetic of the benchmarks. */

/** The middle value; with an even count, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the median of nothing');
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  return ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Point {
  size: number;
  cost: number;
}

/**
 * The k of cost = c · size^k that fits the points best: the slope of a straight line through their logarithms.
 * 1 is linear growth, 2 is quadratic.
 */
export function growthExponent(points: readonly Point[]): number {
  if (points.length < 2) throw new RangeError('growth needs at least two sizes');
  const xs = points.map((point) => Math.log(point.size));
  const ys = points.map((point) => Math.log(point.cost));
  const meanX = mean(xs);
  const meanY = mean(ys);
  let above = 0;
  let below = 0;
  for (const [index, x] of xs.entries()) {
    above += (x - meanX) * ((ys[index] ?? meanY) - meanY);
    below += (x - meanX) ** 2;
  }
  if (below === 0) throw new RangeError('growth needs sizes that differ');
  return above / below;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The median of left / right over pairs of runs that were made one after the other. What else the machine did
 * at that moment slowed both of a pair, so this holds steadier than the quotient of two medians.
 */
export function pairedRatio(left: readonly number[], right: readonly number[]): number {
  const count = Math.min(left.length, right.length);
  const ratios: number[] = [];
  for (let index = 0; index < count; index += 1) ratios.push((left[index] ?? Number.NaN) / (right[index] ?? Number.NaN));
  return median(ratios);
}
