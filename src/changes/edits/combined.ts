/** Several changes as one, with a single patch for each object. */
import { CastellanError } from '../../lib/errors.ts';
import { applyPatch } from '../../lib/json-patch.ts';
import { isRecord } from '../../lib/record.ts';
import type { Change, Patch } from '../../rules/index.ts';

/** In the order in which objects are first touched. Errors: CAS_CHANGE where an object is taken away and made again. */
export function combined(changes: readonly Change[]): Change {
  const patches = new Map<string, Patch>();
  for (const patch of changes.flatMap((change) => change.patches)) {
    // Of a node each stays what it is: they are made one after the other.
    const key = patch.node === undefined ? patch.target : `${patch.target} ${patches.size}`;
    const before = patches.get(key);
    const both = before === undefined ? patch : together(before, patch);
    if (both === undefined) patches.delete(key);
    else patches.set(key, both);
  }
  return { patches: [...patches.values()], effort: changes.find(({ effort }) => effort !== 'low')?.effort ?? 'low' };
}

function together(before: Patch, after: Patch): Patch | undefined {
  if (before.operation === 'delete' || after.operation === 'create')
    throw new CastellanError('CAS_CHANGE', `${after.target} would be taken away by one change and made by another`);
  if (after.operation === 'delete') return before.operation === 'create' ? undefined : after;
  if (before.operation === 'patch') return { ...before, patch: [...before.patch, ...after.patch] };
  const object = applyPatch(before.object, after.patch);
  return isRecord(object) ? { ...before, object } : before;
}
