/**
 * What AdminNetworkPolicies and their like leave of a workload's traffic. They isolate nobody by being there, as
 * NetworkPolicies do, so it is the engine that is asked, and only where there are any.
 */
import { ALL_PORTS, ANYBODY, type Direction, Relation, parseAddress, spans } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import type { ApiObject, Workload } from '../../model/index.ts';
import { type Network, type NetworkTables, networkOf } from './network.ts';
import { policiesOn, podsOfRoots } from './reach.ts';

export interface AdminIsolation {
  readonly ingress: boolean;
  readonly egress: boolean;
  /** Whether any such policy has a say, however little. */
  readonly concerned: boolean;
}

const NOTHING: AdminIsolation = { ingress: false, egress: false, concerned: false };

/**
 * A direction counts as isolated where most ports are closed to any pod of the cluster, to those of another namespace,
 * or to the internet: a few ports or addresses that are denied are no isolation.
 */
export function adminIsolationOf(workload: Workload, tables: NetworkTables): AdminIsolation {
  if (!hasAdminPolicies(tables)) return NOTHING;
  const network = networkOf(tables);
  const classes = classesOf(workload, network);
  const concerned = classes.some((id) =>
    (['ingress', 'egress'] as const).some((direction) =>
      policiesOn(network, direction, id).some((policy) => policy.tier !== 'network' && (policy[direction] ?? []).length > 0),
    ),
  );
  if (!concerned) return NOTHING;
  const isIsolated = (direction: Direction): boolean => classes.every((id) => isClosed(network, direction, id));
  return { ingress: isIsolated('ingress'), egress: isIsolated('egress'), concerned };
}

function hasAdminPolicies(tables: NetworkTables): boolean {
  return [tables.AdminNetworkPolicy, tables.BaselineAdminNetworkPolicy, tables.ClusterNetworkPolicy].some(({ all }) => all.length > 0);
}

/** Those of its pods. */
export function classesOf({ object }: Workload, network: Network): readonly number[] {
  const { entities } = network.relation;
  // A pod that runs otherwise than its owner says is judged by itself.
  const pods = podsOf(network).get(object) ?? podsOfRoots(network).get(object) ?? [];
  return [...new Set(pods.flatMap((pod) => entities.classesOf[pod] ?? []))];
}

/** By the object that the engine read them from. */
const podsOf = memo(({ world, objects }: Network): ReadonlyMap<ApiObject | undefined, readonly number[]> => {
  return new Map(world.pods.map((pod, index) => [objects[pod.object], [index]]));
});

/** Numbers of classes are the same as in the relation itself. */
const withAnybody = memo(({ world }: Network): Relation => new Relation(world, [ANYBODY]));
const INTERNET = parseAddress('8.8.8.8') ?? 0n;

function isClosed(network: Network, direction: Direction, id: number): boolean {
  const relation = withAnybody(network);
  const { classes, firstRepresentative } = relation.entities;
  const isShut = (peer: number): boolean => isMostlyShut(relation, relation.permitted(direction, id, peer));
  if (isShut(firstRepresentative)) return true;
  if (direction === 'egress' && isShut(relation.entities.zoneAt(INTERNET))) return true;
  const own = classes[id]?.namespace;
  return classes.some(({ namespace, host }, peer) => namespace !== own && !host && isShut(peer));
}

function isMostlyShut({ ports }: Relation, set: number): boolean {
  if (set === ports.all) return false;
  return numberOf(ports.set(set)) < numberOf(ALL_PORTS) / 2;
}

function numberOf(ports: readonly number[]): number {
  return [...spans(ports)].reduce((sum, [start, end]) => sum + end - start, 0);
}
