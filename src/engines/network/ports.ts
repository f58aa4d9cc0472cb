/**
 * Ports of all protocols on one line, so that a set of connections is one set of intervals: each protocol has its own
 * stretch, and port 0, which no policy can name, keeps them apart.
 */
import { type Intervals, combine, contains, intersection, spans } from './intervals.ts';

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

const STRETCH = 65536;
/** Behind the ports: one place for each named port of which nobody knows the number. */
export const SYMBOLS = STRETCH * (PROTOCOLS.length + 1);

export function isProtocol(text: string): text is Protocol {
  return (PROTOCOLS as readonly string[]).includes(text);
}

/** What the API takes for one: anything else would lie in the stretch of another protocol. */
export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value < STRETCH;
}

/** Where a port lies on the line. */
export function placeOf(protocol: Protocol, port: number): number {
  return PROTOCOLS.indexOf(protocol) * STRETCH + port;
}

/** The port that lies there. */
export function portAt(place: number): { protocol: Protocol; port: number } {
  return { protocol: PROTOCOLS[Math.floor(place / STRETCH)] ?? 'TCP', port: place % STRETCH };
}

/** Ports from `first` to `last`, both among them. */
export function portRange(protocol: Protocol, first: number, last: number): Intervals<number> {
  return [placeOf(protocol, first), placeOf(protocol, last) + 1];
}

export function wholeProtocol(protocol: Protocol): Intervals<number> {
  return portRange(protocol, 1, STRETCH - 1);
}

export const ALL_PORTS: Intervals<number> = PROTOCOLS.flatMap((protocol) => [...wholeProtocol(protocol)]);

/** What may flow, as people read it: `all`, or for each protocol its ports and ranges of ports. */
export type Conns = 'all' | Partial<Record<string, string[]>>;

/** `symbols` are the named ports of which the places behind the ports stand. */
export function connsOf(set: Intervals<number>, symbols: readonly { protocol: string; name: string }[] = []): Conns {
  if (PROTOCOLS.every((protocol) => isWhole(set, protocol))) return 'all';
  const conns: Record<string, string[]> = {};
  for (const protocol of PROTOCOLS) {
    const ports = [...spans(intersection(set, wholeProtocol(protocol)))].map(([start, end]) => spanText(start % STRETCH, end - start));
    if (ports.length > 0) conns[protocol] = ports;
  }
  for (const [index, { protocol, name }] of symbols.entries()) {
    // Beside nearly all ports a name says nothing: it may be one of the few that are left out.
    const wide = PROTOCOLS.some((one) => (protocol === one || protocol === '*') && isWide(set, one));
    if (!wide && contains(set, SYMBOLS + index)) (conns[protocol] ??= []).push(name);
  }
  return conns;
}

function isWide(set: Intervals<number>, protocol: Protocol): boolean {
  let count = 0;
  for (const [start, end] of spans(intersection(set, wholeProtocol(protocol)))) count += end - start;
  return count > STRETCH / 2;
}

function isWhole(set: Intervals<number>, protocol: Protocol): boolean {
  const [start, end] = wholeProtocol(protocol);
  return [...spans(set)].some(([from, to]) => from === start && to === end);
}

function spanText(first: number, length: number): string {
  return length === 1 ? `${first}` : `${first}-${first + length - 1}`;
}

const TABLE = 512;

/** Sets of ports, each kept once under a small number, with what was ever made of two of them. */
export class PortSets {
  readonly none = 0;
  readonly all: number;
  readonly #sets: Intervals<number>[] = [[]];
  readonly #ids = new Map<string, number>([['', 0]]);
  readonly #union = new Map<number, number>();
  readonly #common = new Map<number, number>();
  /** What the first sets have in common, one more than the id; 0 is not known yet. The matrix asks for it for every pair. */
  readonly #table = new Uint32Array(TABLE * TABLE);
  readonly #without = new Map<number, number>();

  constructor(symbols = 0) {
    this.all = this.id(symbols === 0 ? ALL_PORTS : [...ALL_PORTS, SYMBOLS, SYMBOLS + symbols]);
  }

  id(set: Intervals<number>): number {
    const key = set.join();
    let id = this.#ids.get(key);
    if (id === undefined) {
      this.#ids.set(key, (id = this.#sets.length));
      this.#sets.push(set);
    }
    return id;
  }

  set(id: number): Intervals<number> {
    return this.#sets[id] ?? [];
  }

  union(a: number, b: number): number {
    if (a === b || b === this.none || a === this.all) return a;
    if (a === this.none || b === this.all) return b;
    return this.#made(this.#union, a < b ? [a, b] : [b, a], (inA, inB) => inA || inB);
  }

  common(a: number, b: number): number {
    if (a === b || b === this.all || a === this.none) return a;
    if (a === this.all || b === this.none) return b;
    if (a >= TABLE || b >= TABLE) return this.#made(this.#common, a < b ? [a, b] : [b, a], (inA, inB) => inA && inB);
    const known = this.#table[a * TABLE + b] ?? 0;
    if (known > 0) return known - 1;
    const id = this.id(combine(this.set(a), this.set(b), (inA, inB) => inA && inB));
    this.#table[a * TABLE + b] = this.#table[b * TABLE + a] = id + 1;
    return id;
  }

  without(a: number, b: number): number {
    if (b === this.none || a === this.none) return a;
    if (a === b || b === this.all) return this.none;
    return this.#made(this.#without, [a, b], (inA, inB) => inA && !inB);
  }

  #made(memo: Map<number, number>, [a, b]: readonly [number, number], keep: (inA: boolean, inB: boolean) => boolean): number {
    const key = a * 0x400_0000 + b;
    let id = memo.get(key);
    if (id === undefined) memo.set(key, (id = this.id(combine(this.set(a), this.set(b), keep))));
    return id;
  }
}
