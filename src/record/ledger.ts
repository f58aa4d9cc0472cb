/** Where a record is made: events are entered one by one, other records as a whole. */
import { FoldedTallies } from './folded.ts';
import { LeastIds } from './least-ids.ts';
import { Minutes } from './minutes.ts';
import { RequestKinds } from './request-kinds.ts';
import type { Sighting, Tally } from './tally.ts';
import type {
  Actor,
  AddressUse,
  Asked,
  FlowEnd,
  FlowProtocol,
  FlowUse,
  ReadPart,
  RequestUse,
  Stream,
  UseRecord,
  VersionUse,
} from './use-record.ts';

export interface SeenFlow {
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly protocol: FlowProtocol;
  readonly port: number;
}

interface SeenVersion {
  readonly actor: number;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly agent: string | undefined;
}

/** A stream while it is written to. */
export class OpenStream {
  readonly id: number;
  readonly name: string;
  readonly kind: Stream['kind'];
  readonly formats = new Set<string>();
  readonly parts: ReadPart[] = [];
  readonly unread = new Map<string, number>();
  readonly active = new Minutes();
  readonly beating = new Minutes();
  readonly ids = new LeastIds();
  readonly nodes = new Set<string>();
  events = 0;

  constructor(id: number, name: string, kind: Stream['kind']) {
    this.id = id;
    this.name = name;
    this.kind = kind;
  }

  /** `id` is what the log calls it, '' where it has no name. */
  event(time: number, { beat = false, id = '' }: { beat?: boolean; id?: string } = {}): void {
    this.events += 1;
    this.active.add(time);
    if (id !== '') this.ids.add(id);
    if (beat) this.beating.add(time);
  }

  /** A line that could not be read as an event. */
  miss(reason: string, count = 1): void {
    this.unread.set(reason, (this.unread.get(reason) ?? 0) + count);
  }

  closed(): Stream {
    const { name, kind, parts, events, active, beating } = this;
    const unread = Object.fromEntries([...this.unread].toSorted(([a], [b]) => compare(a, b)));
    return {
      name,
      kind,
      formats: [...this.formats].toSorted(compare),
      parts,
      events,
      unread,
      active,
      beating,
      ids: this.ids.toList(),
      nodes: [...this.nodes].toSorted(compare),
    };
  }
}

export class Ledger {
  readonly #streams: OpenStream[] = [];
  readonly #actors: Actor[] = [];
  /** By name, then by pod: several where groups differ. */
  readonly #actorIds = new Map<string, Map<string, readonly number[]>>();
  readonly #kinds = new RequestKinds();
  /** Of each actor, by the kinds of requests. */
  readonly #requests: FoldedTallies<number, Asked>[] = [];
  readonly #flows = new FoldedTallies<string, SeenFlow>(foldedFlow);
  readonly #versions = new FoldedTallies<string, SeenVersion>((seen) => ({ ...seen, agent: undefined }));
  readonly #addresses = new Map<string, { address: string; end: string; first: number; last: number }>();

