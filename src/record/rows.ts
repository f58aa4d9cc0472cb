/** A record as text: one JSON list a line, its first element says what the rest is. Written short, as there are many. */
import { isRecord } from '../lib/record.ts';
import { Minutes } from './minutes.ts';
import type { Counts } from './tally.ts';
import type {
  Actor,
  AddressUse,
  Asked,
  FlowProtocol,
  FlowUse,
  ReadPart,
  RequestUse,
  Stream,
  Through,
  UseRecord,
  VersionUse,
} from './use-record.ts';

const THROUGH: readonly Through[] = ['request', 'impersonation', 'review', 'implied'];
const PROTOCOLS: readonly FlowProtocol[] = ['TCP', 'UDP', 'SCTP'];

export function rowsOf({ streams, actors, requests, flows, addresses, versions }: UseRecord): string {
  const rows: string[] = [];
  const row = (...cells: unknown[]): number => rows.push(JSON.stringify(cells));
  for (const { active, beating, ...stream } of streams) row('s', { ...stream, active: active.toJson(), beating: beating.toJson() });
  for (const { name, groups, bound, maker } of actors) row('a', name, groups, bound ?? null, ...(maker === undefined ? [] : [maker]));
  for (const { actor, asked, ...counts } of requests) {
    const { verb, apiGroup, resource, subresource, namespace, name, path, through } = asked;
    row('r', actor, verb, apiGroup, resource, subresource, namespace, name ?? null, path, THROUGH.indexOf(through), ...countCells(counts));
  }
  for (const { source, destination, protocol, port, ...counts } of flows)
    row('f', source ?? null, destination ?? null, protocol, port, ...countCells(counts));
  for (const { address, end, first, last } of addresses) row('d', address, end, first, last);
  for (const { actor, apiGroup, apiVersion, resource, agent, ...counts } of versions)
    row('v', actor, apiGroup, apiVersion, resource, agent ?? null, ...countCells(counts));
  return rows.join('\n');
}

function countCells({ allowed, denied, unclear, first, last, days, streams }: Counts): unknown[] {
  return [allowed, denied, unclear, first, last - first, days.map((day, index) => day - (days[index - 1] ?? 0)), streams];
}

/** Throws where a row is not as `rowsOf` writes it. */
export function parseRows(text: string): UseRecord {
  const streams: Stream[] = [];
  const actors: Actor[] = [];
  const requests: RequestUse[] = [];
  const flows: FlowUse[] = [];
  const addresses: AddressUse[] = [];
  const versions: VersionUse[] = [];
  for (const line of text === '' ? [] : text.split('\n')) {
    const cells = new Cells(JSON.parse(line));
    const kind = cells.text();
    if (kind === 's') streams.push(streamIn(cells.value()));
    else if (kind === 'a') actors.push(actorIn(cells));
    else if (kind === 'r') requests.push({ actor: cells.number(), asked: askedIn(cells), ...countsIn(cells) });
    else if (kind === 'f') flows.push({ ...endsIn(cells), ...countsIn(cells) });
    else if (kind === 'd') addresses.push({ address: cells.text(), end: cells.text(), first: cells.number(), last: cells.number() });
    else if (kind === 'v') versions.push({ ...versionIn(cells), ...countsIn(cells) });
    else throw new Error('a row of no known kind');
  }
  for (const { actor } of [...requests, ...versions]) if (actor >= actors.length) throw new Error('a request of nobody');
  for (const { streams: ids } of [...requests, ...flows, ...versions])
    if (ids.some((id) => id >= streams.length)) throw new Error('a use in no stream');
  return { streams, actors, requests, flows, addresses, versions };
}

function actorIn(cells: Cells): Actor {
  const [name, groups, bound, maker] = [cells.text(), cells.texts(), cells.value(), cells.value()];
  if (bound === 'pod' && typeof maker === 'string') return { name, groups, bound, maker };
  return bound === 'pod' || bound === 'nothing' ? { name, groups, bound } : { name, groups };
}

