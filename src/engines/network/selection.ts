/** Which classes a peer or a subject selects, asked once for each pair of selectors that is written. */
import type { Labels } from '../../model/index.ts';
import type { Entities } from './entities.ts';
import type { PodPeer, Rule } from './policy.ts';
import { type Selector, covers, isEverything, matches, selectorOf } from './selector.ts';
import { NAME_LABEL, type World } from './world.ts';

export class Selection {
  readonly #entities: Entities;
  readonly #namespaces: ReadonlyMap<string, Labels>;
  readonly #byNamespace = new Map<string, number[]>();
  readonly #byPair = new Map<string, number[]>();
  readonly #pods: number[] = [];
  readonly #namesOf = new Map<string, ReadonlySet<string>>();
  readonly #selected = new Map<string, Int32Array>();
  readonly #inRange: readonly (readonly number[])[];

  constructor(world: World, entities: Entities) {
    this.#entities = entities;
    this.#namespaces = world.namespaces;
    const { classes, vocabulary, zones } = entities;
    const keys = vocabulary.labelKeys;
    const inRange = vocabulary.ranges.map((): number[] => []);
    for (const [id, { host, namespace, labels, ranges }] of classes.entries()) {
      for (const range of ranges) inRange[range]?.push(id);
      if (host) continue;
      this.#pods.push(id);
      listIn(this.#byNamespace, namespace).push(id);
      for (const key of keys) if (Object.hasOwn(labels, key)) listIn(this.#byPair, `${key}\0${labels[key]}`).push(id);
    }
    for (const [index, { ranges }] of zones.all.entries()) for (const range of ranges) inRange[range]?.push(entities.firstZone + index);
    this.#inRange = inRange;
  }

  /** Ids in rising order. Of pods on the host's network there is none. */
  pods(peer: PodPeer): Int32Array {
    const { namespaces, pods } = peer;
    const key = `${typeof namespaces === 'string' ? `=${namespaces}` : `~${namespaces.key}`}\0${pods.key}`;
    let found = this.#selected.get(key);
    if (found === undefined) this.#selected.set(key, (found = this.#select(peer)));
    return found;
  }

  /** Undefined is everything. */
  peersOf(rule: Rule): Int32Array | undefined {
    if (rule.peers === undefined) return undefined;
    const range = this.#entities.vocabulary.rangeOf.get(rule);
    const lists = rule.peers.flatMap((peer) => (peer.kind === 'pods' ? [this.pods(peer)] : []));
    const [only] = lists;
    if (range === undefined && lists.length === 1 && only !== undefined) return only;
    const ids = new Set<number>(range === undefined ? [] : this.#inRange[range]);
    for (const list of lists) for (const id of list) ids.add(id);
    return Int32Array.from(ids).sort();
  }

  #select({ namespaces, pods }: PodPeer): Int32Array {
    const { classes, representatives, firstRepresentative } = this.#entities;
    const found: number[] = [];
    const names = typeof namespaces === 'string' ? undefined : this.#namespacesOf(namespaces);
    for (const id of this.#candidates(namespaces, pods)) {
      const one = classes[id];
      if (one === undefined || (names === undefined ? one.namespace !== namespaces : !names.has(one.namespace))) continue;
      if (matches(pods, one.labels)) found.push(id);
    }
    for (const [index, one] of representatives.entries()) {
      if (this.#coversNamespaces(namespaces, one.namespaces) && covers(pods, one.pods)) found.push(firstRepresentative + index);
    }
    return Int32Array.from(found);
  }

  /** The shortest list that is known to hold every match, in rising order. */
  #candidates(namespaces: Selector | string, pods: Selector): readonly number[] {
    let best: readonly number[] = typeof namespaces === 'string' ? (this.#byNamespace.get(namespaces) ?? []) : this.#pods;
    for (const one of pods.requirements) {
      if (one.operator !== 'In' || one.values.length !== 1) continue;
      const holders = this.#byPair.get(`${one.key}\0${one.values[0]}`) ?? [];
      if (holders.length < best.length) best = holders;
    }
    if (typeof namespaces === 'string' || isEverything(namespaces)) return best;
    const names = this.#namespacesOf(namespaces);
    let size = 0;
    for (const name of names) size += this.#byNamespace.get(name)?.length ?? 0;
    return size >= best.length ? best : [...names].flatMap((name) => this.#byNamespace.get(name) ?? []).toSorted((a, b) => a - b);
  }

  #namespacesOf(selector: Selector): ReadonlySet<string> {
    let names = this.#namesOf.get(selector.key);
    if (names === undefined) {
      const found = [...this.#namespaces].filter(([, labels]) => matches(selector, labels)).map(([name]) => name);
      this.#namesOf.set(selector.key, (names = new Set(found)));
    }
    return names;
  }

  /** A namespace that exists counts with the labels that it has. */
  #coversNamespaces(outer: Selector | string, inner: Selector | string): boolean {
    if (typeof inner !== 'string') return covers(typeof outer === 'string' ? named(outer) : outer, inner);
    if (typeof outer === 'string') return outer === inner;
    return matches(outer, this.#namespaces.get(inner) ?? { [NAME_LABEL]: inner });
  }
}

export function named(namespace: string): Selector {
  return selectorOf([{ key: NAME_LABEL, operator: 'In', values: [namespace] }]);
}

function listIn(map: Map<string, number[]>, key: string): number[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}
