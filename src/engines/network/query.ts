/** Whether some ends may talk to others, and on which ports: every pair of what two texts name. */
import type { ConnectionRow } from './connections.ts';
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { askedOn } from './meant.ts';
import { openBetween } from './open-between.ts';
import type { Peer } from './peers.ts';
import { isSingle } from './pods.ts';
import { ALL_PORTS, type Conns, connsOf } from './ports.ts';
import type { Relation } from './relation.ts';

export interface Answer {
  /**
   * Of what is asked for something may flow between every pair, between some, or between none; `unknown` where it may
   * between some, depending on where pods are whose addresses are not known.
   */
  readonly answer: 'yes' | 'some' | 'no' | 'unknown';
  readonly pairs: { readonly asked: number; readonly open: number };
  /** Between some pair, and between every pair. */
  readonly allowed: Conns;
  readonly always: Conns;
  /** The pairs that are open. */
  readonly connections: readonly ConnectionRow[];
  /** What is open besides where pods whose addresses are not known are at one place or another. */
  readonly perhaps?: readonly ConnectionRow[];
}

/**
 * A workload is not asked about itself, unless nobody else is; addresses outside are not asked about each other, nor
 * about addresses of Services, which lead nowhere from there. `only` are the ports that count, next to those that a
 * Service leads to; at an address of a Service those of the Service.
 */
export function query(
  relation: Relation,
  ends: { from: readonly Peer[]; to: readonly Peer[] },
  only: Intervals<number> = ALL_PORTS,
): Answer {
  const between = new Between(relation, ends, only);
  const connections: ConnectionRow[] = [];
  const perhaps: ConnectionRow[] = [];
  let asked = 0;
  let allowed: Intervals<number> = [];
  let always: Intervals<number> = ALL_PORTS;
  for (const [source, destination] of pairsOf(ends)) {
    const { surely: ports, possibly } = between.ports(source, destination);
    asked += 1;
    const more = difference(possibly, ports);
    if (more.length > 0) perhaps.push({ src: source.name, dst: destination.name, conns: connsOf(more) });
    always = intersection(always, ports);
    if (ports.length === 0) continue;
    allowed = union(allowed, ports);
    connections.push({ src: source.name, dst: destination.name, conns: connsOf(ports) });
  }
  const open = connections.length;
  return {
    answer: open > 0 ? (open === asked ? 'yes' : 'some') : perhaps.length > 0 ? 'unknown' : 'no',
    pairs: { asked, open },
    allowed: connsOf(allowed),
    always: connsOf(asked === 0 ? [] : always),
    connections,
    ...(perhaps.length > 0 && { perhaps }),
  };
}

export function* pairsOf({ from, to }: { from: readonly Peer[]; to: readonly Peer[] }): Generator<readonly [Peer, Peer]> {
  const alone = from.length === 1 && to.length === 1;
  for (const source of from) {
    for (const destination of to) {
      if (!alone && source.name === destination.name) continue;
      if (source.outside && (destination.outside || destination.translated !== undefined)) continue;
      yield [source, destination];
    }
  }
}

/**
 * One and the same pod. No policy can keep a pod from itself (the concept page of NetworkPolicy); of a workload it is
 * asked how its pods may talk to each other.
 */
export function isItself({ world }: Relation, source: Peer, destination: Peer): boolean {
  const [pod = -1, ...more] = source.pods;
  const [other, ...others] = destination.pods;
  const own = world.pods[pod];
  return pod === other && more.length + others.length === 0 && own !== undefined && isSingle(own);
}

/** Ends of the same classes get the same answers. */
class Between {
  readonly #relation: Relation;
  readonly #only: Intervals<number>;
  readonly #keys = new Map<Peer, string>();
  readonly #known = new Map<string, OpenPorts>();

  constructor(relation: Relation, { from, to }: { from: readonly Peer[]; to: readonly Peer[] }, only: Intervals<number>) {
    this.#relation = relation;
    this.#only = only;
    const numbers = new Map<string, string>();
    for (const peer of [...from, ...to]) {
      const asked = `${askedOn(peer, only).join()} ${peer.families ?? 3}`;
      const key = `${peer.kinds.map((choices) => choices.join(';')).join(' ')} ${asked}`;
      let number = numbers.get(key);
      if (number === undefined) numbers.set(key, (number = String(numbers.size)));
      this.#keys.set(peer, number);
    }
  }

  ports(source: Peer, destination: Peer): OpenPorts {
    if (isItself(this.#relation, source, destination)) {
      const all = askedOn(destination, this.#only);
      return { surely: all, possibly: all };
    }
    const key = `${this.#keys.get(source)} ${this.#keys.get(destination)}`;
    let ports = this.#known.get(key);
    if (ports === undefined) this.#known.set(key, (ports = this.#work(source, destination)));
    return ports;
  }

  #work(source: Peer, destination: Peer): OpenPorts {
    const { ports } = this.#relation;
    const families = (source.families ?? 3) & (destination.families ?? 3);
    const wanted = askedOn(destination, this.#only);
    let [surely, possibly] = [ports.none, ports.none];
    for (const from of source.kinds) {
      for (const to of destination.kinds) {
        const open = openBetween(this.#relation, { from, to, families });
        surely = ports.union(surely, open.surely);
        possibly = ports.union(possibly, open.possibly);
      }
    }
    const asked = (id: number): Intervals<number> => intersection(ports.set(id), wanted);
    return { surely: asked(surely), possibly: surely === possibly ? asked(surely) : asked(possibly) };
  }
}

interface OpenPorts {
  readonly surely: Intervals<number>;
  readonly possibly: Intervals<number>;
}
