/** Whether a list of networks keeps anybody on the internet out. */
import { type Intervals, difference, parseCidr, union } from '../../engines/network/index.ts';
import { publicAddresses } from '../network-assertions/internet.ts';

/** All of IPv6 that is given out to be reached from everywhere. */
const GLOBAL_IPV6 = '2000::/3';

/** Judged as a whole: two halves of the internet in a list are the internet. What is no range counts for nothing. */
export function holdEveryAddress(ranges: readonly string[]): boolean {
  const listed = together(ranges);
  const internet = [publicAddresses(4), together([GLOBAL_IPV6])];
  return internet.some((addresses) => difference(addresses, listed).length === 0);
}

function together(ranges: readonly string[]): Intervals<bigint> {
  return ranges.reduce<Intervals<bigint>>((all, range) => union(all, parseCidr(range.trim()) ?? []), []);
}
