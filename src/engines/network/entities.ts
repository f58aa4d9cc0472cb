/**
 * Everything that can be at an end of a connection, in classes of what no policy tells apart: pods, addresses outside
 * of pods, and pods that do not exist yet. Whatever is said of one member of a class holds for all.
 */
import { LayeredMap } from '../../lib/layered-map.ts';
import type { Labels } from '../../model/index.ts';
import type { Compiler } from './compile.ts';
import { REPRESENTATIVES, ZONES } from './places.ts';
import type { ContainerPort, Pod } from './pods.ts';
import type { PodPeer, Policy } from './policy.ts';
import { NOWHERE, type Site, gainsOf } from './sites.ts';
import { Sorter } from './sorter.ts';
import { Vocabulary } from './vocabulary.ts';
import type { World } from './world.ts';
import { Zones } from './zones.ts';

/** Families that a class can be reached by: 1 is IPv4, 2 is IPv6, 3 both, or not known. */
export type Families = 1 | 2 | 3;

export interface PodClass {
  readonly namespace: string;
  readonly host: boolean;
  /** Those that policies name. */
  readonly labels: Labels;
  /** Those that have names. */
  readonly ports: readonly ContainerPort[];
  /** Equal exactly where these ports are. */
  readonly portsKey: string;
  /** Where its addresses lie, as an index of sites. */
  readonly site: number;
  readonly families: Families;
}

export interface PodChange {
  /** Indexes. */
  readonly podsOut: ReadonlySet<number>;
  readonly podsIn: readonly Pod[];
  readonly policiesIn: readonly Policy[];
}

interface Parts {
  readonly vocabulary: Vocabulary;
  readonly zones: Zones;
  readonly sites: readonly Site[];
  readonly classes: readonly PodClass[];
  readonly ids: LayeredMap<string, number>;
  readonly classesOf: readonly (readonly number[])[];
  readonly members: Int32Array;
  readonly representatives: readonly PodPeer[];
}

/** Ids count through pod classes, then zones of addresses, then representatives. */
export class Entities {
  readonly vocabulary: Vocabulary;
  readonly zones: Zones;
  readonly sites: readonly Site[];
  /** Neighbours are mostly of one namespace. One that lost its pods stays. */
  readonly classes: readonly PodClass[];
  /** How many pods are in each class. */
  readonly members: Int32Array;
  /** Any pod that would fit the selectors, of which nothing else is known. */
  readonly representatives: readonly PodPeer[];
  readonly count: number;
  /** For each pod the classes that it is in: one for each family of addresses where policies tell them apart. */
  readonly classesOf: readonly (readonly number[])[];
  readonly #ids: LayeredMap<string, number>;

  constructor({ vocabulary, zones, sites, classes, ids, classesOf, members, representatives }: Parts) {
    this.vocabulary = vocabulary;
    this.zones = zones;
    this.sites = sites;
    this.classes = classes;
    this.#ids = ids;
    this.classesOf = classesOf;
    this.members = members;
    this.representatives = representatives;
    this.count = this.firstRepresentative + representatives.length;
  }

  static of(world: World, compiler: Compiler, representatives: readonly PodPeer[] = []): Entities {
    const { vocabulary } = new Vocabulary().with(world.policies, compiler);
    const zones = Zones.of(vocabulary.ranges.map((range) => [range, compiler.ranges[range] ?? []]));
    const sorter = new Sorter({ vocabulary, zones, sites: [NOWHERE], classes: [], ids: new LayeredMap() });
    const classesOf: (readonly number[])[] = Array.from({ length: world.pods.length });
    for (const group of byNamespace(world.pods)) {
      for (const index of group) {
        const pod = world.pods[index];
        if (pod !== undefined) classesOf[index] = sorter.classesOf(pod);
      }
    }
    const { sites, classes, ids } = sorter;
    return new Entities({ vocabulary, zones, sites, classes, ids, classesOf, members: membersOf(classes, classesOf), representatives });
  }

  get firstZone(): number {
    return this.classes.length;
  }
  get firstRepresentative(): number {
    return this.classes.length + this.zones.all.length;
  }

  /** Where the class, zone or representative is on the line of places. */
  placeOf(id: number): number {
    if (id < this.firstZone) return id;
    return id < this.firstRepresentative ? ZONES + id - this.firstZone : REPRESENTATIVES + id - this.firstRepresentative;
  }

