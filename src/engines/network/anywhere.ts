/**
 * Pods whose addresses nobody knows, as none of manifests has one: no range holds them where a list is asked for, and
 * where something is to be proved they may be in any range that pods can be in.
 */
import { WHOLE, familyOf, parseCidr } from './addresses.ts';
import { Compiler } from './compile.ts';
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { podAddresses } from './pod-addresses.ts';
import type { Pod } from './pods.ts';
import { DIRECTIONS, ruleRef } from './policy.ts';
import { Vocabulary, rulesOf } from './vocabulary.ts';
import type { World } from './world.ts';
import { type Zone, Zones } from './zones.ts';

/**
 * Private addresses, of RFC 1918, RFC 6598 and RFC 4193: what the ranges of pods are made of nearly everywhere. Were
 * public ones thought possible too, every rule that opens the internet would open whatever pods there are.
 */
export const POD_RANGES: Intervals<bigint> = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']
  .map((cidr) => parseCidr(cidr) ?? [])
  .reduce<Intervals<bigint>>((all, one) => union(all, one), []);

/** It has an address, and nobody knows which. */
function isUnplaced({ finished, host, addresses }: Pod): boolean {
  return !finished && !host && addresses.length === 0;
}

/** The groups of addresses among `ranges` that policies tell apart and that are neither a pod's nor a node's. */
function freeZones(world: World, ranges: Intervals<bigint>): { zone: Zone; free: Intervals<bigint> }[] {
  const compiler = new Compiler(world.nodes);
  const { vocabulary } = new Vocabulary().with(world.policies, compiler);
  const zones = Zones.of(vocabulary.ranges.map((range) => [range, compiler.ranges[range] ?? []]));
  const nodes = world.nodes.flatMap(({ addresses }) => addresses).toSorted((a, b) => (a < b ? -1 : 1));
  const taken = nodes.reduce<Intervals<bigint>>((all, address) => union(all, [address, address + 1n]), podAddresses(world));
  return zones.all.flatMap((zone) => {
    const free = difference(intersection(zone.set, ranges), taken);
    return free.length === 0 ? [] : [{ zone, free }];
  });
}

/**
 * The world with each pod of which no address is known at one address of each group that it may be in, marked as such:
 * what then holds whichever of them it has is sure, and what holds for one is possible. The very same world where no
 * policy can tell the places apart.
 */
export function anywhere(world: World, ranges: Intervals<bigint> = world.podRanges ?? POD_RANGES): World {
  if (!world.pods.some(isUnplaced)) return world;
  const zones = freeZones(world, ranges);
  if (zones.every(({ zone }) => zone.within === '')) return world;
  return { ...world, pods: supposedAt(world, zones) };
}

function supposedAt({ pods }: World, zones: readonly { free: Intervals<bigint> }[]): Pod[] {
  const addresses = zones.map(({ free }) => free[0] ?? 0n);
  return pods.map((pod) => (isUnplaced(pod) ? { ...pod, addresses, supposed: true } : pod));
}

/**
 * The world in which pods without a known address have one of these. Where policies tell none of the addresses of a
 * family apart that is all that there is to know; else they stay unknown, within the ranges.
 */
export function withPodRanges(world: World, ranges: Intervals<bigint>): World {
  const zones = freeZones(world, ranges);
  const isExact = ([4, 6] as const).every((family) => zones.filter(({ zone }) => zone.family === family).length <= 1);
  if (!isExact || zones.length === 0) return { ...world, podRanges: ranges };
  return { ...world, podRanges: ranges, pods: supposedAt(world, zones) };
}

/** Whether anything in it is about IPv6: ranges of policies, or addresses of pods. */
export function hasIpv6({ pods, policies }: World): boolean {
  const isOf6 = (set: Intervals<bigint>): boolean => intersection(set, WHOLE[6]).length > 0;
  return (
    pods.some(({ addresses, supposed }) => supposed !== true && addresses.some((address) => familyOf(address) === 6)) ||
    policies.some((policy) => rulesOf(policy).some(({ peers = [] }) => peers.some((peer) => peer.kind === 'addresses' && isOf6(peer.set))))
  );
}

/** How many pods have no known address, and the rules with ranges that may hold them; undefined where none may. */
export function unplaced(world: World): { pods: number; rules: readonly string[] } | undefined {
  const pods = world.pods.filter(isUnplaced).length;
  if (pods === 0) return undefined;
  const ranges = world.podRanges ?? POD_RANGES;
  const rules = world.policies.flatMap((policy) =>
    DIRECTIONS.flatMap((direction) =>
      (policy[direction] ?? [])
        .filter(({ peers = [] }) => peers.some((peer) => peer.kind === 'addresses' && intersection(peer.set, ranges).length > 0))
        .map((rule) => ruleRef(policy, direction, rule)),
    ),
  );
  return rules.length === 0 ? undefined : { pods, rules };
}