  /** The stream of that name, a new one where there is none yet. */
  stream(name: string, kind: Stream['kind']): OpenStream {
    const known = this.#streams.find((stream) => stream.name === name && stream.kind === kind);
    if (known !== undefined) return known;
    const stream = new OpenStream(this.#streams.length, name, kind);
    this.#streams.push(stream);
    return stream;
  }

  actor(actor: Actor): number {
    // Asked for each event: no text is made of what is mostly known.
    let named = this.#actorIds.get(actor.name);
    if (named === undefined) this.#actorIds.set(actor.name, (named = new Map()));
    const place = `${actor.bound} ${actor.maker}`;
    const same = named.get(place) ?? [];
    const known = same.find((id) => isSameList(this.#actors[id]?.groups ?? [], actor.groups));
    if (known !== undefined) return known;
    const id = this.#actors.push(actor) - 1;
    named.set(place, [...same, id]);
    return id;
  }

  request(actor: number, asked: Asked, sighting: Sighting): void {
    this.#requestTally(actor, asked).add(sighting);
  }

  /** A request for a version of an API that is not meant to stay, beside the request itself. */
  version(seen: SeenVersion, sighting: Sighting): void {
    this.#versionTally(seen).add(sighting);
  }

  flow(flow: SeenFlow, sighting: Sighting): void {
    this.#flowTally(flow).add(sighting);
  }

  /** Whether such a connection went through, or may be one of too many to tell. */
  hasFlow(flow: SeenFlow): boolean {
    const { family, member } = keyOfFlow(flow);
    const { allowed = 0, unclear = 0 } = this.#flows.find(family, member ?? '') ?? {};
    return allowed + unclear > 0;
  }

  address(address: string, end: string, time: number): void {
    this.#addressUse({ address, end, first: time, last: time });
  }

  /** Everything of another record. What both have read is counted twice: `parts` tells what was read before. */
  merge(record: UseRecord): void {
    const streams = record.streams.map((other) => this.#mergeStream(other));
    const actors = record.actors.map((actor) => this.actor(actor));
    const streamOf = (id: number): number => streams[id] ?? 0;
    for (const use of record.requests) this.#requestTally(actors[use.actor] ?? 0, use.asked).merge(use, streamOf);
    for (const use of record.versions) this.#versionTally({ ...use, actor: actors[use.actor] ?? 0 }).merge(use, streamOf);
    for (const use of record.flows) this.#flowTally(use).merge(use, streamOf);
    for (const use of record.addresses) this.#addressUse(use);
  }

  /** In an order of its own, so that the same events give the same record. */
  record(): UseRecord {
    const record = this.#unfolded();
    const folded = withFewMakers(record.actors);
    if (folded === record.actors) return record;
    const again = new Ledger();
    again.merge({ ...record, actors: folded });
    return again.#unfolded();
  }

  #unfolded(): UseRecord {
    const streams = this.#streams.map((stream) => stream.closed());
    const actors = this.#actors.map((actor, id) => ({ actor, id, key: JSON.stringify(actor) })).toSorted((a, b) => compare(a.key, b.key));
    const place = new Map(actors.map(({ id }, index) => [id, index]));
    const requests = this.#requests.flatMap((of, actor) =>
      [...of.entries()].map(({ what, tally }): RequestUse => ({ actor: place.get(actor) ?? 0, asked: what, ...tally.counts() })),
    );
    const versions = [...this.#versions.entries()].map(({ what, tally }): VersionUse => ({
      ...what,
      actor: place.get(what.actor) ?? 0,
      ...tally.counts(),
    }));
    const flows = [...this.#flows.entries()].map(({ what, tally }): FlowUse => ({ ...what, ...tally.counts() }));
    return {
      streams,
      actors: actors.map(({ actor }) => actor),
      requests: inOrder(requests, ({ actor, asked }) => `${String(actor).padStart(9, '0')}${keyOf(asked)}`),
      flows: inOrder(flows, ({ source, destination, protocol, port }) => [source, destination, protocol, port].join(' ')),
      addresses: inOrder([...this.#addresses.values()], ({ address, end }) => `${address} ${end}`),
      versions: inOrder(versions, ({ actor, apiGroup, apiVersion, resource, agent = '' }) =>
        [String(actor).padStart(9, '0'), apiGroup, apiVersion, resource, agent].join(SEPARATOR),
      ),
    };
  }

  #requestTally(actor: number, asked: Asked): Tally {
    const requests = (this.#requests[actor] ??= new FoldedTallies(foldedAsked));
    return requests.tally(this.#kinds.of(asked), memberOf(asked), asked);
  }

  #versionTally({ actor, apiGroup, apiVersion, resource, agent }: SeenVersion): Tally {
    const key = [actor, apiGroup, apiVersion, resource].join(SEPARATOR);
    return this.#versions.tally(key, agent, { actor, apiGroup, apiVersion, resource, agent });
  }

  #flowTally(flow: SeenFlow): Tally {
    const { family, member } = keyOfFlow(flow);
    return this.#flows.tally(family, member, flow);
  }

  #addressUse({ address, end, first, last }: AddressUse): void {
    const key = `${address} ${end}`;
    const known = this.#addresses.get(key);
    if (known === undefined) this.#addresses.set(key, { address, end, first, last });
    else {
      known.first = Math.min(known.first, first);
      known.last = Math.max(known.last, last);
    }
  }

  #mergeStream(other: Stream): number {
    const stream = this.stream(other.name, other.kind);
    for (const format of other.formats) stream.formats.add(format);
    for (const part of other.parts) notePart(stream, part);
    for (const [reason, count] of Object.entries(other.unread)) stream.miss(reason, count);
    stream.active.addAll(other.active);
    stream.beating.addAll(other.beating);
    for (const id of other.ids) stream.ids.add(id);
    for (const node of other.nodes) stream.nodes.add(node);
    stream.events += other.events;
    return stream.id;
  }
}

