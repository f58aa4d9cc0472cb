/** Finds the classes of pods, and makes those that are missing. */
import type { LayeredMap } from '../../lib/layered-map.ts';
import type { Labels } from '../../model/index.ts';
import { familyOf } from './addresses.ts';
import type { Families, PodClass } from './entities.ts';
import { contains, spans, union } from './intervals.ts';
import type { ContainerPort, Pod } from './pods.ts';
import type { Site } from './sites.ts';
import type { Vocabulary } from './vocabulary.ts';
import type { Zones } from './zones.ts';

interface Face {
  readonly site: number;
  families: Families;
}

interface Start {
  readonly vocabulary: Vocabulary;
  readonly zones: Zones;
  readonly sites: readonly Site[];
  readonly classes: readonly PodClass[];
  readonly ids: LayeredMap<string, number>;
}

const NO_PORTS: readonly ContainerPort[] = [];
const UNKNOWN: readonly Face[] = [{ site: 0, families: 3 }];

export class Sorter {
  readonly classes: PodClass[];
  readonly sites: Site[];
  readonly #vocabulary: Vocabulary;
  readonly #zones: Zones;
  /** By zone. */
  readonly #siteOf: number[] = [];
  readonly #known: LayeredMap<string, number>;
  readonly #made = new Map<string, number>();
  readonly #alone: (readonly number[])[] = [];
  readonly #supposed = new Map<readonly bigint[], readonly Face[]>();

  constructor({ vocabulary, zones, sites, classes, ids }: Start) {
    this.#vocabulary = vocabulary;
    this.#zones = zones;
    this.sites = [...sites];
    this.classes = [...classes];
    this.#known = ids;
  }

  get ids(): LayeredMap<string, number> {
    return this.#known.with(this.#made);
  }

  classesOf(pod: Pod): readonly number[] {
    const own = pod.host ? 'host' : `${pod.namespace}\0${this.#labelsKey(pod)}\0${portsKeyOf(pod.ports)}`;
    const [address, ...more] = pod.addresses;
    if (address !== undefined && more.length === 0) {
      const id = this.#classAt({ site: this.#siteAt(address), families: familyOf(address) === 4 ? 1 : 2 }, own, pod);
      return (this.#alone[id] ??= [id]);
    }
    return this.#facesOf(pod).map((face) => this.#classAt(face, own, pod));
  }

  #classAt({ site, families }: Face, own: string, pod: Pod): number {
    const key = `${families} ${site} ${own}`;
    let id = this.#made.get(key) ?? this.#known.get(key);
    if (id === undefined) {
      const { namespace, host } = pod;
      const ports = host ? NO_PORTS : portsOf(pod.ports);
      this.#made.set(key, (id = this.classes.length));
      this.classes.push({ namespace, host, labels: host ? {} : this.#wordsOf(pod), ports, portsKey: portsKeyOf(ports), site, families });
    }
    return id;
  }

  #labelsKey({ namespace, labels }: Pod): string {
    let key = '';
    for (const name of this.#vocabulary.keysOf(namespace)) {
      const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
      // The length keeps a value that holds anything at all from looking like more than one.
      if (value !== undefined) key += `${name}=${value.length} ${value}`;
    }
    return key;
  }

  #wordsOf({ namespace, labels }: Pod): Labels {
    const keys = this.#vocabulary.keysOf(namespace).filter((key) => Object.hasOwn(labels, key));
    return Object.fromEntries(keys.map((key) => [key, labels[key] ?? '']));
  }

  /** A pod with addresses of both families is two to policies that name ranges. */
  #facesOf({ addresses, supposed }: Pod): readonly Face[] {
    if (supposed !== true) return this.#facesAt(addresses);
    // All that may be anywhere have the same list.
    let faces = this.#supposed.get(addresses);
    // Of each address it is not known whether the pod has it at all, so that those of both families are none together.
    if (faces === undefined) this.#supposed.set(addresses, (faces = addresses.flatMap((address) => this.#facesAt([address]))));
    return faces;
  }

  #facesAt(addresses: readonly bigint[]): readonly Face[] {
    const faces: Face[] = [];
    for (const address of addresses) {
      const site = this.#siteAt(address);
      const families = familyOf(address) === 4 ? 1 : 2;
      const same = faces.find((face) => face.site === site);
      if (same === undefined) faces.push({ site, families });
      else if (same.families !== families) same.families = 3;
    }
    return faces.length > 0 ? faces : UNKNOWN;
  }

  #siteAt(address: bigint): number {
    const zone = this.#zones.indexAt(address);
    const index = (this.#siteOf[zone] ??= this.#siteOfZone(zone));
    const site = this.sites[index];
    if (site !== undefined && !contains(site.around, address)) this.sites[index] = { ...site, around: wider(site.around, address) };
    return index;
  }

  /** That of the same ranges, which zones of both families may lie in. */
  #siteOfZone(zone: number): number {
    const { ranges = [], within = '' } = this.#zones.all[zone] ?? {};
    const known = this.sites.findIndex((site, index) => index > 0 && site.ranges.join() === within);
    return known < 0 ? this.sites.push({ ranges, around: [] }) - 1 : known;
  }
}

/** The stretch of the address's family reaches to it as well. */
function wider(around: Site['around'], address: bigint): Site['around'] {
  const family = familyOf(address);
  const stretches = [...spans(around)];
  const [low, high] = stretches.find(([start]) => familyOf(start) === family) ?? [address, address + 1n];
  const others = stretches.filter(([start]) => familyOf(start) !== family).flat();
  return union(others, [address < low ? address : low, address >= high ? address + 1n : high]);
}

function portsOf(ports: readonly ContainerPort[]): readonly ContainerPort[] {
  const named = ports.filter(({ name }) => name !== '');
  return named.length === 0 ? NO_PORTS : named.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Of those that have names, whatever their order. */
function portsKeyOf(ports: readonly ContainerPort[]): string {
  let [key, last] = ['', ''];
  for (const { name, protocol, number } of ports) {
    if (name === '') continue;
    // Nearly always they are in order as they stand.
    if (name < last) return portsKeyOf(portsOf(ports));
    key += `${name} ${protocol} ${number},`;
    last = name;
  }
  return key;
}
