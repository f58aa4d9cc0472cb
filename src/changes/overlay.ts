/**
 * What a state would be after some changes: the same objects with few replaced, added or left out. Nothing is copied
 * that no change touches.
 */
import { CastellanError } from '../lib/errors.ts';
import { PatchFailure, applyPatch } from '../lib/json-patch.ts';
import { isRecord, textOf } from '../lib/record.ts';
import { KINDS, groupOf, isNamespaced, kindOf } from '../model/index.ts';
import type { Change, Patch } from '../rules/index.ts';
import { checkTaken } from './taken.ts';
import type { Origin, SourceObject } from '../snapshot/index.ts';

export interface Overlay {
  /** In the order of the input; what is created comes last. */
  readonly objects: readonly SourceObject[];
  /** Targets that changed in any way, as `Kind/namespace/name`. */
  readonly touched: ReadonlySet<string>;
}

/**
 * Applies the changes in turn. Errors: CAS_CHANGE where a patch names what is not there, creates what is, or does not fit
 * what it was made for; then nothing of any change is applied.
 */
export function overlaid(objects: Iterable<SourceObject>, changes: readonly Change[]): Overlay {
  // What is done on a node changes no object.
  const patches = changes.flatMap(({ patches: list }) => list.filter(({ node }) => node === undefined));
  const wanted = new Set(patches.map(({ target }) => target));
  const list = [...objects];
  const places = new Map<string, number>();
  const mayBe = ofKindsIn(wanted);
  for (let index = 0; index < list.length; index += 1) {
    const object = list[index]?.object;
    const ref = object !== undefined && mayBe(object) ? refIn(object) : '';
    if (wanted.has(ref)) places.set(ref, index);
  }
  const result: (SourceObject | undefined)[] = list;
  for (const patch of patches) {
    const at = places.get(patch.target);
    const before = at === undefined ? undefined : result[at];
    const after = patched(patch, before);
    if (at !== undefined) result[at] = after;
    else if (after !== undefined) places.set(patch.target, result.push(after) - 1);
  }
  return { objects: result.filter((one) => one !== undefined), touched: wanted };
}

/** Those whose changes fit what is written: where a list holds what is no text, the model reads another one. */
export function thoseThatFit<T extends { readonly change: Change }>(objects: Iterable<SourceObject>, all: readonly T[]): T[] {
  const wanted = new Set(all.flatMap(({ change }) => change.patches.map(({ target }) => target)));
  const written = new Map<string, SourceObject>();
  const mayBe = ofKindsIn(wanted);
  for (const one of objects) {
    const ref = mayBe(one.object) ? refIn(one.object) : '';
    if (wanted.has(ref)) written.set(ref, one);
  }
  return all.filter(({ change }) => {
    const now = new Map<string, SourceObject | undefined>();
    try {
      for (const patch of change.patches) {
        if (patch.node !== undefined) continue;
        const before = now.has(patch.target) ? now.get(patch.target) : written.get(patch.target);
        now.set(patch.target, patched(patch, before));
      }
      return true;
    } catch (error) {
      if (error instanceof CastellanError && error.code === 'CAS_CHANGE') return false;
      throw error;
    }
  });
}

/** Whether an object can be called as one of few: to name each of a large cluster takes longer than to look at its kind. */
export function ofKindsIn(refs: Iterable<string>): (object: Readonly<Record<string, unknown>>) => boolean {
  const kinds = new Set(Array.from(refs, (ref) => /^[^./]*/.exec(ref)?.[0] ?? ''));
  return ({ kind }) => kinds.has(textOf(kind));
}

function patched(patch: Patch, before: SourceObject | undefined): SourceObject | undefined {
  const { target, operation } = patch;
  if (operation === 'create') {
    if (before !== undefined) throw new CastellanError('CAS_CHANGE', `${target} is there already, and would be created`);
    if (!isRecord(patch.object) || refIn(patch.object) !== target)
      throw new CastellanError('CAS_CHANGE', `the object that would be created is not ${target}`);
    return { object: patch.object, origin: CREATED };
  }
  if (before === undefined) throw new CastellanError('CAS_CHANGE', `there is no ${target} to ${operation}`);
  if (operation === 'delete') return undefined;
  let object: unknown;
  try {
    object = applyPatch(before.object, patch.patch);
  } catch (error) {
    if (!(error instanceof PatchFailure)) throw error;
    throw new CastellanError('CAS_CHANGE', `${target}: ${error.message}`, { cause: error });
  }
  if (!isRecord(object) || refIn(object) !== target)
    throw new CastellanError('CAS_CHANGE', `the patch of ${target} would make another object of it`);
  checkTaken(target, before.object, object);
  return { ...before, object };
}

const CREATED: Origin = { source: 'a change', line: 1, format: 'json', prefix: [] };

/** Kinds of Kubernetes that are no part of the model's catalog, and whose names plug-ins use too. */
const POLICY_GROUPS: Readonly<Record<string, string>> = {
  AdminNetworkPolicy: 'policy.networking.k8s.io',
  BaselineAdminNetworkPolicy: 'policy.networking.k8s.io',
  ClusterNetworkPolicy: 'policy.networking.k8s.io',
};

/** `NetworkPolicy.crd.projectcalico.org`, as kubectl writes it, where another one uses the name of a kind of Kubernetes. */
function nameOfKind(apiVersion: string, kind: string): string {
  const group = groupOf(apiVersion);
  const own = POLICY_GROUPS[kind];
  const isForeign =
    own === undefined ? Object.hasOwn(KINDS, kind) && kindOf(apiVersion, kind) === undefined : group !== own && group !== '';
  return isForeign ? `${kind}.${group}` : kind;
}

/** As `refOf` of the model names it; with its group what only shares the name of a kind of Kubernetes. */
export function refIn(object: Readonly<Record<string, unknown>>): string {
  const { apiVersion = '', kind = '', metadata } = object;
  const { namespace, name }: Record<string, unknown> = isRecord(metadata) ? metadata : {};
  const [ownKind, ownName] = [nameOfKind(textOf(apiVersion), textOf(kind)), typeof name === 'string' ? name : ''];
  if (!isNamespaced(textOf(apiVersion), textOf(kind))) return `${ownKind}/${ownName}`;
  return `${ownKind}/${typeof namespace === 'string' && namespace !== '' ? namespace : 'default'}/${ownName}`;
}