function askedIn(cells: Cells): Asked {
  return {
    verb: cells.text(),
    apiGroup: cells.text(),
    resource: cells.text(),
    subresource: cells.text(),
    namespace: cells.text(),
    name: cells.maybeText(),
    path: cells.text(),
    through: one(THROUGH, cells.number()),
  };
}

function versionIn(cells: Cells): Pick<VersionUse, 'actor' | 'apiGroup' | 'apiVersion' | 'resource' | 'agent'> {
  return { actor: cells.number(), apiGroup: cells.text(), apiVersion: cells.text(), resource: cells.text(), agent: cells.maybeText() };
}

function endsIn(cells: Cells): Pick<FlowUse, 'source' | 'destination' | 'protocol' | 'port'> {
  const [source, destination, protocol] = [cells.maybeText(), cells.maybeText(), cells.text()];
  return { source, destination, protocol: one(PROTOCOLS, (PROTOCOLS as readonly string[]).indexOf(protocol)), port: cells.number() };
}

function countsIn(cells: Cells): Counts {
  const [allowed, denied, unclear, first, length] = [cells.number(), cells.number(), cells.number(), cells.number(), cells.number()];
  let day = 0;
  const days = cells.numbers().map((step) => (day += step));
  return { allowed, denied, unclear, first, last: first + length, days, streams: cells.numbers() };
}

function streamIn(value: unknown): Stream {
  if (!isRecord(value)) throw new Error('a stream that is none');
  // Records of before have neither ids nor nodes.
  const { name, kind, formats, parts, events, unread, ids = [], nodes = [] } = value;
  const [active, beating] = [Minutes.fromJson(value.active), Minutes.fromJson(value.beating)];
  if (
    typeof name !== 'string' ||
    (kind !== 'audit' && kind !== 'flows') ||
    !Array.isArray(formats) ||
    !Array.isArray(parts) ||
    !Array.isArray(ids) ||
    !Array.isArray(nodes)
  )
    throw new Error('a stream that is none');
  if (typeof events !== 'number' || !isRecord(unread) || active === undefined || beating === undefined)
    throw new Error('a stream that is none');
  return {
    name,
    kind,
    formats: formats.map(String),
    parts: parts.map(partIn),
    events,
    unread: Object.fromEntries(Object.entries(unread).map(([reason, count]) => [reason, Number(count)])),
    active,
    beating,
    ids: ids.map(String),
    nodes: nodes.map(String),
  };
}

function partIn(value: unknown): ReadPart {
  if (!isRecord(value) || typeof value.head !== 'string' || typeof value.sha256 !== 'string' || typeof value.bytes !== 'number')
    throw new Error('a part that is none');
  return { head: value.head, bytes: value.bytes, sha256: value.sha256 };
}

function one<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error('a word of no known meaning');
  return found;
}

/** The cells of a row in turn, each of the kind that belongs there. */
class Cells {
  readonly #cells: readonly unknown[];
  #at = 0;

  constructor(row: unknown) {
    if (!Array.isArray(row)) throw new Error('a row that is no list');
    this.#cells = row;
  }

  value(): unknown {
    const value = this.#cells[this.#at];
    this.#at += 1;
    return value;
  }

  text(): string {
    const value = this.value();
    if (typeof value !== 'string') throw new Error('a cell that is no text');
    return value;
  }

  maybeText(): string | undefined {
    const value = this.value();
    if (value === null) return undefined;
    if (typeof value !== 'string') throw new Error('a cell that is no text');
    return value;
  }

  number(): number {
    const value = this.value();
    if (typeof value !== 'number') throw new Error('a cell that is no number');
    return value;
  }

  numbers(): number[] {
    return this.#list('number') as number[];
  }

  texts(): string[] {
    return this.#list('string') as string[];
  }

  #list(type: 'number' | 'string'): unknown[] {
    const value = this.value();
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== type)) throw new Error(`a cell that is no list of ${type}s`);
    return value as unknown[];
  }
}
