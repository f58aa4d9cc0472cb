/**
 * Recorded connections, asked again of changed policies. As with requests, silence proves something only where the record
 * would have shown the connection: of workloads that it has seen, over a start of each, with both ends known.
 */
import {
  type Conns,
  type Intervals,
  type World,
  addressText,
  connsOf,
  connsWithout,
  isNothing,
  networkDiff,
} from '../../engines/network/index.ts';
import { type FlowEnd, type FlowUse, type Span, type UseRecord, coverageOf } from '../../record/index.ts';
import { attestationText } from '../../rules/index.ts';
import { apiServerIn } from '../api-server.ts';
import type { Attestations } from '../attestations.ts';
import { type Denial, type DomainProof, LEAST_WINDOW, type UnknownBecause } from '../proof.ts';
import type { MayBe } from './cluster-addresses.ts';
import { outerAddressesOf } from './outer-addresses.ts';
import { type RecordedEnd, RecordedEnds, makersOf, plainEnd } from './recorded-ends.ts';
import { EVERYWHERE, type Possible, Side } from './side.ts';
import { lostBySome } from './lost-by-some.ts';

export interface FlowEvidence {
  readonly record: UseRecord | undefined;
  /** When pods of workloads started, by the names that the network gives them. Times in seconds since 1970. */
  readonly starts: ReadonlyMap<string, readonly number[]>;
  /** The workloads that the change may concern; all where left out. */
  readonly concerned?: ReadonlySet<string>;
  /** Since when the pods of today have their addresses. */
  readonly since?: ReadonlyMap<string, number>;
  /** On which ports of workloads Services and nodes let in clients from outside. */
  readonly entries?: ReadonlyMap<string, readonly Conns[]>;
  /** On which ports nodes probe the pods of each workload. */
  readonly probed?: ReadonlyMap<string, ReadonlySet<number>>;
  /** Whether an address that nobody has may have been one of the cluster's; none where left out. */
  readonly mayBe?: (address: string) => MayBe;
  /** Nodes that pods are on, or may be. */
  readonly nodes?: readonly string[];
  /** Of CronJobs, by the names that the network gives them: the longest time between two runs, in seconds. */
  readonly periods?: ReadonlyMap<string, number>;
  /** What people say of connections that no record shows. */
  readonly attestations?: Attestations;
  /** How long a record has to be, in seconds; three weeks where left out. */
  readonly leastWindow?: number;
}

/** A connection that the change closes, or of which it closes some ports. */
export interface LostConnection {
  /** `changed` where only some ports are closed. */
  readonly type: 'removed' | 'changed' | 'added';
  readonly src: string;
  readonly dst: string;
  readonly before: Conns;
  readonly after: Conns;
}

export interface FlowProof extends DomainProof {
  readonly lost: readonly LostConnection[];
}

const DAY = 86_400;
/** Ports on which meshes carry the connections of others: Istio without and with sidecars and between clusters, Linkerd, Consul. */
export const TUNNELS: ReadonlySet<number> = new Set([15_008, 15_006, 15_443, 4143, 20_000]);

export function replayFlows(before: World, after: World, evidence: FlowEvidence): FlowProof {
  const lost = lostBetween(before, after, evidence.concerned);
  // What cuts nothing off needs no record.
  if (lost.length === 0) return { verdict: 'safe', unknownBecause: [], denies: [], replayed: 0, lost };
  const { record, attestations } = evidence;
  const words = lost.map((connection) => attestations?.ofConnection(connection));
  const said = [...new Set(words.flatMap((one) => (one === undefined ? [] : [attestationText(one)])))];
  const needed = lost.flatMap(({ src, dst }, index): Denial[] =>
    words[index]?.needed === true ? [{ who: src, what: `connection to ${dst}`, count: 0, last: 0 }] : [],
  );
  const silent = lost.filter((_connection, index) => words[index] === undefined);
  const streams = (record?.streams ?? []).filter(({ kind, events }) => kind === 'flows' && events > 0);
  if (record === undefined || streams.length === 0)
    return {
      verdict: needed.length > 0 ? 'breaks' : silent.length > 0 ? 'unknown' : 'safe',
      unknownBecause: silent.length > 0 ? [{ code: 'no-record', about: '' }] : [],
      denies: needed,
      replayed: 0,
      lost,
      said,
    };
  const { denies: recorded, because, replayed, seen, outside } = new Replay({ before, after }, record, evidence).run(lost);
  const denies = [...recorded, ...needed];
  const unknownBecause = distinct([...because, ...(silent.length > 0 ? silence({ lost: silent, seen, outside, evidence, streams }) : [])]);
  return {
    verdict: denies.length > 0 ? 'breaks' : unknownBecause.length > 0 ? 'unknown' : 'safe',
    unknownBecause,
    denies,
    replayed,
    lost,
    said,
  };
}

