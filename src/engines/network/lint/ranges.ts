/** Ranges of addresses that policies name, and what of the cluster lies in them. */
import { memo } from '../../../lib/memo.ts';
import { parseAddress } from '../addresses.ts';
import { type Intervals, contains, spans } from '../intervals.ts';
import type { Policy } from '../policy.ts';
import type { World } from '../world.ts';
import { type RulePlace, placesIn } from './unmatched.ts';

export interface RangePeer extends RulePlace {
  /** From 1. */
  readonly peer: number;
  readonly set: Intervals<bigint>;
}

export function rangePeersIn(policy: Policy): RangePeer[] {
  return placesIn(policy).flatMap(({ direction, rule }) =>
    (rule.peers ?? []).flatMap((peer, index): RangePeer[] =>
      peer.kind === 'addresses' ? [{ direction, rule, peer: index + 1, set: peer.set }] : [],
    ),
  );
}

/** What is no address lies nowhere. */
export function holds(set: Intervals<bigint>, address: string): boolean {
  const value = parseAddress(address);
  return value !== undefined && contains(set, value);
}

export function sizeOf(set: Intervals<bigint>): bigint {
  let size = 0n;
  for (const [start, end] of spans(set)) size += end - start;
  return size;
}

/** Pods by index, without those on the host's network. */
export function podsWithin(world: World, set: Intervals<bigint>): number[] {
  return within(podAddresses(world), set);
}

export function nodesWithin({ nodes }: World, set: Intervals<bigint>): number {
  return nodes.filter(({ addresses }) => addresses.some((address) => contains(set, address))).length;
}

type Addressed = readonly (readonly [address: bigint, pod: number])[];

const podAddresses = memo(({ pods }: World): Addressed =>
  pods
    .flatMap(({ host, addresses }, pod) => (host ? [] : addresses.map((address) => [address, pod] as const)))
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
);

function within(addressed: Addressed, set: Intervals<bigint>): number[] {
  const found = new Set<number>();
  for (const [start, end] of spans(set)) {
    for (let at = firstNotBelow(addressed, start); at < addressed.length; at += 1) {
      const [address, pod] = addressed[at] ?? [end, 0];
      if (address >= end) break;
      found.add(pod);
    }
  }
  return [...found];
}

function firstNotBelow(addressed: Addressed, value: bigint): number {
  let [low, high] = [0, addressed.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((addressed[middle]?.[0] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
