export { type Position } from '../lib/positions.ts';
export { lineNumberOf, positionOf, usePositionFallback } from './position.ts';
export {
  type ClusterIdentity,
  type FeatureGates,
  type Gap,
  type GapCode,
  LOSSES,
  type MissingKind,
  type LeaseHolder,
  type Leases,
  type RequestCounters,
  type Origin,
  type ReadCounts,
  type Snapshot,
  type SnapshotHeader,
  type SourceObject,
} from './snapshot.ts';
export { type AnonymizeOptions, anonymized } from './anonymize.ts';
export type { PublicNames } from './anonymous-text.ts';
export { MAGIC, type SnapshotParts, looksLikeSnapshot, readSnapshotFile, writeSnapshotFile } from './file.ts';
export { makes } from './makers.ts';
export { mixed } from './mixture.ts';
export { CLUSTER, isOfCluster, sourcedOrigin, toSnapshot } from './parts.ts';
export { type Segment, type SegmentId, SegmentWriter, objectsOf } from './segment.ts';
export {
  type CertificateFact,
  FILE_TYPES,
  type FileFact,
  NODE_FACTS_SCHEMA,
  type NodeFacts,
  type ProcessFact,
  type SocketFact,
  type UnitFact,
  type UnitLine,
} from './node-facts.ts';
export { nodeFactsOf, parseNodeFacts } from './read-node-facts.ts';
export {
  type AnswerFact,
  CONFIGZ_CREDENTIALS,
  type ConfigzFact,
  type EndpointFact,
  PORT_OWNERS,
  PORT_USES,
  PROBE_SCHEMA,
  type PortOwner,
  type PortUse,
  type ProbeFacts,
  type ServedCertificate,
  TLS_VERSIONS,
  type TlsFact,
  type TlsVersion,
  endpointName,
} from './probe-facts.ts';
export { parseProbeFacts, probeFactsOf } from './read-probe-facts.ts';
export { NODE_PLACES, type NodePlace } from './node-places.ts';
export { commandOfUnit, environmentFilesOf, rangesOfWords, wordsOf } from './unit-command.ts';
export { versionOfNodes } from './version-of-nodes.ts';
export { type CloudCluster, DISTRIBUTION_OF, type Provider, parseCloudCluster } from './cloud-cluster.ts';
