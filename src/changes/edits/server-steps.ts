/** Changes as requests to an API server, one an object, each with its way back. */
import { type PatchOperation, applyPatch } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import type { Change } from '../../rules/index.ts';
import { refIn } from '../overlay.ts';
import { creatable, reversed, withTests } from './reversal.ts';

type Body = Readonly<Record<string, unknown>>;

/** What one request does. */
export type ServerAction =
  | { readonly operation: 'patch'; readonly patch: readonly PatchOperation[] }
  | { readonly operation: 'create'; readonly object: Body }
  /** Only that object and that version of it, where they are named. */
  | { readonly operation: 'delete'; readonly uid?: string; readonly resourceVersion?: string };

export interface ServerStep {
  /** `Kind/namespace/name`. */
  readonly target: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** '' where the kind has none. */
  readonly namespace: string;
  readonly name: string;
  /** Of the object that it was made for, where that is known. */
  readonly resourceVersion: string | undefined;
  readonly action: ServerAction;
  /** Undefined where what is deleted was not read whole, so that nobody could make it again. */
  readonly back: ServerAction | undefined;
}

/** In order. Objects are those of the server, before any of the changes; what an edit is made of is tested. */
export function serverSteps(objects: Iterable<Body>, changes: readonly Change[]): ServerStep[] {
  const now = new Map<string, Body>();
  for (const object of objects) now.set(refIn(object), object);
  const touched = new Set<string>();
  const steps: ServerStep[] = [];
  for (const patch of changes.flatMap(({ patches }) => patches)) {
    const { target } = patch;
    if (patch.node !== undefined) continue;
    const object = now.get(target) ?? (isRecord(patch.object) ? patch.object : undefined);
    if (object === undefined) continue;
    const { action, back } = actionsOf(patch, object);
    // Whatever comes after the first change of an object meets another version of it.
    const resourceVersion = touched.has(target) ? undefined : textOf(object.metadata, 'resourceVersion');
    touched.add(target);
    steps.push({
      target,
      apiVersion: String(object.apiVersion),
      kind: String(object.kind),
      namespace: target.split('/').length > 2 ? (target.split('/')[1] ?? '') : '',
      name: textOf(object.metadata, 'name') ?? '',
      resourceVersion,
      action: action.operation === 'patch' ? { ...action, patch: versioned(action.patch, resourceVersion) } : action,
      back,
    });
    const after = action.operation === 'patch' ? applyPatch(object, patch.patch) : undefined;
    if (action.operation === 'create') now.set(target, action.object);
    else if (isRecord(after)) now.set(target, after);
    else now.delete(target);
  }
  return steps;
}

function actionsOf(
  { operation, patch, object: made }: Change['patches'][number],
  object: Body,
): { action: ServerAction; back: ServerAction | undefined } {
  if (operation === 'create') return { action: { operation, object: isRecord(made) ? made : {} }, back: { operation: 'delete' } };
  if (operation === 'delete') {
    const whole = creatable(object);
    return { action: { operation }, back: whole === undefined ? undefined : { operation: 'create', object: whole } };
  }
  return { action: { operation, patch: withTests(patch, object) }, back: { operation, patch: reversed(patch, object) } };
}

/** The server refuses the patch of an object that changed since. */
function versioned(patch: readonly PatchOperation[], version: string | undefined): PatchOperation[] {
  return version === undefined ? [...patch] : [{ op: 'test', path: '/metadata/resourceVersion', value: version }, ...patch];
}

function textOf(metadata: unknown, key: string): string | undefined {
  const value = isRecord(metadata) ? metadata[key] : undefined;
  return typeof value === 'string' ? value : undefined;
}
