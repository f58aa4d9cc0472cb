import { type Intervals, type Protocol, portRange, union } from '../../engines/network/index.ts';

/** Nothing for a number that is no port: objects that the server would not take may hold any. */
export function onePort(protocol: Protocol, port: number): Intervals<number> {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? portRange(protocol, port, port) : [];
}

/** The port in each protocol; in TCP where none is said. */
export function portIn(port: number, protocols: readonly Protocol[] = ['TCP']): Intervals<number> {
  return protocols.reduce<Intervals<number>>((all, protocol) => union(all, onePort(protocol, port)), []);
}
