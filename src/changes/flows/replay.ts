/**
 * Recorded connections, asked again of changed policies. As with requests, silence proves something only where the record
 * would have shown the connection: of workloads that it has seen, over a start of each, with both ends known.
 */
import {
  type Conns,
  Peers,
  Relation,
  type World,
  addressText,
  connsOf,
  connsWithout,
  isNothing,
  networkDiff,
  portRange,
  query,
} from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { type FlowEnd, type FlowUse, type UseRecord, coverageOf } from '../../record/index.ts';
import { attestationText } from '../../rules/index.ts';
import type { Attestations } from '../attestations.ts';
import { type Denial, type DomainProof, LEAST_WINDOW, type UnknownBecause } from '../proof.ts';
import { lostBySome } from './lost-by-some.ts';

export interface FlowEvidence {
  readonly record: UseRecord | undefined;
  /** When pods of workloads started, by the names that the network gives them. Times in seconds since 1970. */
  readonly starts: ReadonlyMap<string, readonly number[]>;
  /** The workloads that the change may concern; all where left out. */
  readonly concerned?: ReadonlySet<string>;
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
/** Any address at all. */
const EVERYWHERE = ['0.0.0.0/0', '::/0'];
/** Ports on which meshes carry the connections of others. */
const TUNNELS = new Set([15_008, 4143]);

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
  const { denies: recorded, because, replayed, seen } = new Replay(before, after, record).run(lost);
  const denies = [...recorded, ...needed];
  const unknownBecause = distinct([...because, ...(silent.length > 0 ? silence({ lost: silent, seen, evidence, streams }) : [])]);
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

class Replay {
  readonly #before: Side;
  readonly #after: Side;
  readonly #record: UseRecord;
  /** Whose addresses were, as the record tells it. */
  readonly #owners = new Map<string, Set<string>>();

  constructor(before: World, after: World, record: UseRecord) {
    this.#before = new Side(before);
    this.#after = new Side(after);
    this.#record = record;
    for (const { address, end } of record.addresses) {
      const owners = this.#owners.get(address);
      if (owners === undefined) this.#owners.set(address, new Set([end]));
      else owners.add(end);
    }
  }

