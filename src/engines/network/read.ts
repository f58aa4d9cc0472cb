/** Small readers of objects that are no policies: what is of a wrong type counts as absent. */
import { isRecord } from '../../lib/record.ts';
import type { Labels } from '../../model/index.ts';

export type Raw = Readonly<Record<string, unknown>>;

const NOTHING: Raw = Object.freeze({});
const NO_LABELS: Labels = Object.freeze({});

export function recordAt(value: unknown, ...path: readonly string[]): Raw {
  let at = value;
  for (const key of path) at = isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return isRecord(at) ? at : NOTHING;
}

export function recordsAt(value: Raw, key: string): Raw[] {
  const list = value[key];
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

export function textAt(value: Raw, key: string): string {
  const text = value[key];
  return typeof text === 'string' ? text : '';
}

/** Numbers and truth values count as the texts that were meant, as in the rest of the model; null is an empty text to the API. */
export function labelsAt(value: Raw, key: string): Labels {
  const labels = value[key];
  if (!isRecord(labels)) return NO_LABELS;
  if (Object.values(labels).every((label) => typeof label === 'string')) return labels as Labels;
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, label]) => (isScalar(label) ? [[name, String(label)]] : label === null ? [[name, '']] : [])),
  );
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A number that stands as a text is the number, as the API takes it for ports of Services. */
export function numberOrTextAt(value: Raw, key: string): number | string | undefined {
  const at = value[key];
  if (typeof at === 'string') return /^\d+$/.test(at) ? Number(at) : at === '' ? undefined : at;
  return typeof at === 'number' ? at : undefined;
}
