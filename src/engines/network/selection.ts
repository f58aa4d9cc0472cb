/** Which classes a peer or a subject selects, asked once for each pair of selectors that is written. */
import type { Labels } from '../../model/index.ts';
import { ClassIndex } from './class-index.ts';
import type { CompiledRule, Compiler } from './compile.ts';
import type { Entities, PodClass } from './entities.ts';
import { type Intervals, contains, difference, intersection, union } from './intervals.ts';
import { REPRESENTATIVES, ZONES, placesIn, setOf, withPlace } from './places.ts';
import type { PodPeer, Rule } from './policy.ts';
import { SelectorIndex } from './selector-index.ts';
import { type Selector, covers, isEverything, matches, selectorOf } from './selector.ts';
import { NAME_LABEL, type World } from './world.ts';

type Namespaces = World['namespaces'];

interface Carried {
  readonly sets: readonly (Intervals<number> | undefined)[];
  readonly ranges: readonly (Intervals<number> | undefined)[];
  readonly namesOf: Map<string, ReadonlySet<string>>;
  readonly index: ClassIndex | undefined;
}

/** What a change makes different of what is selected. */
export interface Touched {
  /** Numbers of selectors and of ranges. */
  readonly selectors: ReadonlySet<number>;
  readonly ranges: ReadonlySet<number>;
  /** The places of which they say something else; what is new is among them. */
  readonly places: Intervals<number>;
  /** Ids of the classes among these. */
  readonly classes: readonly number[];
}

export class Selection {
  readonly #entities: Entities;
  readonly #namespaces: Namespaces;
  readonly #compiler: Compiler;
  /** Places by the number of the selector; what nobody asked for is not there. */
  readonly #sets: (Intervals<number> | undefined)[];
  readonly #ranges: (Intervals<number> | undefined)[];
  readonly #pods = new Map<number, Int32Array>();
  readonly #peers = new Map<Rule, Intervals<number> | undefined>();
  readonly #namesOf: Map<string, ReadonlySet<string>>;
  #index: ClassIndex | undefined;

  constructor({ entities, namespaces, compiler }: { entities: Entities; namespaces: Namespaces; compiler: Compiler }, carried?: Carried) {
    this.#entities = entities;
    this.#namespaces = namespaces;
    this.#compiler = compiler;
    this.#sets = [...(carried?.sets ?? [])];
    this.#ranges = [...(carried?.ranges ?? [])];
    this.#namesOf = carried?.namesOf ?? new Map();
    this.#index = carried?.index;
  }

  /** Places that a selector selects. Of pods on the host's network there is none. */
  set(selector: number): Intervals<number> {
    let set = this.#sets[selector];
    if (set === undefined) {
      const peer = this.#compiler.selectors[selector];
      this.#sets[selector] = set = peer === undefined ? [] : this.#select(peer);
    }
    return set;
  }

