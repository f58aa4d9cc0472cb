/** RFC 6902, the four operations that Castellan writes. What a patch does not touch is shared with what it was applied to. */
import { isRecord } from './record.ts';

export interface PatchOperation {
  op: 'add' | 'remove' | 'replace' | 'test';
  /** RFC 6901. */
  path: string;
  value?: unknown;
}

/** Throws `PatchFailure` where an operation does not fit, and then nothing was changed. */
export function applyPatch(value: unknown, patch: readonly PatchOperation[]): unknown {
  let result = value;
  for (const [index, operation] of patch.entries()) {
    const segments = pointerSegments(operation.path);
    if (segments === undefined) throw new PatchFailure(index, operation, 'no JSON pointer');
    result = changed(result, segments, { operation, index });
  }
  return result;
}

/** `index` is that of the operation, from 0. */
export class PatchFailure extends Error {
  readonly index: number;
  readonly operation: PatchOperation;

  constructor(index: number, operation: PatchOperation, why: string) {
    super(`operation ${index + 1} (${operation.op} ${operation.path}) does not fit: ${why}`);
    this.name = 'PatchFailure';
    this.index = index;
    this.operation = operation;
  }
}

/** Undefined where it is no pointer. */
export function pointerSegments(pointer: string): string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Equal as JSON: members of an object in any order. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((entry, index) => sameJson(entry, other[index]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]));
}

interface Step {
  readonly operation: PatchOperation;
  readonly index: number;
}

function changed(value: unknown, segments: readonly string[], step: Step): unknown {
  const { operation, index } = step;
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (operation.op === 'test' && !sameJson(value, operation.value)) throw new PatchFailure(index, operation, 'the value is another one');
    if (operation.op === 'remove') throw new PatchFailure(index, operation, 'the whole cannot be removed');
    return operation.op === 'test' ? value : operation.value;
  }
  if (Array.isArray(value)) return changedList(value as unknown[], [segment, rest], step);
  if (!isRecord(value)) throw new PatchFailure(index, operation, 'there is nothing to go into');
  const isThere = Object.hasOwn(value, segment);
  if (!isThere && (rest.length > 0 || operation.op !== 'add')) throw new PatchFailure(index, operation, `there is no "${segment}"`);
  if (rest.length === 0 && operation.op === 'remove') {
    return Object.fromEntries(Object.entries(value).filter(([key]) => key !== segment));
  }
  const next = rest.length === 0 && operation.op === 'add' ? operation.value : changed(value[segment], rest, step);
  if (isThere && next === value[segment]) return value;
  // Entries, as `__proto__` is a key like any other.
  return Object.fromEntries(
    isThere ? Object.entries(value).map(([key, old]) => [key, key === segment ? next : old]) : [...Object.entries(value), [segment, next]],
  );
}

function changedList(list: readonly unknown[], [segment, rest]: [string, readonly string[]], step: Step): unknown {
  const { operation, index } = step;
  const isAdded = rest.length === 0 && operation.op === 'add';
  const at = segment === '-' && isAdded ? list.length : /^(0|[1-9]\d*)$/.test(segment) ? Number(segment) : -1;
  if (at < 0 || at > list.length || (at === list.length && !isAdded))
    throw new PatchFailure(index, operation, `there is no element ${segment}`);
  if (isAdded) return list.toSpliced(at, 0, operation.value);
  if (rest.length === 0 && operation.op === 'remove') return list.toSpliced(at, 1);
  const next = changed(list[at], rest, step);
  return next === list[at] ? list : list.with(at, next);
}
