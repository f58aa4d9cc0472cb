/** What some connections have that others lack. */
import { difference, type Intervals, union } from './intervals.ts';
import { ALL_PORTS, type Conns, connsOf, isProtocol, portRange } from './ports.ts';

export function connsWithout(one: Conns, other: Conns): Conns {
  if (other === 'all') return {};
  const left = connsOf(difference(portsOf(one), portsOf(other)));
  if (one === 'all' || left === 'all') return left;
  // Ports that have only a name stand beside the numbers.
  for (const [protocol, ports] of Object.entries(one)) {
    const names = (ports ?? []).filter((port) => !isNumeric(port) && !(other[protocol] ?? []).includes(port));
    if (names.length > 0) left[protocol] = [...(left[protocol] ?? []), ...names];
  }
  return left;
}

export function isNothing(conns: Conns): boolean {
  return conns !== 'all' && Object.keys(conns).length === 0;
}

function portsOf(conns: Conns): Intervals<number> {
  if (conns === 'all') return ALL_PORTS;
  let ports: Intervals<number> = [];
  for (const [protocol, ranges] of Object.entries(conns)) {
    if (!isProtocol(protocol)) continue;
    for (const range of (ranges ?? []).filter(isNumeric)) {
      const [first = 0, last = first] = range.split('-').map(Number);
      ports = union(ports, portRange(protocol, first, last));
    }
  }
  return ports;
}

function isNumeric(port: string): boolean {
  return /^\d+(-\d+)?$/.test(port);
}
