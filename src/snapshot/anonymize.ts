/**
 * Snapshots that can be shown to others. Names are replaced by others, consistently over the whole snapshot, so that
 * what refers to what, and nearly all that can be found in it, stays; the key is thrown away.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isRecord } from '../lib/record.ts';
import { AnonymousText, NOTHING_PUBLIC, type PublicNames } from './anonymous-text.ts';
import type { SnapshotParts } from './file.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { type Segment, SegmentWriter, objectsOf } from './segment.ts';
import type { Gap, GapCode, SnapshotHeader } from './snapshot.ts';
import { PROSE } from './vocabulary.ts';

type Fields = Record<string, unknown>;

export interface AnonymizeOptions {
  /** For tests: the same seed gives the same names. Else they are random. */
  seed?: string;
  known?: PublicNames;
}

/** Fields that hold keys of labels, or of entries of a ConfigMap. */
const KEYS: ReadonlySet<string> = new Set(['key', 'topologyKey', 'matchLabelKeys', 'mismatchLabelKeys']);
const CONTENT: ReadonlySet<string> = new Set(['data', 'binaryData', 'stringData']);
const DEEPEST = 200;

/** Object → object. What one of them calls by one name, all of them call by the same new one. */
export function anonymizer(options: AnonymizeOptions = {}): (object: Readonly<Fields>) => Fields {
  return walkerOf(textOf(options));
}

/** The whole snapshot, with what its header and gaps say. */
export function anonymized({ header, gaps, segments }: SnapshotParts, options: AnonymizeOptions = {}): SnapshotParts {
  const text = textOf(options);
  const walk = walkerOf(text);
  return {
    header: anonymousHeader(header, text),
    gaps: gaps.map((gap) => anonymousGap(gap, text)),
    segments: segments.map((segment) => anonymousSegment(segment, text, walk)),
  };
}

function textOf({ seed, known = NOTHING_PUBLIC }: AnonymizeOptions): AnonymousText {
  const key = seed === undefined ? randomBytes(32) : createHash('sha256').update(seed).digest();
  return new AnonymousText(new Pseudonyms(key), known);
}

function anonymousSegment(segment: Segment, text: AnonymousText, walk: (object: Readonly<Fields>) => Fields): Segment {
  const { apiVersion, kind, resource } = segment;
  const writer = new SegmentWriter({ apiVersion: text.of(apiVersion), kind: text.of(kind), resource: text.of(resource) });
  // Written in the order of the new names: that of the old ones would tell of them.
  for (const object of objectsOf(segment)) writer.add(walk(object));
  return writer.end();
}

function anonymousHeader(header: SnapshotHeader, text: AnonymousText): SnapshotHeader {
  const { cluster, missing, namespaces, leftOut } = header;
  const made: SnapshotHeader = { ...header, anonymized: true };
  // They tell the names of kinds that only this cluster may have, and of programs.
  delete made.counters;
  delete made.leases;
  // What a vendor or a company adds to its version names it.
  if (made.kubernetesVersion !== undefined) made.kubernetesVersion = /^\d+\.\d+(?:\.\d+)?/.exec(made.kubernetesVersion)?.[0] ?? '0.0';
  if (cluster !== undefined) {
    made.cluster = { server: text.of(cluster.server) };
    if (cluster.uid !== undefined) made.cluster.uid = text.of(cluster.uid);
  }
  if (missing !== undefined)
    made.missing = missing.map(({ group, kind, resource, why }) => ({
      group: text.of(group),
      kind: text.of(kind),
      resource: text.of(resource),
      why,
    }));
  // What is left out is a part of Kubernetes, and says nothing of anybody.
  if (leftOut !== undefined) made.leftOut = leftOut.map((name) => (OF_KUBERNETES.test(name) ? name : text.of(name)));
  if (namespaces !== undefined) made.namespaces = namespaces.map((name) => text.of(name));
  return made;
}

const OF_KUBERNETES = /^[a-z]+(?:\.(?:apps|batch|policy|autoscaling)|(?:\.[a-z]+)*\.k8s\.io)?$/;
/** Gaps whose reason is what a server said. */
const SAID: ReadonlySet<GapCode> = new Set(['forbidden', 'list-failed']);

function anonymousGap({ scope, code, reason, effect }: Gap, text: AnonymousText): Gap {
  // Our own words stay; what a server said names users and objects.
  return { scope: text.of(scope, PROSE), code, reason: SAID.has(code) ? text.of(reason, PROSE) : reason, effect };
}

function walkerOf(text: AnonymousText): (object: Readonly<Fields>) => Fields {
  const value = (part: unknown, field: string, depth: number): unknown => {
    if (depth > DEEPEST) return null;
    if (typeof part === 'string')
      return KEYS.has(field)
        ? text.key(part)
        : field === 'image' || field === 'reference' || field === 'imageID'
          ? text.image(part)
          : text.of(part);
    if (Array.isArray(part)) return part.map((item: unknown) => value(item, field, depth + 1));
    return isRecord(part) ? record(part, depth) : part;
  };
  const record = (part: Readonly<Fields>, depth: number): Fields => {
    const made: Fields = {};
    for (const key of Object.keys(part)) {
      if (key !== 'managedFields')
        Object.defineProperty(made, text.key(key), {
          value: value(part[key], key, depth + 1),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
    return made;
  };
  const content = (part: unknown): unknown =>
    isRecord(part)
      ? Object.fromEntries(
          Object.entries(part).map(([key, entry]) => [text.key(key), typeof entry === 'string' ? text.lines(entry) : value(entry, '', 0)]),
        )
      : value(part, '', 0);
  return (object) => {
    const isData = object.kind === 'ConfigMap' || object.kind === 'Secret';
    const made: Fields = {};
    for (const key of Object.keys(object))
      made[text.key(key)] = isData && CONTENT.has(key) ? content(object[key]) : value(object[key], key, 1);
    return made;
  };
}