/** Pods of one workload talk to each other too, and from outside some come by IPv6. */
function lostBetween(before: World, after: World, touching: ReadonlySet<string> | undefined): LostConnection[] {
  const all = networkDiff(before, after, { ipv6: true, within: true, ...(touching !== undefined && { touching }) });
  const lost = all.filter((change) => isLoss(change) && !(change.src === change.dst && change.src.endsWith('[Pod]')));
  const known = new Set(lost.map(({ src, dst }) => `${src} ${dst}`));
  const bySome = lostBySome(before, after, touching).filter((change) => isLoss(change) && !known.has(`${change.src} ${change.dst}`));
  return [...lost, ...bySome.map((change): LostConnection => ({ ...change, type: 'changed' }))];
}

function isLoss({ type, before, after }: LostConnection): boolean {
  return type === 'removed' || (type === 'changed' && !isNothing(connsWithout(before, after)));
}

interface Replayed {
  readonly denies: readonly Denial[];
  readonly because: readonly UnknownBecause[];
  readonly replayed: number;
  /** Workloads of which there is any connection. */
  readonly seen: ReadonlySet<string>;
  readonly outside: Outside;
}

/** On which ports workloads were seen with addresses outside. */
class Outside {
  readonly #ports = new Map<string, Set<string>>();

  note(way: 'in' | 'out', names: readonly string[], { port, protocol }: FlowUse): void {
    for (const name of names) {
      const ports = this.#ports.get(`${way} ${name}`) ?? new Set();
      this.#ports.set(`${way} ${name}`, ports.add(`${port}/${protocol}`));
    }
  }

  /** One of them that a connection with other addresses loses. */
  lostPort({ src, dst, before, after }: LostConnection): string | undefined {
    const [way, name, other] = src.includes('[') ? ['out', src, dst] : ['in', dst, src];
    if (other.includes('[')) return undefined;
    return [...(this.#ports.get(`${way} ${name}`) ?? [])].find((text) => {
      const [port = '', protocol = ''] = text.split('/');
      const asked: Conns = { [protocol]: [port] };
      return isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after));
    });
  }
}

/** What a recorded end may have been, as questions name it, and the workloads among these. */
interface Ends {
  readonly texts: readonly string[];
  readonly names: readonly string[];
  readonly doubt?: 'ends-unknown' | 'address-reused' | 'addresses-many';
}

class Replay {
  readonly #before: Side;
  readonly #after: Side;
  readonly #record: UseRecord;
  readonly #ends: RecordedEnds;
  readonly #probed: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #mayBe: NonNullable<FlowEvidence['mayBe']>;
  /** Addresses that are not learned from being talked to: the input tells what they are. */
  readonly #placed: ReadonlySet<string>;
  readonly #outer: ReturnType<typeof outerAddressesOf>;

  constructor(
    { before, after }: { before: World; after: World },
    record: UseRecord,
    { since, probed, mayBe }: Pick<FlowEvidence, 'since' | 'probed' | 'mayBe'>,
  ) {
    this.#probed = probed ?? new Map();
    this.#mayBe = mayBe ?? (() => undefined);
    this.#before = new Side(before);
    this.#after = new Side(after);
    this.#record = record;
    this.#ends = new RecordedEnds(record, before, since);
    this.#outer = outerAddressesOf(before);
    const nodes = before.nodes.flatMap(({ addresses }) => addresses.map(addressText));
    this.#placed = new Set([...nodes, ...apiServerIn(before).map(({ cidr }) => cidr.split('/')[0] ?? '')]);
  }

