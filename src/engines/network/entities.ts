/**
 * Everything that can be at an end of a connection, in classes of what no policy tells apart: pods, addresses outside
 * of pods, and pods that do not exist yet. Whatever is said of one member of a class holds for all.
 */
import type { Labels } from '../../model/index.ts';
import { familyOf } from './addresses.ts';
import type { ContainerPort, Pod } from './pods.ts';
import type { PodPeer } from './policy.ts';
import { type Vocabulary, vocabularyOf } from './vocabulary.ts';
import type { World } from './world.ts';
import { Zones } from './zones.ts';

/** Families that a class can be reached by: 1 is IPv4, 2 is IPv6, 3 both, or not known. */
export type Families = 1 | 2 | 3;

export interface PodClass {
  readonly namespace: string;
  readonly host: boolean;
  /** Of one of its pods; those that policies name are the same in all. */
  readonly labels: Labels;
  /** Of the ports that policies name. */
  readonly ports: readonly ContainerPort[];
  /** Equal exactly where these ports are. */
  readonly portsKey: string;
  /** The ranges that its addresses lie in. */
  readonly ranges: readonly number[];
  readonly families: Families;
}

/** Ids count through pod classes, then zones of addresses, then representatives. */
export class Entities {
  readonly vocabulary: Vocabulary;
  readonly zones: Zones;
  readonly classes: readonly PodClass[];
  /** Any pod that would fit the selectors, of which nothing else is known. */
  readonly representatives: readonly PodPeer[];
  readonly count: number;
  /** For each pod the classes that it is in: one for each family of addresses where policies tell them apart. */
  readonly classesOf: readonly (readonly number[])[];

  constructor(world: World, representatives: readonly PodPeer[] = []) {
    this.vocabulary = vocabularyOf(world);
    this.zones = new Zones(this.vocabulary.ranges);
    const sorter = new Sorter(this.vocabulary, this.zones);
    this.classesOf = world.pods.map((pod) => sorter.classesOf(pod));
    this.classes = sorter.classes;
    this.representatives = representatives;
    this.count = this.firstRepresentative + representatives.length;
  }

  get firstZone(): number {
    return this.classes.length;
  }
  get firstRepresentative(): number {
    return this.classes.length + this.zones.all.length;
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
}

interface Face {
  within: string;
  ranges: readonly number[];
  families: Families;
}

const NO_PORTS: readonly ContainerPort[] = [];

class Sorter {
  readonly classes: PodClass[] = [];
  readonly #ids = new Map<string, number>();
  readonly #vocabulary: Vocabulary;
  readonly #zones: Zones;

  constructor(vocabulary: Vocabulary, zones: Zones) {
    this.#vocabulary = vocabulary;
    this.#zones = zones;
  }

  classesOf(pod: Pod): readonly number[] {
    const { namespace, host, labels } = pod;
    const ports = host ? NO_PORTS : this.#portsOf(pod);
    const portsKey = ports.map(({ name, protocol, number }) => `${name} ${protocol} ${number}`).join();
    const own = host ? 'host' : `${namespace}\0${this.#labelsKey(labels)}\0${portsKey}`;
    return this.#facesOf(pod).map(({ within, ranges, families }) => {
      const key = `${families}\0${within}\0${own}`;
      let id = this.#ids.get(key);
      if (id === undefined) {
        this.#ids.set(key, (id = this.classes.length));
        this.classes.push({ namespace, host, labels, ports, portsKey, ranges, families });
      }
      return id;
    });
  }

  #labelsKey(labels: Labels): string {
    let key = '';
    for (const name of this.#vocabulary.labelKeys) {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      // The length keeps a value that holds anything at all from looking like more than one.
      if (value !== undefined) key += `${name}=${value.length} ${value}`;
    }
    return key;
  }

  #portsOf({ ports }: Pod): readonly ContainerPort[] {
    const { portNames } = this.#vocabulary;
    if (portNames.size === 0 || !ports.some(({ name }) => portNames.has(name))) return NO_PORTS;
    return ports.filter(({ name }) => portNames.has(name)).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  /** A pod with addresses of both families is two to policies that name ranges. */
  #facesOf({ addresses }: Pod): readonly Face[] {
    const faces: Face[] = [];
    for (const address of addresses) {
      const zone = this.#zones.all[this.#zones.indexAt(address)];
      const families = familyOf(address) === 4 ? 1 : 2;
      const same = faces.find(({ within }) => within === (zone?.within ?? ''));
      if (same === undefined) faces.push({ within: zone?.within ?? '', ranges: zone?.ranges ?? [], families });
      else if (same.families !== families) same.families = 3;
    }
    return faces.length > 0 ? faces : [{ within: '', ranges: [], families: 3 }];
  }
}
