import { memo } from '../../lib/memo.ts';
import type { Intervals } from './intervals.ts';
import type { World } from './world.ts';

/** All addresses that are those of pods. A pod on the host's network has its node's, which are outside of pods. */
export const podAddresses: (world: World) => Intervals<bigint> = memo(({ pods }) =>
  addressSet(pods.flatMap(({ host, supposed, addresses }) => (host || supposed === true ? [] : addresses))),
);

export function addressSet(addresses: readonly bigint[]): Intervals<bigint> {
  const set: bigint[] = [];
  for (const address of addresses.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    if (set.at(-1) === address) set[set.length - 1] = address + 1n;
    else if (set.at(-1) !== address + 1n) set.push(address, address + 1n);
  }
  return set;
}
