/** The second part of a snapshot file: what the cluster is, what is missing, where each segment stands. JSON on one line. */
import { CastellanError } from '../lib/errors.ts';
import { isRecord } from '../lib/record.ts';
import { damaged } from './blocks.ts';
import type { Segment } from './segment.ts';
import {
  type ClusterIdentity,
  type FeatureGates,
  type Gap,
  type GapCode,
  type LeaseHolder,
  type Leases,
  type MissingKind,
  type RequestCounters,
  type SnapshotHeader,
  isGapCode,
} from './snapshot.ts';

/** Where a segment stands, counted from the end of the header. */
export type Place = Omit<Segment, 'data'> & { offset: number; length: number };

export interface FileHeader {
  header: SnapshotHeader;
  gaps: Gap[];
  segments: Place[];
}

export function headerText({ header, gaps, segments }: FileHeader): string {
  const {
    takenAt,
    takenBy,
    cluster,
    kubernetesVersion,
    complete,
    kinds,
    features,
    counters,
    leases,
    missing,
    namespaces,
    leftOut,
    anonymized,
  } = header;
  const about = {
    takenAt,
    takenBy,
    cluster,
    kubernetesVersion,
    complete,
    anonymized,
    namespaces,
    leftOut,
    kinds,
    features,
    counters,
    leases,
    missing,
  };
  return JSON.stringify({ ...about, gaps, segments });
}

/** What was written, checked field by field: the checksum tells accidents, not intentions. */
export function parseHeader(text: string): FileHeader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged('its header is no JSON', error);
  }
  if (!isRecord(value) || typeof value.complete !== 'boolean') throw wrong('complete');
  const header: SnapshotHeader = { kind: 'snapshot', complete: value.complete };
  for (const name of ['kubernetesVersion', 'takenAt', 'takenBy'] as const) {
    const field = value[name];
    if (field !== undefined) header[name] = textOf(field, name);
  }
  if (value.cluster !== undefined) header.cluster = clusterOf(value.cluster);
  if (value.anonymized !== undefined) header.anonymized = value.anonymized === true;
  if (value.namespaces !== undefined) header.namespaces = listOf(value.namespaces, 'namespaces', textOf);
  if (value.leftOut !== undefined) header.leftOut = listOf(value.leftOut, 'leftOut', textOf);
  if (value.kinds !== undefined) header.kinds = countOf(value.kinds, 'kinds');
  if (value.features !== undefined) header.features = featuresOf(value.features);
  if (value.counters !== undefined) header.counters = countersOf(value.counters);
  if (value.leases !== undefined) header.leases = leasesOf(value.leases);
  if (value.missing !== undefined) header.missing = listOf(value.missing, 'missing', missingOf);
  return { header, gaps: listOf(value.gaps, 'gaps', gapOf), segments: listOf(value.segments, 'segments', placeOf) };
}

function clusterOf(value: unknown): ClusterIdentity {
  const { uid, server } = recordOf(value, 'cluster');
  const cluster: ClusterIdentity = { server: textOf(server, 'cluster.server') };
  if (uid !== undefined) cluster.uid = textOf(uid, 'cluster.uid');
  return cluster;
}

function featuresOf(value: unknown): FeatureGates {
  const gates = Object.entries(recordOf(value, 'features')).map(([name, gate]): [string, FeatureGates[string]] => {
    const { stage, enabled } = recordOf(gate, 'features');
    return [name, { stage: textOf(stage, 'features'), enabled: enabled === true }];
  });
  return Object.fromEntries(gates);
}

function countersOf(value: unknown): RequestCounters {
  const { since, asked } = recordOf(value, 'counters');
  return { since: countOf(since, 'counters.since'), asked: listOf(asked, 'counters.asked', textOf) };
}

function leasesOf(value: unknown): Leases {
  const { holders, servers } = recordOf(value, 'leases');
  return {
    holders: listOf(holders, 'leases.holders', holderOf),
    ...(servers !== undefined && { servers: countOf(servers, 'leases.servers') }),
  };
}

function holderOf(value: unknown, name: string): LeaseHolder {
  const { namespace, name: lease, holder, renewed } = recordOf(value, name);
  return {
    namespace: textOf(namespace, name),
    name: textOf(lease, name),
    holder: textOf(holder, name),
    renewed: countOf(renewed, name),
  };
}

const REASONS: readonly MissingKind['why'][] = ['forbidden', 'failed'];

function missingOf(value: unknown, name: string): MissingKind {
  const { group, kind, resource, why } = recordOf(value, name);
  const reason = REASONS.find((known) => known === why);
  if (reason === undefined) throw wrong(name);
  return { group: textOf(group, name), kind: textOf(kind, name), resource: textOf(resource, name), why: reason };
}

function gapOf(value: unknown, name: string): Gap {
  const { scope, code, reason, effect } = recordOf(value, name);
  return { scope: textOf(scope, name), code: codeOf(code, name), reason: textOf(reason, name), effect: textOf(effect, name) };
}

function codeOf(value: unknown, name: string): GapCode {
  if (isGapCode(value)) return value;
  // The rest was checked already: a later version knows more reasons than this one.
  throw new CastellanError('CAS_SNAPSHOT_NEWER', `it holds a gap "${textOf(value, name)}", which this Castellan does not know`);
}

function placeOf(value: unknown, name: string): Place {
  const { apiVersion, kind, resource, count, bytes, sha256, offset, length } = recordOf(value, name);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw wrong(name);
  return {
    apiVersion: textOf(apiVersion, name),
    kind: textOf(kind, name),
    resource: textOf(resource, name),
    count: countOf(count, name),
    bytes: countOf(bytes, name),
    sha256,
    offset: countOf(offset, name),
    length: countOf(length, name),
  };
}

function listOf<T>(value: unknown, name: string, element: (value: unknown, name: string) => T): T[] {
  if (!Array.isArray(value)) throw wrong(name);
  return value.map((item: unknown) => element(item, name));
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (!isRecord(value)) throw wrong(name);
  return value;
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw wrong(name);
  return value;
}

function countOf(value: unknown, name: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(name);
  return value as number;
}

function wrong(name: string): Error {
  return damaged(`"${name}" of its header is not what it should be`);
}
