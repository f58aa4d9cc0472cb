/** The public addresses: all but those that are set aside (the registries of RFC 6890, kept by IANA). */
import { type Intervals, WHOLE, addressesIn, difference } from '../../engines/network/index.ts';

const SET_ASIDE = {
  4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ],
  6: ['::/8', '100::/64', '2001:db8::/32', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
} as const;

export function publicAddresses(family: 4 | 6): Intervals<bigint> {
  return difference(WHOLE[family], addressesIn(SET_ASIDE[family]));
}