/** An account that more workloads share is asked about as a whole. */
const MOST_MAKERS = 64;

/**
 * Where an account has too many, or where some of its pods are not told apart, none are: it may have been any. So it does
 * not matter in which order records were merged. The same list where nothing changes.
 */
function withFewMakers(actors: readonly Actor[]): readonly Actor[] {
  const makers = new Map<string, Set<string | undefined>>();
  for (const { name, bound, maker } of actors) {
    if (bound !== 'pod') continue;
    const known = makers.get(name);
    if (known === undefined) makers.set(name, new Set([maker]));
    else known.add(maker);
  }
  const isFolded = ({ name, maker }: Actor): boolean => {
    const all = makers.get(name);
    return maker !== undefined && all !== undefined && (all.size > MOST_MAKERS || all.has(undefined));
  };
  if (!actors.some(isFolded)) return actors;
  return actors.map((actor) => (isFolded(actor) ? { name: actor.name, groups: actor.groups, bound: 'pod' } : actor));
}

/** A file that was read on replaces what was known of it. */
export function notePart(stream: OpenStream, part: ReadPart): void {
  const at = stream.parts.findIndex(({ head }) => head === part.head);
  if (at < 0) stream.parts.push(part);
  else if ((stream.parts[at]?.bytes ?? 0) < part.bytes) stream.parts[at] = part;
}

/** What has many ends is outside of the cluster: pods are told one by one. */
function foldedFlow({ source, destination, protocol, port }: SeenFlow): SeenFlow {
  const kept = (end: FlowEnd): FlowEnd => (end === undefined || end.startsWith('ip:') ? undefined : end);
  return { source: kept(source), destination: kept(destination), protocol, port };
}

/** No member is what was folded before. */
function keyOfFlow(flow: SeenFlow): { family: string; member: string | undefined } {
  const { source, destination, protocol, port } = flow;
  const kept = foldedFlow(flow);
  return {
    family: `${protocol} ${port} ${kept.source} ${kept.destination}`,
    member: source === undefined || destination === undefined ? undefined : `${source} ${destination}`,
  };
}

function foldedAsked(asked: Asked): Asked {
  return { ...asked, name: undefined, path: '' };
}

/** What is told apart among requests of one kind: the name of the object, or the path. */
function memberOf({ resource, name, path }: Asked): string | undefined {
  return resource === '' && name !== undefined ? path : name;
}

function keyOf(asked: Asked): string {
  const { verb, apiGroup, resource, subresource, namespace, through } = asked;
  const where = `${sealed(resource)}${SEPARATOR}${sealed(subresource)}${SEPARATOR}${sealed(namespace)}`;
  const family = `${through}${SEPARATOR}${sealed(verb)}${SEPARATOR}${sealed(apiGroup)}${SEPARATOR}${where}`;
  return `${family}${SEPARATOR}${memberOf(asked) ?? ''}`;
}

const SEPARATOR = '\u0001';

/** A request may be for a name with any character; none of them may look like another request. */
function sealed(text: string): string {
  return text.includes(SEPARATOR) ? JSON.stringify(text) : text;
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

function inOrder<T>(list: T[], key: (one: T) => string): T[] {
  return list
    .map((one) => ({ one, key: key(one) }))
    .sort((a, b) => compare(a.key, b.key))
    .map(({ one }) => one);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
