/** A cluster → the parts of a snapshot: what is served is listed, four kinds at a time, redacted while it is read. */
import { CastellanError } from '../../lib/errors.ts';
import { isRecord } from '../../lib/record.ts';
import {
  type Gap,
  type MissingKind,
  type Segment,
  SegmentWriter,
  type SnapshotHeader,
  type SnapshotParts,
  objectsOf,
} from '../../snapshot/index.ts';
import { Client, type ClientOptions } from './client.ts';
import type { Connection } from './connection.ts';
import { IN_FLIGHT } from './signer.ts';
import { type Discovery, type ServedResource, discover } from './discovery.ts';
import { readMetrics } from './metrics.ts';
import { readLeases } from './leases.ts';
import { FEATURES_GAP, SECRETS_GAP, gapOf, gapsOfDiscovery, namespacesGap, tooDeepGap, unknownNamespaceGap } from './gaps.ts';
import { type ListOutcome, listResource } from './list.ts';
import { TooDeepError, redact } from './redact.ts';
import { RequestError, noAnswer } from './request-error.ts';
import { collectedOf, isCollected, isLeftOut, nameOf } from './resources.ts';
import { steady } from './steady.ts';

export interface CollectClusterOptions extends ClientOptions {
  /** Version of Castellan, for the header. */
  version: string;
  /** Only these; all where left out. */
  namespaces?: readonly string[];
  /** Of what is collected only these resources, for a question that needs no more; such a snapshot is no file. */
  only?: (group: string, resource: string) => boolean;
  now?: () => Date;
  /** Called after each object: which list it came from, how many there are now. */
  progress?: (resource: string, count: number) => void;
}

export async function collectCluster(connection: Connection, options: CollectClusterOptions): Promise<SnapshotParts> {
  const takenAt = (options.now?.() ?? new Date()).toISOString().replace(/\.\d+Z$/, 'Z');
  const client = new Client(connection, options);
  const { gitVersion, uid, discovery } = await introduced(connection, options);
  const places = await checkNamespaces(client, options.namespaces ?? []);
  // Before anything is listed, which is counted too.
  const { features, counters } = await readMetrics(client);
  const wanted = discovery.resources.filter(
    ({ group, resource }) => isCollected(group, resource) && options.only?.(group, resource) !== false,
  );
  const isLeases = options.only?.('coordination.k8s.io', 'leases') !== false;
  const leases = isLeases
    ? await readLeases(client, discovery.resources, { now: Date.parse(takenAt) / 1000, namespaces: options.namespaces })
    : undefined;
  const lists = await inPool(wanted, (resource) => read(client, resource, options));

  const missing = new Map<string, MissingKind>(goneWithTheirServer(discovery).map((kind) => [nameOf(kind), kind]));
  const gaps: Gap[] = [...gapsOfDiscovery(discovery), ...places];
  if (features === undefined) gaps.push(FEATURES_GAP);
  for (const { resource, outcomes, tooDeep } of lists) {
    gaps.push(...tooDeep.map(tooDeepGap));
    for (const outcome of outcomes) {
      const gap = gapOf(resource, outcome);
      if (gap !== undefined) gaps.push(gap);
      if (outcome.state === 'forbidden' || outcome.state === 'failed') {
        missing.set(nameOf(resource), { group: resource.group, kind: resource.kind, resource: resource.resource, why: outcome.state });
      }
    }
  }
  const segments = lists.map(({ segment }) => segment).filter(({ count }) => count > 0);
  if (segments.some(({ kind, apiVersion }) => kind === 'Secret' && apiVersion === 'v1')) gaps.push(SECRETS_GAP);
  if (options.namespaces !== undefined) gaps.push(namespacesGap(options.namespaces));
  const header: SnapshotHeader = {
    kind: 'cluster',
    ...(typeof gitVersion === 'string' && { kubernetesVersion: gitVersion.replace(/^v/, '') }),
    // Of a kind with an object that was too deep not every object is here.
    complete: missing.size === 0 && options.namespaces === undefined && lists.every(({ tooDeep }) => tooDeep.length === 0),
    cluster: { ...(uid !== undefined && { uid }), server: connection.server },
    takenAt,
    takenBy: options.version,
    kinds: wanted.length + [...missing.values()].filter(({ kind }) => kind === '').length,
    ...(features !== undefined && { features }),
    ...(counters !== undefined && { counters }),
    ...(leases !== undefined && { leases }),
    ...(missing.size > 0 && { missing: [...missing.values()] }),
    ...(options.namespaces !== undefined && { namespaces: options.namespaces }),
    leftOut: discovery.resources
      .filter(({ group, resource }) => isLeftOut(group, resource))
      .map(nameOf)
      .toSorted(),
  };
  return { header, gaps, segments };
}

/** Kinds of API groups that are registered, but whose server does not answer. What they are called is not known then. */
function goneWithTheirServer({ stale, resources }: Discovery): MissingKind[] {
  const served = new Set(resources.map(nameOf));
  return stale.flatMap((groupVersion) => {
    const [group = ''] = groupVersion.split('/');
    return collectedOf(group)
      .map((resource): MissingKind => ({ group, kind: '', resource, why: 'failed' }))
      .filter((kind) => !served.has(nameOf(kind)));
  });
}