  run(lost: readonly LostConnection[]): Replayed {
    const denies = new Map<string, Denial>();
    const because: UnknownBecause[] = [];
    const concerned = new Set(lost.flatMap(({ src, dst }) => [src, dst]));
    const seen = new Set<string>();
    const outside = new Outside();
    let replayed = 0;
    for (const told of this.#record.flows) {
      const flow = { ...told, source: plainEnd(told.source), destination: plainEnd(told.destination) };
      const count = flow.allowed + flow.unclear;
      replayed += count;
      const source = this.#endsOf(flow.source, flow);
      const destination = this.#endsOf(flow.destination, flow);
      for (const name of [...source.names, ...destination.names]) seen.add(name);
      if (count > 0 && (this.#mayBeLost(flow, { source, destination }, lost) || this.#isLedToLost(flow, source, lost)))
        because.push({ code: 'ends-unknown', about: flowText(flow) });
      if (count === 0 || ![...source.names, ...destination.names].some((name) => concerned.has(name))) continue;
      if (this.#isLearned(flow.destination, destination)) outside.note('out', source.names, flow);
      if (this.#isLearned(flow.source, source)) outside.note('in', destination.names, flow);
      const about = flowText(flow);
      if (TUNNELS.has(flow.port)) because.push({ code: 'tunnelled', about });
      for (const doubt of [source.doubt, destination.doubt]) if (doubt !== undefined) because.push({ code: doubt, about });
      const isProbed =
        flow.source?.startsWith('host:') === true &&
        flow.destination?.startsWith('pod:') === true &&
        destination.names.some((name) => this.#probed.get(name)?.has(flow.port) === true);
      for (const from of source.texts) {
        for (const to of destination.texts) {
          // Which no policy stops: probes come this way.
          if (this.#before.isOwnNode(from, to)) continue;
          if (isProbed && to !== flow.destination?.slice('pod:'.length)) {
            // Of a pod that is gone nobody knows whether that was its own node.
            because.push({ code: 'ends-unknown', about });
            continue;
          }
          const was = this.#before.allows(from, to, flow);
          const is = this.#after.allows(from, to, flow);
          if (was === false && flow.allowed > 0) because.push({ code: 'baseline-differs', about });
          if (was === true && is !== true)
            denies.set(about, { who: from, what: `${to} ${flow.port}/${flow.protocol}`, count, last: flow.last });
          else if (
            was !== true &&
            isPartly(this.#before.asked(to, flow), lost, { from: this.#before.endOf(from), to: this.#before.endOf(to) })
          )
            because.push({ code: 'ends-unknown', about });
        }
      }
    }
    return { denies: [...denies.values()].toSorted((a, b) => b.count - a.count), because, replayed, seen, outside };
  }

  /** To an address that nobody has, and which one who loses the connection may have had; the other end as far as it is known. */
  #mayBeLost(flow: FlowUse, { source, destination }: Record<'source' | 'destination', Ends>, lost: readonly LostConnection[]): boolean {
    const to = this.#gone(flow.destination, destination);
    if (to === undefined) return false;
    const isFromGone = this.#gone(flow.source, source) !== undefined;
    const asked: Conns = { [flow.protocol]: [String(flow.port)] };
    return lost.some(({ src, dst, before, after }) => {
      if (!dst.includes('[') || !(source.names.includes(src) || (isFromGone && src.includes('[')))) return false;
      return to === 'service' || (isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after)));
    });
  }

  /** To an address behind which a workload stands that loses the connection, to whoever asked or to addresses outside. */
  #isLedToLost(flow: FlowUse, source: Ends, lost: readonly LostConnection[]): boolean {
    const [, kind, text = ''] = /^(ip|host):(.+)$/.exec(flow.destination ?? '') ?? [];
    const addresses = kind === 'host' ? this.#outer.ofNode(text) : [text];
    const led = addresses.flatMap((address) => this.#outer.at(address, flow));
    return led.some(({ name, ports }) =>
      lost.some(
        ({ src, dst, before, after }) =>
          dst === name &&
          (source.names.includes(src) || !src.includes('[')) &&
          isNothing(connsWithout(ports, before)) &&
          !isNothing(connsWithout(ports, after)),
      ),
    );
  }

  #gone(end: FlowEnd, { names, doubt }: Ends): MayBe {
    if (names.length > 0 || doubt !== undefined || end?.startsWith('ip:') !== true) return undefined;
    const address = end.slice('ip:'.length);
    return this.#placed.has(address) ? undefined : this.#mayBe(address);
  }

  /** An address outside of which nothing else is known; what is of a node or of one link is where it is. */
  #isLearned(end: FlowEnd, { names, doubt }: Ends): boolean {
    if (names.length > 0 || doubt === 'ends-unknown' || end?.startsWith('host:') === true) return false;
    const address = end?.replace(/^ip:/, '') ?? '';
    return !this.#placed.has(address) && !/^(169\.254\.|fe[89ab])/i.test(address);
  }

  #endsOf(end: FlowEnd, flow: FlowUse): Ends {
    const [only, ...more] = this.#ends.of(end, flow).map((one) => this.#found(one, flow));
    if (only === undefined || more.length === 0) return only ?? { texts: [], names: [], doubt: 'ends-unknown' };
    const all = [only, ...more];
    const names = [...new Set(all.flatMap((one) => one.names))];
    const doubt = all.find((one) => one.doubt !== undefined)?.doubt;
    // Pods that came one after the other, all of one workload, are no question.
    if (names.length === 1 && doubt === undefined) return { ...only, names };
    return { texts: all.flatMap(({ texts }) => texts), names, doubt: 'address-reused' };
  }

  #found(end: RecordedEnd, flow: FlowUse): Ends {
    if (end.kind === 'anybody') return { texts: EVERYWHERE, names: [], doubt: 'addresses-many' };
    // Of a node without an address any may be the one: only what all addresses get is known then.
    if (end.kind === 'node') return { texts: this.#before.addressesOf(end.name) ?? EVERYWHERE, names: [] };
    if (end.kind === 'pod') {
      for (const text of makersOf(end.name)) {
        const names = this.#before.namesOf(text);
        if (names.length > 0) return { texts: [text], names };
      }
      return { texts: [], names: [], doubt: 'ends-unknown' };
    }
    const behind = this.#before.serviceAt(end.address, flow);
    if (behind === undefined) {
      const text = `ip:${end.address}`;
      return { texts: [text], names: this.#before.namesOf(text), ...(end.reused && { doubt: 'address-reused' }) };
    }
    const names = this.#before.namesOf(behind);
    return names.length > 0 ? { texts: [behind], names } : { texts: [], names, doubt: 'ends-unknown' };
  }
}

/** Whether a connection of which not all was open may be one that is closed: its ends are many, and some of them lose it. */
function isPartly(ports: Intervals<number>, lost: readonly LostConnection[], ends: { from: Possible; to: Possible }): boolean {
  const is = ({ names, many }: Possible, name: string): boolean => names.has(name) || (many && !name.includes('['));
  const asked = connsOf(ports);
  return lost.some(({ src, dst, before, after }) => {
    if (!is(ends.from, src) || !is(ends.to, dst)) return false;
    return isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after));
  });
}

