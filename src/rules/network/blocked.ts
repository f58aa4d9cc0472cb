/** What Ingresses and routes lead to in vain, by the object. */
import { type BlockedEntrance, blockedEntrances } from '../../engines/network/index.ts';
import { listIn } from '../../lib/groups.ts';
import { memo } from '../../lib/memo.ts';
import type { ApiObject } from '../../model/index.ts';
import type { Network } from './network.ts';

export function blockedOf(network: Network, object: ApiObject): readonly BlockedEntrance[] {
  return blockedIn(network).get(object) ?? [];
}

const blockedIn = memo(({ relation, objects }: Network): ReadonlyMap<ApiObject | undefined, readonly BlockedEntrance[]> => {
  const blocked = new Map<ApiObject | undefined, BlockedEntrance[]>();
  for (const one of blockedEntrances(relation)) listIn(blocked, objects[one.object]).push(one);
  return blocked;
});