/** A name that was mistyped would look like a namespace in which all is well. */
async function checkNamespaces(client: Client, namespaces: readonly string[]): Promise<Gap[]> {
  const gaps: Gap[] = [];
  for (const namespace of namespaces) {
    try {
      await client.json(`/api/v1/namespaces/${encodeURIComponent(namespace)}`);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.status === 404)
        throw new CastellanError('CAS_NO_NAMESPACE', `there is no namespace "${namespace}" in ${client.connection.server}`);
      gaps.push(unknownNamespaceGap(namespace, error.message));
    }
  }
  return gaps;
}

interface ReadResource {
  resource: ServedResource;
  /** With namespaces named one for each, else one. */
  outcomes: (ListOutcome & { namespace: string | undefined })[];
  segment: Segment;
  /** Objects that were left out because nobody could look at all of them: `Kind/namespace/name`. */
  tooDeep: string[];
}

async function read(client: Client, resource: ServedResource, options: CollectClusterOptions): Promise<ReadResource> {
  const places = (resource.namespaced ? options.namespaces : undefined) ?? [undefined];
  const outcomes: ReadResource['outcomes'] = [];
  const segments: Segment[] = [];
  const tooDeep: string[] = [];
  for (const namespace of places) {
    const sink = new Sink(resource, options);
    outcomes.push({ namespace, ...(await listResource(client, { resource, namespace }, sink)) });
    segments.push(sink.end());
    tooDeep.push(...sink.tooDeep);
  }
  const [only] = segments;
  return { resource, outcomes, tooDeep, segment: only !== undefined && segments.length === 1 ? only : joined(resource, segments) };
}

/** Takes objects as they come, without what must not leave the cluster. */
class Sink {
  readonly #resource: ServedResource;
  readonly #options: CollectClusterOptions;
  #writer: SegmentWriter;
  #count = 0;
  tooDeep: string[] = [];

  constructor(resource: ServedResource, options: CollectClusterOptions) {
    this.#resource = resource;
    this.#options = options;
    this.#writer = new SegmentWriter(idOf(resource));
  }

  add(object: Record<string, unknown>): void {
    const { namespaces, progress } = this.#options;
    const { group, kind } = this.#resource;
    // Namespaces that were not asked for would seem to be empty.
    if (namespaces !== undefined && group === '' && kind === 'Namespace' && !namespaces.includes(String(recordOf(object.metadata).name)))
      return;
    if (!isRedacted(object)) {
      this.tooDeep.push(refOf(object));
      return;
    }
    steady(object);
    this.#writer.add(object);
    this.#count += 1;
    progress?.(nameOf(this.#resource), this.#count);
  }

  restart(): void {
    this.#writer = new SegmentWriter(idOf(this.#resource));
    this.#count = 0;
    this.tooDeep = [];
  }

  end(): Segment {
    return this.#writer.end();
  }
}

/** Takes out what must not leave the cluster; false where the object is too deep for that. */
function isRedacted(object: Record<string, unknown>): boolean {
  try {
    redact(object);
    return true;
  } catch (error) {
    if (error instanceof TooDeepError) return false;
    throw error;
  }
}

function refOf({ kind, metadata }: Record<string, unknown>): string {
  const { namespace, name } = recordOf(metadata);
  return [kind, namespace, name].filter((part) => typeof part === 'string').join('/');
}

function joined(resource: ServedResource, segments: readonly Segment[]): Segment {
  const writer = new SegmentWriter(idOf(resource));
  for (const segment of segments) for (const object of objectsOf(segment)) writer.add(object);
  return writer.end();
}

function idOf({ group, version, kind, resource }: ServedResource): { apiVersion: string; kind: string; resource: string } {
  return { apiVersion: group === '' ? version : `${group}/${version}`, kind, resource };
}

/** At most as many at a time as requests may be under way. The answers stand in the order of the questions. */
async function inPool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return results;
}

/** Who is there, and what it serves. The first request tells soon when nobody is there. */
async function introduced(
  connection: Connection,
  options: CollectClusterOptions,
): Promise<{ gitVersion: unknown; uid: string | undefined; discovery: Discovery }> {
  try {
    const { gitVersion } = recordOf(await new Client(connection, { attempts: 3, ...options }).json('/version'));
    const client = new Client(connection, options);
    return { gitVersion, uid: await uidOf(client), discovery: await discover(client) };
  } catch (error) {
    throw noAnswer(error, connection);
  }
}

/** The UID of kube-system is the identity of a cluster; whoever may not read it does without. */
async function uidOf(client: Client): Promise<string | undefined> {
  try {
    const { metadata } = recordOf(await client.json('/api/v1/namespaces/kube-system'));
    const { uid } = recordOf(metadata);
    return typeof uid === 'string' ? uid : undefined;
  } catch (error) {
    if (error instanceof RequestError && (error.status === 403 || error.status === 404)) return undefined;
    throw error;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
