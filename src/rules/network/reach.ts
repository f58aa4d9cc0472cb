/** What pods may reach and be reached by, asked of the engine for rules about DNS, the API server and webhooks. */
import { type Direction, type Policy, contains, parseAddress, placeOf } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import { type ApiObject, type KindTable, isRecord } from '../../model/index.ts';
import type { Network } from './network.ts';

type Rule = NonNullable<Policy['ingress']>[number];

/** The NetworkPolicies that isolate a class of pods in a direction, with everything else that is said of it. */
export function policiesOn({ relation }: Network, direction: Direction, id: number): readonly Policy[] {
  return relation.signatureOf(direction, id)?.policies ?? [];
}

export function isIsolated(network: Network, direction: Direction, id: number): boolean {
  return policiesOn(network, direction, id).some(({ tier }) => tier === 'network');
}

/** Rules that allow something, of all policies on a class of pods. */
export function allowing(network: Network, direction: Direction, id: number): Rule[] {
  return policiesOn(network, direction, id).flatMap((policy) => (policy[direction] ?? []).filter(({ action }) => action === 'Accept'));
}

export interface Peer {
  protocol: 'TCP' | 'UDP';
  port: number;
}

/** Whether the policies of a class of pods let it talk with an address outside on a port. */
export function meetsAddress(
  { relation }: Network,
  at: { direction: Direction; id: number; address: bigint },
  { protocol, port }: Peer,
): boolean {
  const zone = relation.entities.zoneAt(at.address);
  return contains(relation.ports.set(relation.permitted(at.direction, at.id, zone)), placeOf(protocol, port));
}

/** The pods of each object at the top of its owners: a Deployment for the pods of its ReplicaSets. By index. */
export const podsOfRoots = memo(({ world, objects }: Network): ReadonlyMap<ApiObject, readonly number[]> => {
  const byUid = new Map(objects.flatMap((object) => (object.metadata.uid === undefined ? [] : [[object.metadata.uid, object] as const])));
  const found = new Map<ApiObject, number[]>();
  for (const [index, pod] of world.pods.entries()) {
    const seen = new Set<ApiObject>();
    let at = objects[pod.object];
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      const owner = at.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
      const above = owner === undefined ? undefined : byUid.get(owner);
      if (above === undefined) break;
      at = above;
    }
    if (at === undefined) continue;
    const others = found.get(at);
    if (others === undefined) found.set(at, [index]);
    else others.push(index);
  }
  return found;
});

/** Where the API server listens, as the Endpoints of the Service `kubernetes` say; empty where they are not in the input. */
export const apiServersOf = memo((endpoints: KindTable<'Endpoints'>): { address: bigint; port: number }[] => {
  const subsets: unknown = endpoints.get('default', 'kubernetes')?.body.subsets;
  return listOf(subsets).flatMap((subset) =>
    listOf(subset.addresses).flatMap(({ ip }) => {
      const address = typeof ip === 'string' ? parseAddress(ip) : undefined;
      if (address === undefined) return [];
      return listOf(subset.ports).flatMap(({ port }) => (typeof port === 'number' ? [{ address, port }] : []));
    }),
  );
});

function listOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
