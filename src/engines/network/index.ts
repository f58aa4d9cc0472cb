export { type End, Ends, ask } from './ask.ts';
export {
  EVERY_ADDRESS,
  WHOLE,
  addressText,
  addressesIn,
  cidrsOf,
  familyOf,
  parseAddress,
  parseCidr,
  rangesText,
  rangesTexts,
} from './addresses.ts';
export { POD_RANGES, anywhere, hasIpv6, unplaced, withPodRanges } from './anywhere.ts';
export { ANYBODY, type ConnectionRow, type ListOptions, connections } from './connections.ts';
export { changedForSome } from './changed-for-some.ts';
export { divided } from './divided.ts';
export { connsText } from './conns-text.ts';
export { connsWithout, isNothing } from './conns-without.ts';
export { type Decision, type Verdict } from './decide.ts';
export { Controllers } from './controllers.ts';
export { type ConnectionChange, networkDiff } from './diff.ts';
export { type Doubt, doubtsOf } from './doubts.ts';
export { directEntries } from './direct-entries.ts';
export { type Exposure, exposure } from './exposure.ts';
export { type EntryPoint, entryPoints } from './entry-points.ts';
export { type GroupedMatrix, OUTSIDE, groupedMatrix } from './grouped-matrix.ts';
export { type Grouping, type PlaceOf, parseTenants } from './grouping.ts';
export { UNKNOWN_FIELD, placeIn } from './field.ts';
export { lint } from './lint.ts';
export { type BlockedEntrance, blockedEntrances } from './lint/blocked-entrances.ts';
export { type Conflict, conflicts } from './lint/conflicts.ts';
export { coveredBy } from './lint/covered.ts';
export { type RangePeer, holds, nodesWithin, podsWithin, rangePeersIn, sizeOf } from './lint/ranges.ts';
export { type Superfluous, type SuperfluousPolicy, rulesText, shadowed, superfluous } from './lint/superfluous.ts';
export {
  differingPorts,
  hostPods,
  placesIn,
  podPeersIn,
  podsByClass,
  selectsNothing,
  unmatchedPeers,
  unresolvedPorts,
} from './lint/unmatched.ts';
export { type Overview, overview } from './overview.ts';
export { type Meant, askedOn } from './meant.ts';
export { LiveNetwork } from './live.ts';
export { type NetworkEdits } from './live-state.ts';
export { type Choices, choicesOf, openBetween } from './open-between.ts';
export { type Peer, Peers } from './peers.ts';
export { isPluginPolicyObject } from './plugin-policies.ts';
export { podAddresses } from './pod-addresses.ts';
export { type Answer, pairsOf, query } from './query.ts';
export { type Reached, reach } from './reach.ts';
export { reasonsFor, reasonsText } from './reasons.ts';
export { Relation } from './relation.ts';
export { type MatrixSummary, matrixSummary } from './summary.ts';
export { type TenantPair, type Tenants, tenants } from './tenants.ts';
export { mayBeGiven } from './unknown-labels.ts';
export { type Evidence, type Lead } from './lead.ts';
export { backendsOf, leadsOf } from './leads.ts';
export { type Intervals, contains, difference, intersection, spans, union } from './intervals.ts';
export { parsePeer } from './peer-text.ts';
export { type Direction, type NamedPort, type PodPeer, type Policy, type Problem, type Rule, policyRef } from './policy.ts';
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
export { type Raw, labelsAt, recordAt, recordsAt, textAt } from './read.ts';
export { resolve } from './rule-ports.ts';
export { isEverything, matches, matchesEither } from './selector.ts';
export { parseSelectorText } from './selector-text.ts';
export { type Service, type ServicePort, Services, addressesOf, isHeadless } from './services.ts';
export { SET_QUESTIONS, type SetAnswer, type SetQuestion, askSets } from './sets.ts';
export { NAME_LABEL, type World, nameInNamespace, objectRef, readWorld } from './world.ts';
export { type Part, type Unasked, type WhyPart, why, whyBetween } from './why.ts';
