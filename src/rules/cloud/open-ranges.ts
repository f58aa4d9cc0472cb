/** Whether a list of networks keeps anybody on the internet out. */
import { addressesIn, difference } from '../../engines/network/index.ts';
import { publicAddresses } from '../network-assertions/internet.ts';

/** All of IPv6 that is given out to be reached from everywhere. */
const GLOBAL_IPV6 = '2000::/3';

/** Judged as a whole: two halves of the internet in a list are the internet. What is no range counts for nothing. */
export function holdEveryAddress(ranges: readonly string[]): boolean {
  const listed = addressesIn(ranges.map((range) => range.trim()));
  const internet = [publicAddresses(4), addressesIn([GLOBAL_IPV6])];
  return internet.some((addresses) => difference(addresses, listed).length === 0);
}
