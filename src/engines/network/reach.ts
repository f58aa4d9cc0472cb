/**
 * How far somebody gets who holds a workload, from pod to pod over whatever the policies allow: in how many hops each
 * other workload is reached, by which chain, and which addresses outside. Breadth first, pods that no policy tells
 * apart together; a pod with addresses of both families is one, so that who comes by one may go on by the other.
 */
import { groupBy } from '../../lib/groups.ts';
import { rangesText } from './addresses.ts';
import type { ConnectionRow, ListOptions } from './connections.ts';
import { type Intervals, union } from './intervals.ts';
import { Matrix } from './matrix.ts';
import { allowedFrom, mergedAt } from './merged.ts';
import type { Peer } from './peers.ts';
import { connsOf } from './ports.ts';
import type { Relation } from './relation.ts';

export interface Reached {
  /** `ns/name[Kind]`, or addresses outside. */
  readonly name: string;
  /** Of a workload, those that are reached in so many hops. */
  readonly pods: number;
  readonly hop: number;
  /** Each step with what may flow in it; the last one ends here. */
  readonly chain: readonly ConnectionRow[];
}

export interface Reach {
  readonly hops: readonly { readonly hop: number; readonly workloads: number; readonly pods: number }[];
  /** By hops, then by name. */
  readonly workloads: readonly Reached[];
  readonly outside: readonly Reached[];
  /** Workloads that are never reached. */
  readonly never: readonly string[];
}

export function reach(relation: Relation, from: readonly Peer[], { ipv6 = false }: ListOptions = {}): Reach {
  const { world } = relation;
  const walk = new Walk(relation, from);
  const own = new Set(from.map(({ name }) => name));
  const workloads: Reached[] = [];
  const never: string[] = [];
  for (const [name, pods] of groupBy(world.pods.keys(), (pod) => world.pods[pod]?.workload ?? '')) {
    const running = pods.filter((pod) => world.pods[pod]?.finished === false);
    if (own.has(name) || running.length === 0) continue;
    const places = running.map((pod) => walk.placeOf(pod)).filter((place) => place.hop > 0);
    const hop = Math.min(...places.map((place) => place.hop));
    const nearest = places.filter((place) => place.hop === hop);
    const [first] = nearest;
    if (first === undefined) never.push(name);
    else workloads.push({ name, pods: nearest.length, hop, chain: walk.chainTo(first, name) });
  }
  workloads.sort(nearestFirst);
  const hops = [...groupBy(workloads, ({ hop }) => hop)].map(([hop, list]) => ({
    hop,
    workloads: list.length,
    pods: list.reduce((sum, { pods }) => sum + pods, 0),
  }));
  return { hops, workloads, outside: outsideOf(relation, walk, ipv6), never: never.toSorted((a, b) => (a < b ? -1 : 1)) };
}

/** Zones that are reached in the same way are one. */
function outsideOf({ entities }: Relation, walk: Walk, ipv6: boolean): Reached[] {
  const found = new Map<string, { place: Place; set: Intervals<bigint> }>();
  for (const [index, { family, set }] of entities.zones.all.entries()) {
    const place = walk.placeOfZone(index);
    if (place.hop === 0 || (family === 6 && !ipv6)) continue;
    const key = `${place.hop} ${family} ${walk.nameOf(place.from)} ${place.ports}`;
    found.set(key, { place, set: union(found.get(key)?.set ?? [], set) });
  }
  return [...found.values()]
    .map(({ place, set }) => ({ name: rangesText(set), pods: 0, hop: place.hop, chain: walk.chainTo(place, rangesText(set)) }))
    .toSorted(nearestFirst);
}

function nearestFirst(a: Reached, b: Reached): number {
  return a.hop - b.hop || (a.name < b.name ? -1 : 1);
}

/** Pods of the same classes, or a zone of addresses. */
interface Place {
  readonly ids: readonly number[];
  /** What is passed through here; '' for zones, which nothing passes through. */
  readonly through: string;
  /** 0 while it is not reached. */
  hop: number;
  from: Place | Peer | undefined;
  /** Of the last step. */
  ports: number;
}

/** Nobody gets there. */
const NOWHERE: Readonly<Place> = newPlace([], '');

class Walk {
  readonly #relation: Relation;
  readonly #places = new Map<string, Place>();
  readonly #placeOfPod: readonly Place[];
  readonly #zones: readonly Place[];

  constructor(relation: Relation, from: readonly Peer[]) {
    const { world, entities } = relation;
    this.#relation = relation;
    const own = new Set(from.map(({ name }) => name));
    // Where only one pod is held its replicas may be on the way; another workload is named before them.
    const named = new Map<string, string>();
    for (const [pod, { workload, finished }] of world.pods.entries()) {
      if (finished) continue;
      const key = entities.classesOf[pod]?.join() ?? '';
      const known = named.get(key);
      if (known === undefined || (!own.has(workload) && (own.has(known) || workload < known))) named.set(key, workload);
    }
    this.#placeOfPod = world.pods.map(({ finished }, pod) => (finished ? NOWHERE : this.#place(entities.classesOf[pod] ?? [], named)));
    this.#zones = entities.zones.all.map((_, index) => newPlace([entities.firstZone + index], ''));
    this.#go(from);
  }

  placeOf(pod: number): Place {
    return this.#placeOfPod[pod] ?? NOWHERE;
  }

  placeOfZone(index: number): Place {
    return this.#zones[index] ?? NOWHERE;
  }

  nameOf(from: Place | Peer | undefined): string {
    return from === undefined ? '' : 'through' in from ? from.through : from.name;
  }

  chainTo(last: Place, name: string): ConnectionRow[] {
    const steps: ConnectionRow[] = [];
    let dst = name;
    for (let at: Place | undefined = last; at !== undefined;) {
      const { from, ports }: Place = at;
      const src = this.nameOf(from);
      steps.unshift({ src, dst, conns: connsOf(this.#relation.ports.set(ports)) });
      dst = src;
      at = from !== undefined && 'through' in from ? from : undefined;
    }
    return steps;
  }

  #place(ids: readonly number[], named: ReadonlyMap<string, string>): Place {
    const key = ids.join();
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = newPlace(ids, named.get(key) ?? '')));
    return place;
  }

  #go(from: readonly Peer[]): void {
    const { ports } = this.#relation;
    const matrix = new Matrix(this.#relation);
    const held = new Set(from.flatMap(({ pods }) => pods.map((pod) => this.placeOf(pod))));
    let left: readonly Place[] = [...this.#places.values(), ...this.#zones];
    let frontier: readonly (Place | Peer)[] = from;
    for (let hop = 1; frontier.length > 0; hop += 1) {
      const next: Place[] = [];
      for (const source of frontier) {
        if (left.length === 0) return;
        const allowed = allowedFrom(this.#relation, matrix, source.ids);
        left = left.filter((place) => {
          const open = mergedAt(this.#relation, allowed, place.ids);
          if (open === ports.none) return true;
          Object.assign(place, { hop, from: source, ports: open });
          // What is held has been gone on from.
          if (place.through !== '' && !held.has(place)) next.push(place);
          return false;
        });
      }
      frontier = next;
    }
  }
}

function newPlace(ids: readonly number[], through: string): Place {
  return { ids, through, hop: 0, from: undefined, ports: 0 };
}