/** Whether outsiders come in by what is closed to addresses outside. */
function isEntry({ dst, before, after }: LostConnection, entries: FlowEvidence['entries']): boolean {
  return (entries?.get(dst) ?? []).some((asked) => isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after)));
}

interface Silence {
  readonly lost: readonly LostConnection[];
  readonly seen: ReadonlySet<string>;
  readonly outside: Outside;
  readonly evidence: FlowEvidence;
  readonly streams: UseRecord['streams'];
}

function* silence({ lost, seen, outside, evidence, streams }: Silence): Generator<UnknownBecause> {
  const window = windowOf(streams);
  const least = evidence.leastWindow ?? LEAST_WINDOW;
  if (window.to - window.from < least)
    yield { code: 'window-short', about: `${Math.max(0, (window.to - window.from) / DAY).toFixed(1)} of ${(least / DAY).toFixed(0)} days` };
  for (const stream of streams) {
    const unread = Object.values(stream.unread).reduce((sum, count) => sum + count, 0);
    if (unread > 0) yield { code: 'lines-unread', about: `${stream.name}, ${unread}` };
    // No node renews anything there, so that any connection shows that connections are logged.
    const { holes } = coverageOf(stream);
    if (holes.length > 0) yield { code: 'log-holes', about: `${stream.name}, ${holes.length} times` };
  }
  yield* nodeDoubts(streams, evidence.nodes ?? []);
  for (const name of new Set(lost.flatMap(({ src, dst }) => [src, dst]))) {
    // Addresses outside have no start, and a controller elsewhere is not known.
    if (!name.includes('[')) continue;
    if (!seen.has(name)) yield { code: 'subject-silent', about: name };
    if (!(evidence.starts.get(name) ?? []).some((start) => start >= window.from && start < window.to))
      yield { code: 'no-start-seen', about: name };
    const period = evidence.periods?.get(name);
    if (period !== undefined && 2 * period > window.to - window.from) yield { code: 'schedule-unseen', about: name };
  }
  // A connection that began before the record goes on unseen until one of its ends starts anew, which nobody knows of an address.
  const isOlder = (name: string): boolean => !name.includes('[') || (evidence.starts.get(name) ?? []).some((start) => start < window.from);
  for (const connection of lost) {
    const { src, dst } = connection;
    if (!src.includes('[') && isEntry(connection, evidence.entries)) yield { code: 'outside-unseen', about: dst };
    if (isOlder(src) && isOlder(dst)) for (const about of [src, dst]) if (about.includes('[')) yield { code: 'began-before', about };
    const port = outside.lostPort(connection);
    if (port !== undefined) yield { code: 'addresses-learned', about: `${src.includes('[') ? src : dst} ${port}` };
  }
}

