/**
 * Who last set a field of an object that a server gave, by its managed fields: `f:` is a field, `k:` an element of a
 * list by its keys, `v:` a value of a set. Semantics: sigs.k8s.io/structured-merge-diff/v4/fieldpath.
 */
import { type PathSegment, segmentsOf, valueAt } from '../lib/field-path.ts';
import { isRecord } from '../lib/record.ts';
import type { ApiObject } from './objects.ts';

export interface Manager {
  /** `helm`, `kubectl-client-side-apply`, `argocd-controller`. */
  name: string;
  /** RFC 3339. */
  time: string | undefined;
}

interface Entry extends Manager {
  fields: Record<string, unknown>;
}

/** Findings come object by object. */
let last: { text: string; entries: readonly Entry[] } | undefined;

/** Undefined where the field is absent, or nobody is on record. Of several who agree on a field, the one that came last. */
export function managerOf({ managedFields, body }: Pick<ApiObject, 'managedFields' | 'body'>, path: string): Manager | undefined {
  if (managedFields === undefined || path === '') return undefined;
  if (last?.text !== managedFields) last = { text: managedFields, entries: entriesOf(managedFields) };
  const segments = segmentsOf(path);
  if (valueAt(body, segments) === undefined) return undefined;
  let found: Entry | undefined;
  for (const entry of last.entries) {
    if (owns(entry.fields, body, segments) && (found === undefined || (entry.time ?? '') >= (found.time ?? ''))) found = entry;
  }
  return found === undefined ? undefined : { name: found.name, time: found.time };
}

function entriesOf(text: string): Entry[] {
  const list = parsed(text);
  if (!Array.isArray(list)) return [];
  return (list as unknown[]).flatMap((entry) => {
    if (!isRecord(entry) || typeof entry.manager !== 'string' || !isRecord(entry.fieldsV1)) return [];
    // What is below status is what a controller saw, not what somebody wanted.
    if (entry.subresource === 'status') return [];
    return [{ name: entry.manager, time: typeof entry.time === 'string' ? entry.time : undefined, fields: entry.fieldsV1 }];
  });
}

function owns(fields: Record<string, unknown>, root: unknown, segments: readonly PathSegment[]): boolean {
  let at: Record<string, unknown> = fields;
  let value: unknown = root;
  for (const segment of segments) {
    // A list or mapping that is owned as a whole has nothing below it.
    if (Object.keys(at).length === 0) return true;
    const key = typeof segment === 'number' ? elementKey(at, value, segment) : `f:${segment}`;
    value = childOf(value, segment);
    const below = key === undefined ? undefined : at[key];
    if (!isRecord(below)) return false;
    at = below;
  }
  return true;
}

function childOf(value: unknown, segment: PathSegment): unknown {
  if (typeof segment === 'number') return Array.isArray(value) ? (value as unknown[])[segment] : undefined;
  return isRecord(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

/** The key under which an element of a list stands: the one whose values are the element's. */
function elementKey(fields: Record<string, unknown>, list: unknown, index: number): string | undefined {
  const element = childOf(list, index);
  return Object.keys(fields).find((key) => {
    if (key.startsWith('v:')) return key.slice(2) === JSON.stringify(element);
    if (!key.startsWith('k:') || !isRecord(element)) return false;
    const keys = parsed(key.slice(2));
    return (
      isRecord(keys) &&
      Object.entries(keys).every(([name, value]) => element[name] === value || (element[name] === undefined && isDefault(name, value)))
    );
  });
}

/** Keys that a manifest may leave out. */
function isDefault(name: string, value: unknown): boolean {
  return name === 'protocol' && value === 'TCP';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
