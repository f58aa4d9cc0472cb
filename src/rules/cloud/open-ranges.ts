/** Whether a list of networks keeps anybody on the internet out. */
import { type Intervals, WHOLE, difference, parseCidr, union } from '../../engines/network/index.ts';

/** Nobody comes from these by way of the internet (RFC 6890): private, shared, link-local, loopback, multicast, reserved. */
const NOT_OF_THE_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
];
/** All of IPv6 that is given out to be reached from everywhere. */
const GLOBAL_IPV6 = '2000::/3';

/** Judged as a whole: two halves of the internet in a list are the internet. What is no range counts for nothing. */
export function holdEveryAddress(ranges: readonly string[]): boolean {
  const listed = together(ranges);
  const internet = [difference(WHOLE[4], together(NOT_OF_THE_INTERNET)), together([GLOBAL_IPV6])];
  return internet.some((addresses) => difference(addresses, listed).length === 0);
}

function together(ranges: readonly string[]): Intervals<bigint> {
  return ranges.reduce<Intervals<bigint>>((all, range) => union(all, parseCidr(range.trim()) ?? []), []);
}