  subject(peer: PodPeer): Intervals<number> {
    return this.set(this.#compiler.selector(peer));
  }

  /** Ids of classes and representatives, rising; of classes only those that have pods. */
  pods(peer: PodPeer): Int32Array {
    const selector = this.#compiler.selector(peer);
    let ids = this.#pods.get(selector);
    if (ids === undefined) {
      const { members } = this.#entities;
      const places = [...placesIn(this.set(selector))].filter((place) => place >= ZONES || (members[place] ?? 0) > 0);
      this.#pods.set(selector, (ids = Int32Array.from(places, (place) => this.#entities.idAt(place))));
    }
    return ids;
  }

  /** Places of all its peers; undefined is everybody. */
  peers(rule: Rule): Intervals<number> | undefined {
    if (!this.#peers.has(rule)) this.#peers.set(rule, this.#all(this.#compiler.rule(rule)));
    return this.#peers.get(rule);
  }

  /** Of its peers those that are among the places. */
  peersAmong(rule: Rule, places: Intervals<number>): Intervals<number> | undefined {
    const { everybody, selectors, range } = this.#compiler.rule(rule);
    if (everybody) return undefined;
    const sets = selectors.map((selector) => this.set(selector));
    if (range !== undefined) sets.push(this.#range(range));
    return sets.reduce<Intervals<number>>((all, set) => union(all, among(set, places)), []);
  }

  isPeer(rule: Rule, place: number): boolean {
    const { everybody, selectors } = this.#compiler.rule(rule);
    return everybody || selectors.some((selector) => contains(this.set(selector), place)) || this.hasAddressOf(rule, place);
  }

  /** Whether one of its peers is for an address of the place. */
  hasAddressOf(rule: Rule, place: number): boolean {
    const { range } = this.#compiler.rule(rule);
    return range !== undefined && contains(this.#range(range), place);
  }

  /** The same after a change of classes, zones and namespaces, and what it touches. */
  with(entities: Entities, namespaces: Namespaces, changed: ReadonlySet<string>): { selection: Selection; touched: Touched } {
    const old = this.#entities;
    const zones = Array.from({ length: entities.zones.all.length - old.zones.all.length }, (_, index) => old.zones.all.length + index);
    const added = Array.from({ length: entities.classes.length - old.classes.length }, (_, index) => old.classes.length + index);
    const namesOf = this.#namesWith(namespaces, changed);
    const carried = { sets: this.#sets, ranges: this.#ranges, namesOf, index: this.#index };
    const selection = new Selection({ entities, namespaces, compiler: this.#compiler }, carried);
    const [selectors, ranges] = [new Set<number>(), new Set<number>()];
    const moved = selection.#moveNamespaces(this.#namesOf, changed, selectors);
    selection.#addClasses(added, selectors, ranges);
    for (const zone of zones) selection.#addPlace(ZONES + zone, entities.zones.all[zone]?.ranges ?? [], ranges);
    const classes = [...new Set([...moved, ...added])].toSorted((a, b) => a - b);
    const places = setOf([...classes, ...zones.map((zone) => ZONES + zone)]);
    return { selection, touched: { selectors, ranges, places, classes } };
  }

  #all({ everybody, selectors, range }: CompiledRule): Intervals<number> | undefined {
    if (everybody) return undefined;
    const places = range === undefined ? [] : this.#range(range);
    return selectors.reduce<Intervals<number>>((all, selector) => union(all, this.set(selector)), places);
  }

  #range(range: number): Intervals<number> {
    return (this.#ranges[range] ??= this.#within(range));
  }

  #within(range: number): Intervals<number> {
    const { classes, sites, zones } = this.#entities;
    const here = sites.map(({ ranges }) => ranges.includes(range));
    const inside = here.includes(true) ? classes.flatMap(({ site }, id) => (here[site] === true ? [id] : [])) : [];
    const outside = zones.all.flatMap(({ ranges }, index) => (ranges.includes(range) ? [ZONES + index] : []));
    return setOf([...inside, ...outside]);
  }

  #select({ namespaces, pods }: PodPeer): Intervals<number> {
    const { classes, representatives } = this.#entities;
    const found: number[] = [];
    const names = typeof namespaces === 'string' ? undefined : this.#names(namespaces);
    const consider = (id: number): void => {
      const one = classes[id];
      if (one === undefined || one.host || (names === undefined ? one.namespace !== namespaces : !names.has(one.namespace))) return;
      if (matches(pods, one.labels)) found.push(id);
    };
    const index = this.#classIndex();
    this.#candidates(namespaces, pods, index).forEach(consider);
    for (let id = index.size; id < classes.length; id += 1) consider(id);
    for (const [at, one] of representatives.entries())
      if (this.#coversNamespaces(namespaces, one.namespaces) && covers(pods, one.pods)) found.push(REPRESENTATIVES + at);
    return setOf(found);
  }

  #classIndex(): ClassIndex {
    const { classes } = this.#entities;
    if (this.#index === undefined || classes.length - this.#index.size > 100 + this.#index.size / 8) this.#index = new ClassIndex(classes);
    return this.#index;
  }

  /** The shortest list that is known to hold every match among the indexed, in rising order. */
  #candidates(namespaces: Selector | string, pods: Selector, index: ClassIndex): readonly number[] {
    let best = typeof namespaces === 'string' ? index.inNamespace(namespaces) : index.pods;
    for (const one of pods.requirements) {
      if (one.operator !== 'In' || one.values.length !== 1) continue;
      const holders = index.withLabel(one.key, one.values[0] ?? '');
      if (holders.length < best.length) best = holders;
    }
    if (typeof namespaces === 'string' || isEverything(namespaces)) return best;
    const names = this.#names(namespaces);
    let size = 0;
    for (const name of names) size += index.inNamespace(name).length;
    return size >= best.length ? best : [...names].flatMap((name) => index.inNamespace(name)).toSorted((a, b) => a - b);
  }

  #names(selector: Selector): ReadonlySet<string> {
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

  #namesWith(namespaces: Namespaces, changed: ReadonlySet<string>): Map<string, ReadonlySet<string>> {
    if (changed.size === 0) return this.#namesOf;
    const selectors = new Map<string, Selector>();
    for (const { namespaces: one } of this.#compiler.selectors) if (typeof one !== 'string') selectors.set(one.key, one);
    return new Map(
      [...this.#namesOf].map(([key, names]) => {
        const now = new Set(names);
        const selector = selectors.get(key);
        for (const name of changed) {
          const labels: Labels | undefined = namespaces.get(name);
          if (selector !== undefined && labels !== undefined && matches(selector, labels)) now.add(name);
          else now.delete(name);
        }
        return [key, now];
      }),
    );
  }

  /** Gives selectors the classes of namespaces that they select now and did not before, and takes the others; tells which classes. */
  #moveNamespaces(before: ReadonlyMap<string, ReadonlySet<string>>, changed: ReadonlySet<string>, touched: Set<number>): readonly number[] {
    if (changed.size === 0) return [];
    const { classes } = this.#entities;
    const inside = classes.flatMap(({ host, namespace }, id) => (!host && changed.has(namespace) ? [id] : []));
    for (const [number, set] of this.#sets.entries()) {
      const peer = this.#compiler.selectors[number];
      if (set === undefined || peer === undefined || typeof peer.namespaces === 'string') continue;
      const [was, is] = [before.get(peer.namespaces.key), this.#names(peer.namespaces)];
      if ([...changed].every((name) => (was?.has(name) ?? false) === is.has(name))) continue;
      const selected = inside.filter((id) => selects(peer, is, classes[id]));
      this.#sets[number] = union(difference(set, setOf(inside)), setOf(selected));
      touched.add(number);
    }
    return touched.size === 0 ? [] : inside;
  }

  #addClasses(ids: readonly number[], selectors: Set<number>, ranges: Set<number>): void {
    if (ids.length === 0) return;
    const { classes } = this.#entities;
    const index = new SelectorIndex({
      selectors: this.#compiler.selectors.map((peer, number) => (this.#sets[number] === undefined ? undefined : peer)),
      namespaces: new Set(ids.map((id) => classes[id]?.namespace ?? '')),
      namesOf: (selector) => this.#names(selector),
    });
    for (const id of ids) {
      const one = classes[id];
      for (const number of one === undefined || one.host ? [] : index.lookingInto(one.namespace)) {
        const pods = this.#compiler.selectors[number]?.pods;
        if (one === undefined || pods === undefined || !matches(pods, one.labels)) continue;
        this.#sets[number] = withPlace(this.#sets[number] ?? [], id);
        selectors.add(number);
      }
      this.#addPlace(id, this.#entities.rangesOf(id), ranges);
    }
  }

  #addPlace(place: number, within: readonly number[], touched: Set<number>): void {
    for (const range of within) {
      const set = this.#ranges[range];
      if (set === undefined) continue;
      this.#ranges[range] = withPlace(set, place);
      touched.add(range);
    }
  }
}

export function named(namespace: string): Selector {
  return selectorOf([{ key: NAME_LABEL, operator: 'In', values: [namespace] }]);
}

/** `names` are the namespaces that it selects where it does not name one. */
function selects({ namespaces, pods }: PodPeer, names: ReadonlySet<string> | undefined, one: PodClass | undefined): boolean {
  if (one === undefined || one.host) return false;
  if (names === undefined ? one.namespace !== namespaces : !names.has(one.namespace)) return false;
  return matches(pods, one.labels);
}

/** Where the places are few, each is looked up in a set that may be long. */
function among(set: Intervals<number>, places: Intervals<number>): Intervals<number> {
  if (places.length * 16 > set.length) return intersection(set, places);
  const [first = 0] = places;
  if ((places.at(-1) ?? 0) - first !== 1) return intersection(set, places);
  return contains(set, first) ? places : [];
}
