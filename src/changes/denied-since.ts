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
  const old = countsOf(was, refusal);
  const requests = [...countsOf(is, refusal)].flatMap(([key, { use, count }]): RequestUse[] => {
    const more = count - (old.get(key)?.count ?? 0);
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

/** Of each user, whichever of his pods asked. */
function countsOf({ actors, requests }: UseRecord, refusal: Refusal): Map<string, { use: RequestUse; count: number }> {
  const counts = new Map<string, { use: RequestUse; count: number }>();
  for (const use of requests) {
    const { name, groups } = actors[use.actor] ?? {};
    const key = JSON.stringify([name, groups, use.asked]);
    counts.set(key, { use, count: use[refusal] + (counts.get(key)?.count ?? 0) });
  }
  return counts;
}
