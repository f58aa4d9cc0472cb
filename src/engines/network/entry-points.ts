/**
 * What leads traffic from outside into the cluster: for each workload and port the objects and fields that open the way,
 * who may try, and whether the policies let it in. Where that hangs on something that objects do not say, such as which
 * pods serve an Ingress, the answer is unknown and names what it hangs on.
 */
import { ALL_ADDRESSES, EVERY_ADDRESS, rangesTexts } from './addresses.ts';
import { ANYBODY } from './connections.ts';
import { Controllers } from './controllers.ts';
import { decide } from './decide.ts';
import { type DirectEntry, type DirectWay, directEntries } from './direct-entries.ts';
import { type Intervals, contains, difference, intersection, union } from './intervals.ts';
import type { Evidence, Lead } from './lead.ts';
import { backendsOf, leadsOf } from './leads.ts';
import { type Protocol, placeOf } from './ports.ts';
import { Relation } from './relation.ts';
import { representativeText, representativesOf } from './representatives.ts';
import { Services } from './services.ts';

export interface EntryPoint {
  /** `ns/name[Kind]`; `pods` are those of it that are led to, as indexes into the world. */
  readonly workload: string;
  readonly pods: readonly number[];
  /** That says it listens there; undefined where none does. */
  readonly container: string | undefined;
  /** On the pod. Undefined is any: a pod on the host's network that names no port may listen on all. */
  readonly protocol: Protocol | undefined;
  readonly port: number | undefined;
  readonly by: DirectWay | Lead['by'];
  /** The fields that make the way, from the outside in. */
  readonly via: readonly Evidence[];
  /** Names or addresses that it is reached by; empty where any will do. */
  readonly hosts: readonly string[];
  readonly outerPort: number | undefined;
  /** Who may try, as far as these objects say. */
  readonly from: Intervals<bigint>;
  /** The field that asks for an address inside the provider's network only. */
  readonly internal: Evidence | undefined;
  readonly verdict: EntryVerdict;
}

export interface EntryVerdict {
  /** Of the pods that are led to, what holds of the most open one. */
  readonly allowed: 'yes' | 'no' | 'unknown';
  /** Policies and rules that decide; empty where none has a say. */
  readonly policies: readonly string[];
  /** Of `unknown` what it hangs on, and of `yes` where only some may enter. */
  readonly reason?: string;
}

/** By workload, then by port. */
export function entryPoints(relation: Relation): EntryPoint[] {
  return entryPointsBy(relation, 'any');
}

/** Those by Ingresses and routes alone, whose traffic a controller takes in and sends on. */
export function ledEntryPoints(relation: Relation): EntryPoint[] {
  return entryPointsBy(relation, 'led');
}

function entryPointsBy(relation: Relation, ways: 'any' | 'led'): EntryPoint[] {
  const { world } = relation;
  const services = new Services(world);
  const direct = directEntries(world, services);
  const judge = new Judge(relation, direct);
  const found = new Found(relation);
  if (ways === 'any') for (const entry of direct) found.add(entry, judge.direct(entry));
  for (const lead of leadsOf(world)) {
    for (const { pod, port, number, container } of backendsOf(lead, services)) {
      const service = services.get(lead.namespace, lead.service);
      if (service === undefined) continue;
      const last = {
        ref: `Service/${lead.namespace}/${lead.service}`,
        path: `spec.ports[${port.index}]`,
        object: world.places.get(service.object) ?? -1,
      };
      const entry = { ...lead, via: [...lead.via, last], pod, container, port: number, from: EVERY_ADDRESS, internal: undefined };
      found.add(entry, judge.led(lead, { pod, protocol: lead.protocol, port: number }));
    }
  }
  return found.sorted();
}

type Entry = Omit<EntryPoint, 'workload' | 'pods' | 'verdict'> & { pod: number };

/** Pods of one workload that are led to alike are one. */
class Found {
  readonly #relation: Relation;
  readonly #all = new Map<string, EntryPoint & { pods: number[] }>();

  constructor(relation: Relation) {
    this.#relation = relation;
  }

