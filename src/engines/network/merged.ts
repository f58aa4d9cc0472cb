/** Rows of the matrix for ends that are several classes: what any of them may do. */
import type { Matrix } from './matrix.ts';
import type { Relation } from './relation.ts';

/** Sets of ports by class and zone, as `Matrix.from` gives them. */
export function allowedFrom({ ports }: Relation, matrix: Matrix, [first = 0, ...more]: readonly number[]): Int32Array {
  const allowed = matrix.from(first);
  for (const id of more) {
    const other = matrix.from(id);
    for (let at = 0; at < allowed.length; at += 1) allowed[at] = ports.union(allowed[at] ?? 0, other[at] ?? 0);
  }
  return allowed;
}

export function mergedAt({ ports }: Relation, allowed: Int32Array, ids: readonly number[]): number {
  let merged = ports.none;
  for (const id of ids) merged = ports.union(merged, allowed[id] ?? 0);
  return merged;
}
