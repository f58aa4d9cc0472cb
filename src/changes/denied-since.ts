/** Requests that were refused after a change was made, and would not have been without it. */
import type { RequestUse, UseRecord } from '../record/index.ts';
import type { Denial } from './proof.ts';
import { proveRequests } from './prove.ts';
import type { State } from './state.ts';

/** Two looks at the same log: when the change was made, and later. */
export interface Looks {
  readonly was: UseRecord;
  readonly is: UseRecord;
}

/** Of `unclear` requests the log does not say who refused them. */
export type Refusal = 'denied' | 'unclear';

/** Those that would have been allowed without the change. */
export function deniedSince({ before, after }: { before: State; after: State }, { was, is }: Looks, refusal: Refusal): readonly Denial[] {
  const old = new Map(was.requests.map((use) => [keyOf(was, use), use[refusal]]));
  const requests = is.requests.flatMap((use): RequestUse[] => {
    const more = use[refusal] - (old.get(keyOf(is, use)) ?? 0);
    return more > 0 ? [{ ...use, allowed: more, denied: 0, unclear: 0 }] : [];
  });
  if (requests.length === 0) return [];
  // As if they had gone through: what the change would have refused of them, it did refuse.
  return proveRequests({ before, after }, { record: { ...is, requests, flows: [] } }, before).denies;
}

/** How many requests came since. */
export function requestsSince({ was, is }: Looks): number {
  const total = ({ requests }: UseRecord): number =>
    requests.reduce((sum, { allowed, denied, unclear }) => sum + allowed + denied + unclear, 0);
  return total(is) - total(was);
}

function keyOf({ actors }: UseRecord, { actor, asked }: RequestUse): string {
  return JSON.stringify([actors[actor], asked]);
}
