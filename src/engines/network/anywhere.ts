/**
 * Pods whose addresses nobody knows, as none of manifests has one: no range holds them where a list is asked for, and
 * where something is to be proved they may be in any range that pods can be in.
 */
import { WHOLE, addressesIn, familyOf } from './addresses.ts';
import { Compiler } from './compile.ts';
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { addressSet, podAddresses } from './pod-addresses.ts';
import type { Pod } from './pods.ts';
import { DIRECTIONS, ruleRef } from './policy.ts';
import { Vocabulary, rulesOf } from './vocabulary.ts';
import type { World } from './world.ts';
import { type Zone, Zones } from './zones.ts';

/**
 * Private addresses, of RFC 1918, RFC 6598 and RFC 4193: what the ranges of pods are made of nearly everywhere. Were
 * public ones thought possible too, every rule that opens the internet would open whatever pods there are.
 */
export const POD_RANGES = addressesIn(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);

/** It has an address, and nobody knows which. */
function isUnplaced({ finished, addresses }: Pod): boolean {
  return !finished && addresses.length === 0;
}

/** The groups of addresses that policies tell apart, as far as they are among `ranges`. */
function zonesIn(world: World, ranges: Intervals<bigint>): { zone: Zone; free: Intervals<bigint> }[] {
  const compiler = new Compiler(world.nodes);
  const { vocabulary } = new Vocabulary().with(world.policies, compiler);
  const zones = Zones.of(vocabulary.ranges.map((range) => [range, compiler.ranges[range] ?? []]));
  return zones.all.flatMap((zone) => {
    const free = intersection(zone.set, ranges);
    return free.length === 0 ? [] : [{ zone, free }];
  });
}

function nodeAddresses({ nodes }: World): Intervals<bigint> {
  return addressSet(nodes.flatMap(({ addresses }) => addresses));
}

/** What pods on the network of their host have is a node's, whether a node says so or not. */
function hostAddresses({ pods }: World): Intervals<bigint> {
  return addressSet(pods.flatMap(({ host, supposed, addresses }) => (host && supposed !== true ? addresses : [])));
}

/** All addresses that are known to be somebody's. */
function takenAddresses(world: World): Intervals<bigint> {
  return union(podAddresses(world), union(hostAddresses(world), nodeAddresses(world)));
}

/** What is neither another pod's nor a node's. */
function freeForPods(world: World, ranges: Intervals<bigint>): Intervals<bigint> {
  return difference(ranges, takenAddresses(world));
}

/** On the network of its host a pod has the address of a node: one of those that are known, if any is. */
function freeForHosts(world: World): Intervals<bigint> {
  const known = nodeAddresses(world);
  return known.length > 0 ? known : difference(POD_RANGES, podAddresses(world));
}

/**
 * The world with each pod of which no address is known at one address of each group that it may be in, marked as such:
 * what then holds whichever of them it has is sure, and what holds for one is possible. The very same world where no
 * policy can tell apart the places, nor the addresses of the others: by which of a pod's two it can be met depends on
 * the family of who asks.
 */
export function anywhere(world: World, ranges: Intervals<bigint> = world.podRanges ?? POD_RANGES): World {
  if (!world.pods.some(isUnplaced)) return world;
  const places = { pods: zonesIn(world, freeForPods(world, ranges)), hosts: zonesIn(world, freeForHosts(world)) };
  const others = zonesIn(world, takenAddresses(world));
  if ([...places.pods, ...places.hosts, ...others].every(({ zone }) => zone.within === '')) return world;
  return { ...world, pods: supposedAt(world, places) };
}

interface Places {
  readonly pods: readonly { free: Intervals<bigint> }[];
  readonly hosts: readonly { free: Intervals<bigint> }[];
}

function supposedAt({ pods }: World, places: Places): Pod[] {
  const firstOf = (zones: Places['pods']): bigint[] => zones.map(({ free }) => free[0] ?? 0n);
  const [own, nodes] = [firstOf(places.pods), firstOf(places.hosts)];
  return pods.map((pod) => {
    const addresses = pod.host ? nodes : own;
    return isUnplaced(pod) && addresses.length > 0 ? { ...pod, addresses, supposed: true } : pod;
  });
}

/**
 * The world in which pods without a known address have one of these. Where policies tell none of the addresses of a
 * family apart that is all that there is to know; else they stay unknown, within the ranges. Those on the network of
 * their host are not among them.
 */
export function withPodRanges(world: World, ranges: Intervals<bigint>): World {
  const zones = zonesIn(world, freeForPods(world, ranges));
  const isExact = ([4, 6] as const).every((family) => zones.filter(({ zone }) => zone.family === family).length <= 1);
  if (!isExact || zones.length === 0) return { ...world, podRanges: ranges };
  return { ...world, podRanges: ranges, pods: supposedAt(world, { pods: zones, hosts: [] }) };
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
  const unknown = world.pods.filter(isUnplaced);
  if (unknown.length === 0) return undefined;
  const [own, hosts] = [unknown.some(({ host }) => !host), unknown.some(({ host }) => host)];
  const ranges = union(own ? (world.podRanges ?? POD_RANGES) : [], hosts ? freeForHosts(world) : []);
  const rules = world.policies.flatMap((policy) =>
    DIRECTIONS.flatMap((direction) =>
      (policy[direction] ?? [])
        .filter(({ peers = [] }) => peers.some((peer) => peer.kind === 'addresses' && intersection(peer.set, ranges).length > 0))
        .map((rule) => ruleRef(policy, direction, rule)),
    ),
  );
  return rules.length === 0 ? undefined : { pods: unknown.length, rules };
}