  add({ pod, container, protocol, port, by, via, hosts, outerPort, from, internal }: Entry, verdict: EntryVerdict): void {
    const workload = this.#relation.world.pods[pod]?.workload ?? '';
    // Each pod that claims a port of its node says so itself: the first stands for all of its workload.
    const ways = by === 'host-port' || by === 'host-network' ? '' : via.map(({ ref, path }) => `${ref} ${path}`).join();
    const key = JSON.stringify([workload, by, ways, container, protocol, port, outerPort, hosts]);
    const known = this.#all.get(key);
    if (known === undefined) {
      this.#all.set(key, { workload, pods: [pod], container, protocol, port, by, via, hosts, outerPort, from, internal, verdict });
      return;
    }
    known.pods.push(pod);
    if (OPENNESS[verdict.allowed] > OPENNESS[known.verdict.allowed]) this.#all.set(key, { ...known, verdict });
  }

  sorted(): EntryPoint[] {
    return [...this.#all.values()]
      .map((entry) => [`${entry.workload}\0${String(entry.port ?? 0).padStart(5, '0')}${entry.protocol}\0${entry.by}`, entry] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, entry]) => entry);
  }
}

const OPENNESS = { no: 0, unknown: 1, yes: 2 } as const;

interface Target {
  pod: number;
  protocol: Protocol;
  port: number;
}

class Judge {
  readonly #relation: Relation;
  readonly #controllers: Controllers;
  /** Classes that something outside reaches by itself, with one of their workloads: a controller that is not known is among these, or not in the input. */
  readonly #reached = new Map<number, string>();
  readonly #nodes: Intervals<bigint>;
  #withUnknown: Relation | undefined;
  readonly #known = new Map<string, EntryVerdict>();

  constructor(relation: Relation, direct: readonly DirectEntry[]) {
    this.#relation = relation;
    this.#controllers = new Controllers(relation.world);
    for (const { pod } of direct) {
      const { entities, world } = relation;
      for (const id of entities.classesOf[pod] ?? []) if (!this.#reached.has(id)) this.#reached.set(id, world.pods[pod]?.workload ?? '');
    }
    this.#nodes = relation.world.nodes
      .flatMap(({ addresses }) => addresses)
      .reduce<Intervals<bigint>>((all, one) => union(all, [one, one + 1n]), []);
  }

  direct({ pod, protocol, port, from, replaced }: DirectEntry): EntryVerdict {
    // No policy selects a pod on the host's network.
    if (protocol === undefined || port === undefined) return { allowed: 'yes', policies: [] };
    const target = { pod, protocol, port };
    return this.#once(target, `${from.join()} ${replaced}`, () => this.#fromOutside(target, from, replaced));
  }

  led(lead: Lead, target: Target): EntryVerdict {
    const verdict = this.#once(target, `by ${lead.gateway ?? ''}`, () => this.#fromController(lead, target));
    if (lead.missing === undefined || verdict.allowed === 'no') return verdict;
    return { ...verdict, allowed: 'unknown', reason: `${lead.missing} is not in the input` };
  }

  /** Pods of one class get one answer. */
  #once({ pod, protocol, port }: Target, more: string, work: () => EntryVerdict): EntryVerdict {
    const key = `${this.#relation.entities.classesOf[pod]?.join()} ${protocol} ${port} ${more}`;
    let verdict = this.#known.get(key);
    if (verdict === undefined) this.#known.set(key, (verdict = work()));
    return verdict;
  }

  #fromOutside(target: Target, from: Intervals<bigint>, replaced: boolean): EntryVerdict {
    const { admitted, whole, tried } = this.#outside(target, from);
    const policies = this.#policies(tried, target);
    const clients = ALL_ADDRESSES.some((family) => {
      const wanted = intersection(from, family);
      return wanted.length > 0 && difference(wanted, admitted).length === 0;
    });
    const only = `only ${rangesTexts(intersection(admitted, from)).join(' and ')}`;
    const some = intersection(admitted, from).length > 0;
    if (!replaced && !some) return { allowed: 'no', policies };
    if (!replaced) return clients ? { allowed: 'yes', policies } : { allowed: 'yes', policies, reason: only };
    // Which of the two addresses the pod sees is up to the network; externalTrafficPolicy: Local would keep the first.
    const nodes = this.#nodes.length > 0 && difference(this.#nodes, admitted).length === 0;
    if (whole || (clients && nodes)) return { allowed: 'yes', policies };
    const replacedWords = 'the address may be replaced by that of a node, as externalTrafficPolicy is not Local';
    if (some) return { allowed: 'unknown', policies, reason: `${only}, and ${replacedWords}` };
    if (intersection(this.#nodes, admitted).length === 0) return { allowed: 'no', policies };
    return { allowed: 'unknown', policies, reason: `only nodes, and ${replacedWords}` };
  }

  /** The addresses that the pod lets in, whether these are all of some family, and a zone to ask for policies with. */
  #outside(target: Target, from: Intervals<bigint>): { admitted: Intervals<bigint>; whole: boolean; tried: number | undefined } {
    const { entities } = this.#relation;
    const refused = new Set<number>();
    let admitted: Intervals<bigint> = [];
    let [inside, outside]: (number | undefined)[] = [];
    for (const [index, { family, set }] of entities.zones.all.entries()) {
      const zone = entities.firstZone + index;
      const lets = this.#lets(this.#relation, zone, target);
      if (lets !== true) refused.add(family);
      if (lets === true) admitted = union(admitted, set);
      if (lets === undefined || intersection(set, from).length === 0) continue;
      if (lets) inside ??= zone;
      else outside ??= zone;
    }
    return { admitted, whole: admitted.length > 0 && refused.size < ALL_ADDRESSES.length, tried: inside ?? outside };
  }