  run(lost: readonly LostConnection[]): { denies: Denial[]; because: UnknownBecause[]; replayed: number; seen: Set<string> } {
    const denies = new Map<string, Denial>();
    const because: UnknownBecause[] = [];
    const concerned = new Set(lost.flatMap(({ src, dst }) => [src, dst]));
    const seen = new Set<string>();
    let replayed = 0;
    for (const flow of this.#record.flows) {
      const count = flow.allowed + flow.unclear;
      replayed += count;
      const source = this.#endsOf(flow.source);
      const destination = this.#endsOf(flow.destination);
      for (const name of [...source.names, ...destination.names]) seen.add(name);
      if (count === 0 || ![...source.names, ...destination.names].some((name) => concerned.has(name))) continue;
      const about = flowText(flow);
      if (TUNNELS.has(flow.port)) because.push({ code: 'tunnelled', about });
      for (const doubt of [source.doubt, destination.doubt]) if (doubt !== undefined) because.push({ code: doubt, about });
      for (const from of source.texts) {
        for (const to of destination.texts) {
          const was = this.#before.allows(from, to, flow);
          const is = this.#after.allows(from, to, flow);
          if (was === false && flow.allowed > 0) because.push({ code: 'baseline-differs', about });
          if (was === true && is !== true)
            denies.set(about, { who: from, what: `${to} ${flow.port}/${flow.protocol}`, count, last: flow.last });
          else if (was !== true && isPartly(flow, lost, { from: this.#before.endOf(from), to: this.#before.endOf(to) }))
            because.push({ code: 'ends-unknown', about });
        }
      }
    }
    return { denies: [...denies.values()].toSorted((a, b) => b.count - a.count), because, replayed, seen };
  }

  /** The ends that a recorded one may have been, as questions name them, and the workloads among them. */
  #endsOf(end: FlowEnd): {
    texts: readonly string[];
    names: readonly string[];
    doubt?: 'ends-unknown' | 'address-reused' | 'addresses-many';
  } {
    if (end === undefined || end.startsWith('other:')) return { texts: EVERYWHERE, names: [], doubt: 'addresses-many' };
    if (!end.startsWith('ip:')) return this.#named(end);
    const owners = [...(this.#owners.get(end.slice(3)) ?? [])];
    const [only, ...more] = owners.length > 0 ? owners : [end];
    if (only === undefined || more.length > 0) {
      const all = owners.map((owner) => this.#named(owner));
      return { texts: all.flatMap(({ texts }) => texts), names: all.flatMap(({ names }) => names), doubt: 'address-reused' };
    }
    return this.#named(only);
  }

  #named(end: string): { texts: readonly string[]; names: readonly string[]; doubt?: 'ends-unknown' } {
    const [kind, name] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)];
    if (kind === 'ip') return { texts: [end], names: this.#before.namesOf(end) };
    // Of a node without an address any may be the one: only what all addresses get is known then.
    if (kind === 'host') return { texts: this.#before.addressesOf(name) ?? EVERYWHERE, names: [] };
    for (const text of makersOf(name)) {
      const names = this.#before.namesOf(text);
      if (names.length > 0) return { texts: [text], names };
    }
    return { texts: [], names: [], doubt: 'ends-unknown' };
  }
}

/** What an end may be: workloads by name, and whether it may be any of many addresses. */
interface Possible {
  readonly names: ReadonlySet<string>;
  readonly many: boolean;
}

/** Whether a connection of which not all was open may be one that is closed: its ends are many, and some of them lose it. */
function isPartly({ port, protocol }: FlowUse, lost: readonly LostConnection[], ends: { from: Possible; to: Possible }): boolean {
  const is = ({ names, many }: Possible, name: string): boolean => names.has(name) || (many && !name.includes('['));
  const asked = connsOf(portRange(protocol, port, port));
  return lost.some(({ src, dst, before, after }) => {
    if (!is(ends.from, src) || !is(ends.to, dst)) return false;
    return isNothing(connsWithout(asked, before)) && !isNothing(connsWithout(asked, after));
  });
}

/** A pod that is gone is what made it, by the way in which names are generated. */
export function makersOf(name: string): string[] {
  const ofSet = name.replace(/-[a-z0-9]{5}$/, '');
  return [...new Set([name, name.replace(/-\d+$/, ''), ofSet, ofSet.replace(/-[a-z0-9]{6,10}$/, '')])];
}

/** One state, with answers kept: the same ends come again and again. */
class Side {
  readonly #relation: Relation;
  readonly #peers: Peers;
  readonly #found = new Map<string, ReturnType<Peers['find']> | undefined>();

  constructor(world: World) {
    this.#relation = new Relation(world);
    this.#peers = new Peers(this.#relation);
  }

  namesOf(text: string): string[] {
    return (this.#find(text) ?? []).filter(({ outside }) => !outside).map(({ name }) => name);
  }

  /** The addresses of a node, as questions name them; undefined where none is known. */
  addressesOf(node: string): string[] | undefined {
    const addresses = this.#relation.world.nodes.find(({ name }) => name === node)?.addresses ?? [];
    return addresses.length === 0 ? undefined : addresses.map((address) => `ip:${addressText(address)}`);
  }

  endOf(text: string): Possible {
    return { names: new Set(this.namesOf(text)), many: EVERYWHERE.includes(text) };
  }

  /** Undefined where an end is not there. Every pair of what the texts name has to be open. */
  allows(from: string, to: string, { port, protocol }: FlowUse): boolean | undefined {
    const [sources, destinations] = [this.#find(from), this.#find(to)];
    if (sources === undefined || destinations === undefined) return undefined;
    if (sources.every(({ outside }) => outside) && destinations.every(({ outside }) => outside)) return undefined;
    return query(this.#relation, { from: sources, to: destinations }, portRange(protocol, port, port)).answer === 'yes';
  }

  #find(text: string): ReturnType<Peers['find']> | undefined {
    if (!this.#found.has(text)) this.#found.set(text, this.#tried(text));
    return this.#found.get(text);
  }

  #tried(text: string): ReturnType<Peers['find']> | undefined {
    try {
      return this.#peers.find(text);
    } catch (error) {
      if (error instanceof CastellanError && error.code === 'CAS_PEER') return undefined;
      throw error;
    }
  }
}

interface Silence {
  readonly lost: readonly LostConnection[];
  readonly seen: ReadonlySet<string>;
  readonly evidence: FlowEvidence;
  readonly streams: UseRecord['streams'];
}

function* silence({ lost, seen, evidence, streams }: Silence): Generator<UnknownBecause> {
  const spans = streams.map((stream) => coverageOf(stream).span).filter((span) => span !== undefined);
  const window = { from: Math.max(...spans.map(({ from }) => from)), to: Math.min(...spans.map(({ to }) => to)) };
  const least = evidence.leastWindow ?? LEAST_WINDOW;
  if (window.to - window.from < least)
    yield { code: 'window-short', about: `${Math.max(0, (window.to - window.from) / DAY).toFixed(1)} of ${(least / DAY).toFixed(0)} days` };
  for (const stream of streams) {
    const unread = Object.values(stream.unread).reduce((sum, count) => sum + count, 0);
    if (unread > 0) yield { code: 'lines-unread', about: `${stream.name}, ${unread}` };
  }
  for (const name of new Set(lost.flatMap(({ src, dst }) => [src, dst]))) {
    // Addresses outside have no start, and a controller elsewhere is not known.
    if (!name.includes('[')) continue;
    if (!seen.has(name)) yield { code: 'subject-silent', about: name };
    // A connection that began before the record goes on unseen, until both of its ends have started anew.
    if (!(evidence.starts.get(name) ?? []).some((start) => start >= window.from && start < window.to))
      yield { code: 'no-start-seen', about: name };
  }
}

function flowText({ source, destination, port, protocol }: FlowUse): string {
  return `${source ?? 'many addresses'} to ${destination ?? 'many addresses'} ${port}/${protocol}`;
}

function distinct(because: readonly UnknownBecause[]): UnknownBecause[] {
  return [...new Map(because.map((one) => [`${one.code} ${one.about}`, one])).values()];
}
