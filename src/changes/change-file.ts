/** A change that somebody wrote down: a document with `patches`, or manifests as they should be. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
import type { PatchOperation } from '../lib/json-patch.ts';
import type { Change, Patch } from '../rules/index.ts';
import { saysTheSame } from './between.ts';
import { refIn } from './overlay.ts';
import type { State } from './state.ts';

const OPERATIONS = ['add', 'remove', 'replace', 'test'] as const;

/**
 * `documents` are those of the file. Manifests of what is there take its place, others are created; what is there already
 * as it is written is no change, so that there may be no patches.
 * @throws CAS_CHANGE with what is wrong
 */
export function readChange(documents: readonly unknown[], state: State): Change {
  const patches = documents.flatMap((document, index) => {
    if (!isRecord(document)) throw wrong(`document ${index + 1} is neither a change nor an object`);
    if (Array.isArray(document.patches)) return (document.patches as unknown[]).map((patch, at) => patchIn(patch, `patches[${at}]`));
    if (isRecord(document.change) && Array.isArray(document.change.patches))
      return (document.change.patches as unknown[]).map((patch, at) => patchIn(patch, `change.patches[${at}]`));
    if (typeof document.kind !== 'string' || typeof document.apiVersion !== 'string')
      throw wrong(`document ${index + 1} has neither patches nor a kind and an apiVersion`);
    return manifestPatches(document, state);
  });
  if (documents.length === 0) throw wrong('there is no change in it');
  return { patches, effort: 'low' };
}

function patchIn(value: unknown, at: string): Patch {
  if (!isRecord(value) || typeof value.target !== 'string') throw wrong(`${at} has no target such as Role/shop/reader`);
  if (value.node !== undefined) throw wrong(`${at} is a change of a node, which castellan fixes --node-facts proves`);
  const { target, operation } = value;
  if (operation === 'delete') return { target, operation, patch: [] };
  if (operation === 'create') return { target, operation, patch: [], object: value.object };
  if (operation !== 'patch' || !Array.isArray(value.patch))
    throw wrong(`${at} needs an operation (create, delete or patch) and for a patch its operations`);
  return { target, operation, patch: (value.patch as unknown[]).map((one, index) => operationIn(one, `${at}.patch[${index}]`)) };
}

function operationIn(value: unknown, at: string): PatchOperation {
  const op = isRecord(value) ? OPERATIONS.find((one) => one === value.op) : undefined;
  if (op === undefined || !isRecord(value) || typeof value.path !== 'string')
    throw wrong(`${at} is no operation of RFC 6902 that is known here: ${OPERATIONS.join(', ')}`);
  return { op, path: value.path, ...('value' in value && { value: value.value }) };
}

/** None where it says what is there. Of an object that stands twice the last one counts, as kubectl applies it. */
function manifestPatches(object: Readonly<Record<string, unknown>>, state: State): Patch[] {
  const target = refIn(object);
  const there = state.objects.findLast((one) => refIn(one.object) === target)?.object;
  if (there === undefined) return [{ target, operation: 'create', patch: [], object }];
  return saysTheSame(there, object) ? [] : [{ target, operation: 'patch', patch: [{ op: 'replace', path: '', value: object }] }];
}

function wrong(what: string): CastellanError {
  return new CastellanError('CAS_CHANGE', what, {
    remedy: 'A change is a list of patches, or manifests as they should be; docs/fixes.md shows both.',
  });
}