  idAt(place: number): number {
    if (place < ZONES) return place;
    return place < REPRESENTATIVES ? place - ZONES + this.firstZone : place - REPRESENTATIVES + this.firstRepresentative;
  }

  /** Numbers of the ranges that the addresses of a class lie in. */
  rangesOf(id: number): readonly number[] {
    return this.sites[this.classes[id]?.site ?? 0]?.ranges ?? [];
  }

  /** Whether packets can go from one to the other at all. */
  familiesOf(id: number): Families {
    const zone = this.zones.all[id - this.firstZone];
    return this.classes[id]?.families ?? (zone === undefined ? 3 : zone.family === 4 ? 1 : 2);
  }

  /** What an address outside of pods counts as. */
  zoneAt(address: bigint): number {
    return this.firstZone + this.zones.indexAt(address);
  }

  /**
   * The same after a change: classes and zones keep their places, and new ones come behind. `pods` are those of before.
   * Undefined where so many pods move to other classes that it is as well to begin anew.
   */
  with(pods: readonly Pod[], { podsOut, podsIn, policiesIn }: PodChange, compiler: Compiler): Entities | undefined {
    const { vocabulary, keys, ranges } = this.vocabulary.with(policiesIn, compiler);
    const moved = new Set<number>();
    for (const { namespace, key } of keys) {
      for (let index = 0; index < pods.length; index += 1) {
        const pod = pods[index];
        if (pod === undefined || (namespace !== undefined && namespace !== pod.namespace)) continue;
        if (Object.hasOwn(pod.labels, key)) moved.add(index);
      }
    }
    let { zones, sites } = this;
    for (const range of ranges) {
      const numbered = [range, compiler.ranges[range] ?? []] as const;
      const gains = gainsOf({ pods, entities: this, sites }, numbered);
      for (const index of gains.moved) moved.add(index);
      ({ sites } = gains);
      zones = zones.with(numbered);
    }
    if (moved.size > 100 && moved.size > pods.length / 4) return undefined;
    const sorter = new Sorter({ vocabulary, zones, sites, classes: this.classes, ids: this.#ids });
    const classesOf = moved.size === 0 ? [] : this.classesOf.slice();
    const before: (readonly number[])[] = Array.from(podsOut, (index) => this.classesOf[index] ?? []);
    const after: (readonly number[])[] = [];
    for (const index of moved) {
      const pod = pods[index];
      if (pod === undefined || podsOut.has(index)) continue;
      before.push(this.classesOf[index] ?? []);
      after.push((classesOf[index] = sorter.classesOf(pod)));
    }
    const came = podsIn.map((pod) => sorter.classesOf(pod));
    const members = new Int32Array(sorter.classes.length);
    members.set(this.members);
    for (const id of before.flat()) members[id] = (members[id] ?? 0) - 1;
    for (const id of [...after, ...came].flat()) members[id] = (members[id] ?? 0) + 1;
    const { classes, ids } = sorter;
    return new Entities({
      vocabulary,
      zones,
      sites: sorter.sites,
      classes,
      ids,
      classesOf: swapped(moved.size === 0 ? this.classesOf : classesOf, podsOut, came),
      members,
      representatives: this.representatives,
    });
  }
}

/** Without the items of these indexes, and with more behind. Nearly all of a long list is copied as a whole. */
export function swapped<T>(list: readonly T[], out: ReadonlySet<number>, more: readonly T[]): readonly T[] {
  if (out.size === 0 && more.length === 0) return list;
  if (out.size > 16) return [...list.filter((_, index) => !out.has(index)), ...more];
  const copy = list.slice();
  for (const index of [...out].toSorted((a, b) => b - a)) copy.splice(index, 1);
  for (const one of more) copy.push(one);
  return copy;
}

function membersOf(classes: readonly PodClass[], classesOf: readonly (readonly number[])[]): Int32Array {
  const members = new Int32Array(classes.length);
  for (const ids of classesOf) for (const id of ids) members[id] = (members[id] ?? 0) + 1;
  return members;
}

/** Their indexes. */
function byNamespace(pods: readonly Pod[]): Iterable<readonly number[]> {
  const groups = new Map<string, number[]>();
  for (let index = 0; index < pods.length; index += 1) {
    const namespace = pods[index]?.namespace ?? '';
    const group = groups.get(namespace);
    if (group === undefined) groups.set(namespace, [index]);
    else group.push(index);
  }
  return groups.values();
}