/** The table of the kernel is that of one node, and Hubble tells of each flow which node saw it. */
function* nodeDoubts(streams: UseRecord['streams'], nodes: readonly string[]): Generator<UnknownBecause> {
  const tables = streams.filter(({ formats }) => formats.includes('conntrack'));
  if (tables.length > 0 && (nodes.length === 0 || tables.length < nodes.length))
    yield { code: 'nodes-missing', about: nodes.length === 0 ? '' : `${tables.length} of ${nodes.length}` };
  const seen = new Set(streams.flatMap((stream) => stream.nodes));
  if (seen.size > 0) for (const about of nodes) if (!seen.has(about)) yield { code: 'nodes-missing', about };
}

/** From the last beginning of a log to the first end. */
function windowOf(streams: UseRecord['streams']): { from: number; to: number } {
  const spans = streams.map((stream) => coverageOf(stream).span).filter((span) => span !== undefined);
  return { from: Math.max(...spans.map(({ from }) => from)), to: Math.min(...spans.map(({ to }) => to)) };
}

/** The time that all logs of connections cover, and where they are silent. Undefined without one. */
export function flowWindow(
  record: UseRecord | undefined,
): { from: number; to: number; streams: number; holes: readonly Span[] } | undefined {
  const streams = (record?.streams ?? []).filter(({ kind, events }) => kind === 'flows' && events > 0);
  if (streams.length === 0) return undefined;
  const window = windowOf(streams);
  if (window.to <= window.from) return undefined;
  return { ...window, streams: streams.length, holes: streams.flatMap((stream) => coverageOf(stream).holes) };
}

function flowText({ source, destination, port, protocol }: FlowUse): string {
  return `${source ?? 'many addresses'} to ${destination ?? 'many addresses'} ${port}/${protocol}`;
}

function distinct(because: readonly UnknownBecause[]): UnknownBecause[] {
  return [...new Map(because.map((one) => [`${one.code} ${one.about}`, one])).values()];
}
