/** The edits of a rule's fix as a patch of the object (RFC 6902), with the parents that are missing. */
import { type PathSegment, concatPath, segmentsOf, toPointer, valueAt } from '../lib/field-path.ts';
import type { PatchOperation } from '../lib/json-patch.ts';
import { type ApiObject, refOf } from '../model/index.ts';
import type { Change, Patch } from './finding.ts';
import type { Edit, Rule } from './rule.ts';

/** `place.path` is what the paths of the edits start at. */
export function changeOf(rule: Rule, edits: readonly Edit[], place: { object: ApiObject; path: string }): Change {
  const { object } = place;
  const patch: PatchOperation[] = [];
  let body: unknown = object.body;
  for (const edit of edits) {
    const segments = segmentsOf(concatPath(place.path, 'set' in edit ? edit.set : edit.remove));
    if ('remove' in edit) {
      patch.push({ op: 'remove', path: toPointer(segments) });
      continue;
    }
    const { at, value } = addition(body, segments, edit.value);
    patch.push({ op: 'add', path: toPointer(at), value });
    // A later edit of the same change may stand inside what this one made.
    if (edits.length > 1) body = withValue(body, at, value);
  }
  const made: Patch = { target: refOf(object), operation: 'patch', patch };
  if (object.origin.text !== undefined) made.file = object.origin.source;
  return { patches: [made], effort: rule.effort ?? 'low' };
}

/** The deepest place whose parent exists, and the value with what is missing below it. */
export function addition(body: unknown, segments: readonly PathSegment[], value: unknown): { at: readonly PathSegment[]; value: unknown } {
  let parent = body;
  let depth = 1;
  for (; depth < segments.length; depth += 1) {
    const segment = segments[depth - 1] ?? '';
    const next: unknown = isContainer(parent) && Object.hasOwn(parent, segment) ? parent[segment] : undefined;
    if (!isContainer(next)) break;
    parent = next;
  }
  if (depth === segments.length) return { at: segments, value };
  let nested = value;
  for (let index = segments.length - 1; index >= depth; index -= 1) nested = { [segments[index] ?? '']: nested };
  return { at: segments.slice(0, depth), value: nested };
}

function withValue(body: unknown, at: readonly PathSegment[], value: unknown): unknown {
  const copy: unknown = structuredClone(body);
  const parent = valueAt(copy, at.slice(0, -1));
  const last = at.at(-1);
  if (isContainer(parent) && last !== undefined) parent[last] = value;
  return copy;
}

function isContainer(value: unknown): value is Record<PathSegment, unknown> {
  return typeof value === 'object' && value !== null;
}
