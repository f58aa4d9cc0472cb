import { type Intervals, type Protocol, portRange } from '../../engines/network/index.ts';

/** Nothing for a number that is no port: objects that the server would not take may hold any. */
export function onePort(protocol: Protocol, port: number): Intervals<number> {
  return Number.isInteger(port) && port >= 1 && port <= 65535 ? portRange(protocol, port, port) : [];
}