  #fromController(lead: Lead, target: Target): EntryVerdict {
    const relation = this.#unknowns();
    const { entities } = relation;
    const anybody = entities.firstRepresentative;
    const yes = (id: number): EntryVerdict => ({ allowed: 'yes', policies: this.#policies(id, target, relation) });
    const controllers = this.#controllers.of(lead);
    const serving = controllers.flatMap((pod) => entities.classesOf[pod] ?? []).find((id) => this.#lets(relation, id, target));
    if (serving !== undefined) return yes(serving);
    if (this.#lets(relation, anybody, target)) return yes(anybody);
    const no: EntryVerdict = { allowed: 'no', policies: this.#policies(anybody, target, relation) };
    // On the network of a host whose address nobody knows it may be where the policies let it in.
    const isSeen = controllers.every((pod) => !relation.world.pods[pod]?.host || (relation.world.pods[pod]?.addresses.length ?? 0) > 0);
    if (controllers.length > 0 && isSeen) return no;
    const candidates = new Set<string>();
    let first: number | undefined;
    const tryOne = (id: number, name: () => string): void => {
      if (!this.#lets(relation, id, target)) return;
      first ??= id;
      candidates.add(name());
    };
    for (const [index, one] of entities.representatives.entries()) tryOne(anybody + index, () => representativeText(one));
    // What is like the pod itself serves what the pod serves.
    const own = entities.classesOf[target.pod] ?? [];
    for (const [id, name] of this.#reached) if (!own.includes(id)) tryOne(id, () => name);
    for (const [index, { set }] of entities.zones.all.entries()) tryOne(entities.firstZone + index, () => rangesTexts(set).join(' and '));
    if (first === undefined) return no;
    const names = [...candidates].toSorted((a, b) => (a < b ? -1 : 1));
    const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
    return {
      allowed: 'unknown',
      policies: this.#policies(first, target, relation),
      reason: `only from ${names.slice(0, MOST_NAMED).join(', ')}${more}: whether the controller is there is not known`,
    };
  }

  /** Undefined where packets cannot go from one to the other at all. */
  #lets(relation: Relation, source: number, { pod, protocol, port }: Target): boolean | undefined {
    const { entities, ports } = relation;
    let lets: boolean | undefined;
    for (const id of entities.classesOf[pod] ?? []) {
      if ((entities.familiesOf(source) & entities.familiesOf(id)) === 0) continue;
      lets = lets === true || contains(ports.set(relation.allowed(source, id)), placeOf(protocol, port));
    }
    return lets;
  }

  /** Of the side of the pod. */
  #policies(source: number | undefined, { pod, protocol, port }: Target, relation = this.#relation): readonly string[] {
    if (source === undefined) return [];
    const decisions = (relation.entities.classesOf[pod] ?? []).map((destination) =>
      decide(relation, { source, destination, protocol, port }),
    );
    return (decisions.find(({ allowed }) => allowed) ?? decisions[0])?.ingress.by ?? [];
  }

  /** The same relation with pods that may be anywhere: what selectors of rules could mean. */
  #unknowns(): Relation {
    const { world, selection } = this.#relation;
    this.#withUnknown ??= new Relation(world, [ANYBODY, ...representativesOf(world, selection, 'ingress')]);
    return this.#withUnknown;
  }
}

const MOST_NAMED = 4;
