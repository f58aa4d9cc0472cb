export { type Family, WHOLE, parseAddress, parseCidr, rangesText } from './addresses.ts';
export { type End, Ends, ask } from './ask.ts';
export { EVERY_ADDRESS, rangesTexts } from './addresses.ts';
export { ANYBODY, type ConnectionRow, type ListOptions, connections } from './connections.ts';
export { type Decision, type Verdict } from './decide.ts';
export { type ConnectionChange, networkDiff } from './diff.ts';
export { type Exposure, exposure } from './exposure.ts';
export { type EntryPoint, entryPoints } from './entry-points.ts';
export { type Evidence } from './lead.ts';
export { type Intervals, contains, difference, intersection, isSubset, spans, union } from './intervals.ts';
export { lint } from './lint.ts';
export { Matrix } from './matrix.ts';
export { type Peer, Peers } from './peers.ts';
export { parsePeer } from './peer-text.ts';
export { type NamedPort, type Problem } from './policy.ts';
export {
  ALL_PORTS,
  type Conns,
  PROTOCOLS,
  type Protocol,
  connsOf,
  isProtocol,
  placeOf,
  portAt,
  portRange,
  wholeProtocol,
} from './ports.ts';
export { Relation } from './relation.ts';
export { resolve } from './rule-ports.ts';
export { matchesEither } from './selector.ts';
export { parseSelectorText } from './selector-text.ts';
export { type World, readWorld } from './world.ts';
export { type Part, why } from './why.ts';
