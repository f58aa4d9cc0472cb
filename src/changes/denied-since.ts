/** What was refused after a change was made, and would not have been without it. */
import type { Change } from '../rules/index.ts';
import type { RequestUse, UseRecord } from '../record/index.ts';
import type { Denial } from './proof.ts';
import { prove } from './prove.ts';
import type { State } from './state.ts';

/** `was` is the record when the change was made, `is` the same log later. */
export function deniedSince(
  { before, after }: { before: State; after: State },
  change: Change,
  { was, is }: { was: UseRecord; is: UseRecord },
): readonly Denial[] {
  const old = new Map(was.requests.map((use) => [keyOf(was, use), use.denied]));
  const requests = is.requests.flatMap((use): RequestUse[] => {
    const more = use.denied - (old.get(keyOf(is, use)) ?? 0);
    return more > 0 ? [{ ...use, allowed: more, denied: 0, unclear: 0 }] : [];
  });
  if (requests.length === 0) return [];
  // As if they had gone through: what the change would have refused of them, it did refuse.
  return prove({ before, after }, change, { record: { ...is, requests, flows: [] } }).denies;
}

function keyOf({ actors }: UseRecord, { actor, asked }: RequestUse): string {
  return JSON.stringify([actors[actor], asked]);
}
