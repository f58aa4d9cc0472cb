/** What two states of a cluster let flow differently. */
import { ALL_ADDRESSES, rangesText } from './addresses.ts';
import { type Flow, type ListOptions, flows } from './connections.ts';
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { peerFilter } from './peer-filter.ts';
import { type Conns, connsOf } from './ports.ts';
import type { World } from './world.ts';

export interface ConnectionChange {
  readonly type: 'added' | 'removed' | 'changed';
  readonly src: string;
  readonly dst: string;
  /** Empty where nothing was allowed. */
  readonly before: Conns;
  readonly after: Conns;
  /** Workloads of this connection that are in one of the states only. */
  readonly workloads?: string;
}

export interface DiffOptions extends ListOptions {
  /** Only connections between these ends, as peer-text.ts has them; a Service means the pods behind it. */
  readonly from?: string;
  readonly to?: string;
}

/** By source and destination. Ranges of addresses are cut where the states differ. */
export function networkDiff(before: World, after: World, options: DiffOptions = {}): ConnectionChange[] {
  const [old, now] = [new Side(before, options), new Side(after, options)];
  const [sources, targets] = [
    peerFilter([before, after], options.from, 'source'),
    peerFilter([before, after], options.to, 'destination'),
  ] as const;
  const isAsked = (name: string, filter = sources): boolean => filter?.names?.has(name) ?? true;
  const changes: ConnectionChange[] = [];
  const note = (...ends: readonly string[]): Pick<ConnectionChange, 'workloads'> => {
    const notes = ends.flatMap((end) => {
      const [was, is] = [old.names.has(end), now.names.has(end)];
      return was === is ? [] : [`workload ${end} ${is ? 'added' : 'removed'}`];
    });
    return notes.length === 0 ? {} : { workloads: notes.join(', ') };
  };
  for (const key of new Set([...old.inside.keys(), ...now.inside.keys()])) {
    const [src = '', dst = ''] = key.split('\0');
    if (!isAsked(src) || !isAsked(dst, targets)) continue;
    const [was, is] = [old.inside.get(key) ?? NONE, now.inside.get(key) ?? NONE];
    if (was.text !== is.text) changes.push({ type: typeOf(was, is), src, dst, before: was.conns, after: is.conns, ...note(src, dst) });
  }
  for (const key of new Set([...old.outside.keys(), ...now.outside.keys()])) {
    const [workload = '', direction] = key.split('\0');
    const [own, other] = direction === 'from' ? [sources, targets] : [targets, sources];
    if (!isAsked(workload, own)) continue;
    for (const { set: whole, was, is } of cut(old.outside.get(key) ?? [], now.outside.get(key) ?? [])) {
      const set = intersection(whole, other?.addresses ?? []);
      if (set.length === 0) continue;
      const ends = direction === 'from' ? { src: workload, dst: rangesText(set) } : { src: rangesText(set), dst: workload };
      changes.push({ type: typeOf(was, is), ...ends, before: was.conns, after: is.conns, ...note(workload) });
    }
  }
  return changes.toSorted((a, b) => (`${a.src}\0${a.dst}` < `${b.src}\0${b.dst}` ? -1 : 1));
}

interface Written {
  conns: Conns;
  /** Equal exactly where the connections are. */
  text: string;
}
interface Piece extends Written {
  set: Intervals<bigint>;
}

const NONE: Written = { conns: {}, text: '{}' };

class Side {
  /** By source and destination. */
  readonly inside = new Map<string, Written>();
  /** By workload and the direction that the addresses lie in. */
  readonly outside = new Map<string, Piece[]>();
  readonly names: Set<string>;
  readonly #written = new Map<Intervals<number>, Written>();

  constructor(world: World, options: ListOptions) {
    this.names = new Set(world.pods.map(({ workload }) => workload));
    for (const flow of flows(world, options)) this.#add(flow);
  }

  #add({ src, dst, ports }: Flow): void {
    let written = this.#written.get(ports);
    if (written === undefined) {
      const conns = connsOf(ports);
      this.#written.set(ports, (written = { conns, text: JSON.stringify(conns) }));
    }
    if (written.text === NONE.text) return;
    if (typeof src === 'string' && typeof dst === 'string') this.inside.set(`${src}\0${dst}`, written);
    else if (typeof src === 'string' && typeof dst !== 'string') this.#addOutside(`${src}\0from`, { ...written, set: dst });
    else if (typeof src !== 'string' && typeof dst === 'string') this.#addOutside(`${dst}\0to`, { ...written, set: src });
  }

  #addOutside(key: string, piece: Piece): void {
    const pieces = this.outside.get(key);
    if (pieces === undefined) this.outside.set(key, [piece]);
    else pieces.push(piece);
  }
}

/** The addresses whose connections differ, by what they were and what they are, each family by itself. */
function cut(old: readonly Piece[], now: readonly Piece[]): { set: Intervals<bigint>; was: Written; is: Written }[] {
  const found = new Map<string, { set: Intervals<bigint>; was: Written; is: Written }>();
  for (const was of withRest(old)) {
    for (const is of withRest(now)) {
      if (was.text === is.text) continue;
      for (const family of ALL_ADDRESSES) {
        const set = intersection(intersection(was.set, is.set), family);
        if (set.length === 0) continue;
        const key = `${family[0]} ${was.text} ${is.text}`;
        found.set(key, { set: union(found.get(key)?.set ?? [], set), was, is });
      }
    }
  }
  return [...found.values()];
}

function withRest(pieces: readonly Piece[]): Piece[] {
  const told = pieces.reduce<Intervals<bigint>>((all, { set }) => union(all, set), []);
  const rest = ALL_ADDRESSES.reduce<Intervals<bigint>>((all, family) => union(all, difference(family, told)), []);
  return [...pieces, { ...NONE, set: rest }];
}

function typeOf(was: Written, is: Written): ConnectionChange['type'] {
  return was.text === NONE.text ? 'added' : is.text === NONE.text ? 'removed' : 'changed';
}
