/** The ends that a text names (peer-text.ts has the forms), as the workloads and addresses that are there. */
import { CastellanError } from '../../lib/errors.ts';
import { groupBy, listIn } from '../../lib/groups.ts';
import { nearestOf } from '../../lib/near.ts';
import { familyOf, rangesText } from './addresses.ts';
import { Ends } from './ask.ts';
import { INGRESS_CONTROLLER } from './connections.ts';
import type { Families } from './entities.ts';
import { type Intervals, contains, difference, intersection, isSubset, union } from './intervals.ts';
import type { Meant, Translated } from './meant.ts';
import { type Choices, choicesOf } from './open-between.ts';
import { type PeerName, parsePeer } from './peer-text.ts';
import { addressSet } from './pod-addresses.ts';
import { isSingle, setMaking, standsFor } from './pods.ts';
import { placeOf, portRange } from './ports.ts';
import type { Relation } from './relation.ts';
import { matches } from './selector.ts';
import { type Service, Services, addressesOf, familiesOf, labelsBehind } from './services.ts';
import { NAME_LABEL, type World } from './world.ts';

/** One of the things that a text names. */
export interface Peer extends Meant {
  /** `ns/name[Kind]`, `ip:LOW-HIGH`, `ingress-controller`. */
  readonly name: string;
  /** Classes and zones, as the relation counts them. */
  readonly ids: readonly number[];
  /** The same of each pod that differs, with what it may be. */
  readonly kinds: readonly Choices[];
  /** Of pods, their indexes in the world. */
  readonly pods: readonly number[];
  /** Addresses, and not pods. */
  readonly outside: boolean;
}

interface ServiceAddress {
  readonly service: Service;
  readonly address: bigint;
}

export class Peers {
  readonly #relation: Relation;
  readonly #ends: Ends;
  #services: Services | undefined;
  #addressed: readonly ServiceAddress[] | undefined;
  #named: NamedPods | undefined;

  constructor(relation: Relation) {
    this.#relation = relation;
    this.#ends = new Ends(relation);
  }

  /**
   * By name; pods of one workload are one, and those that have ended are none. Where nothing is there of that name, or
   * nothing matches, it is an error: a question about nobody would be answered with yes. To a `destination` the address of
   * a Service means what is behind it.
   * @throws CAS_PEER
   */
  find(text: string, side: 'source' | 'destination' = 'source'): Peer[] {
    const name = parsePeer(text);
    const found = name.kind === 'addresses' && side === 'destination' ? this.#destinations(name, text) : this.#find(name, text);
    if (found.length > 0) return found;
    if (name.kind === 'workload' && this.#podsNamed(name, text).length > 0)
      throw new CastellanError('CAS_PEER', `"${text}" has ended: nothing runs there that could talk to anybody`);
    const meant = name.kind === 'workload' ? this.#meantBy(name) : undefined;
    const message = `"${text}" names nothing that is in the input`;
    throw meant === undefined
      ? new CastellanError('CAS_PEER', message)
      : new CastellanError('CAS_PEER', message, { remedy: `Did you mean ${meant}?` });
  }

  /** By their indexes in the world, as workloads. */
  of(pods: readonly number[]): Peer[] {
    return this.#grouped(pods);
  }

  /** The workload or pod whose name is nearly that; its kind may be wrong too. */
  #meantBy({ namespace, name }: PeerName & { kind: 'workload' }): string | undefined {
    const known = new Map<string, string>();
    for (const pod of this.#relation.world.pods) {
      known.set(`${pod.namespace}/${pod.name}`, `${pod.namespace}/${pod.name}`);
      known.set(pod.workload.replace(/\[\w+\]$/, ''), pod.workload);
    }
    const short = `${namespace}/${name}`;
    return known.get(short) ?? known.get(nearestOf(short, known.keys()) ?? '');
  }

  #find(name: PeerName, text: string): Peer[] {
    switch (name.kind) {
      case 'workload':
        return this.#grouped(this.#podsNamed(name, text));
      case 'pods': {
        const { pods, namespaces } = this.#relation.world;
        const inside = (namespace: string): boolean =>
          typeof name.namespaces === 'string'
            ? namespace === name.namespaces
            : matches(name.namespaces, namespaces.get(namespace) ?? { [NAME_LABEL]: namespace });
        return this.#grouped(indexesWhere(pods, ({ namespace, labels }) => inside(namespace) && matches(name.pods, labels)));
      }
      case 'service':
        return this.#behind(name, text);
      case 'addresses':
        return this.#addresses(name.set);
      default:
        return this.#anybody();
    }
  }

  /** A pod itself goes before a workload that happens to have its name. */
  #podsNamed({ namespace, name, workload }: PeerName & { kind: 'workload' }, text: string): number[] {
    this.#named ??= namedPods(this.#relation.world);
    const { pods, workloads, kinds } = this.#named;
    if (workload !== undefined) return workloads.get(text) ?? [];
    const short = `${namespace}/${name}`;
    const pod = pods.get(short);
    if (pod !== undefined) return pod;
    const [only, ...more] = kinds.get(short) ?? [];
    if (only === undefined)
      return (workloads.get(setMaking(short)) ?? []).filter((one) => standsFor(this.#relation.world.pods[one], short));
    if (more.length > 0) throw new CastellanError('CAS_PEER', `"${text}" may be ${[only, ...more].toSorted().join(' or ')}`);
    return workloads.get(only) ?? [];
  }

  #behind({ namespace, name, port }: PeerName & { kind: 'service' }, text: string): Peer[] {
    this.#services ??= new Services(this.#relation.world);
    const service = this.#services.get(namespace, name);
    if (service === undefined) throw new CastellanError('CAS_PEER', `"${text}": there is no Service ${namespace}/${name} in the input`);
    if (port !== undefined && !service.ports.some((one) => one.port === port || one.name === port))
      throw new CastellanError('CAS_PEER', `"${text}": the Service has no port ${port}`, {
        remedy: portsOf(service),
      });
    const families = familiesOf(service);
    const ports = new Map<number, Intervals<number>>();
    for (const { pod, port: one, number } of this.#services.answering(service)) {
      if (port !== undefined && one.port !== port && one.name !== port) continue;
      if (!this.#has(pod, families)) continue;
      ports.set(pod, union(ports.get(pod) ?? [], portRange(one.protocol, number, number)));
    }
    if (ports.size === 0) throw new CastellanError('CAS_PEER', `"${text}": no pod of the input is behind that Service`);
    // Pods may have the port under different numbers.
    const alike = groupBy(ports.keys(), (pod) => ports.get(pod)?.join() ?? '');
    return [...alike.values()].flatMap((pods) =>
      this.#grouped(pods).map((peer) => ({ ...peer, ports: ports.get(pods[0] ?? 0) ?? [], ...(families !== 3 && { families }) })),
    );
  }

  /** The node translates an address of a Service before policies are asked: nothing else is there for who is inside. */
  #destinations({ set }: PeerName & { kind: 'addresses' }, text: string): Peer[] {
    const services = this.#serviceAddresses().filter(({ address }) => contains(set, address));
    if (services.length === 0) return this.#addresses(set);
    const found = services.map((one) => ({ ...one, peers: this.#at(one, set) }));
    // What endpoints outside of pods lead to is asked about as addresses are.
    const served = found.filter(({ service, peers }) => peers.length > 0 || labelsBehind(service) !== undefined);
    const peers = served.flatMap((one) => one.peers);
    const rest = difference(set, addressSet(served.map(({ address }) => address)));
    const [only] = served;
    if (rest.length === 0 && peers.length === 0 && only !== undefined)
      throw new CastellanError(
        'CAS_PEER',
        `"${text}" is the address of Service ${only.service.namespace}/${only.service.name}, and no pod of the input is behind that`,
      );
    return [...(rest.length === 0 ? [] : this.#addresses(rest)), ...peers];
  }

  #serviceAddresses(): readonly ServiceAddress[] {
    this.#services ??= new Services(this.#relation.world);
    this.#addressed ??= this.#services.all.flatMap((service) =>
      service.type === 'ExternalName' ? [] : addressesOf(service).map((address) => ({ service, address })),
    );
    return this.#addressed;
  }

  /** Pods whose own addresses are in the set are asked about as a whole anyway. */
  #at({ service, address }: ServiceAddress, set: Intervals<bigint>): Peer[] {
    const led = new Map<number, Translated[]>();
    for (const { pod, port, number } of this.#services?.behind(service) ?? []) {
      if (this.#isAt(pod, set, familyOf(address)) || !this.#has(pod, familyBit(address))) continue;
      listIn(led, pod).push({ asked: placeOf(port.protocol, port.port), place: placeOf(port.protocol, number) });
    }
    const alike = groupBy(led.keys(), (pod) => (led.get(pod) ?? []).map(({ asked, place }) => `${asked} ${place}`).join());
    const families = familyBit(address);
    return [...alike.values()].flatMap((pods) =>
      this.#grouped(pods).map((peer) => ({ ...peer, families, translated: led.get(pods[0] ?? 0) ?? [] })),
    );
  }

  /** Pods by their workloads, each as what it is by these addresses, and what is left outside of pods. */
  #addresses(set: Intervals<bigint>): Peer[] {
    const { entities } = this.#relation;
    const inside = this.#ends.podsIn(set);
    const byFamilies = groupBy(inside.keys(), (pod) => familiesAmong(inside.get(pod) ?? []));
    const pods = [...byFamilies].flatMap(([families, some]) =>
      this.#grouped(some, (pod) => [(inside.get(pod) ?? []).flatMap((address) => this.#ends.at(address))]).map((peer) =>
        families === 3 ? peer : { ...peer, families },
      ),
    );
    const taken = addressSet([...inside.values()].flat());
    const outside = entities.zones.all.flatMap((zone, index): Peer[] => {
      const part = intersection(zone.set, set);
      if (isSubset(part, taken)) return [];
      const id = entities.firstZone + index;
      return [{ name: rangesText(part), ids: [id], kinds: [[[id]]], pods: [], outside: true }];
    });
    return [...pods, ...outside];
  }

  #isAt(pod: number, set: Intervals<bigint>, family: 4 | 6): boolean {
    const { host = true, supposed, addresses = [] } = this.#relation.world.pods[pod] ?? {};
    return !host && supposed !== true && addresses.some((one) => familyOf(one) === family && contains(set, one));
  }

  /** Whether it has an address of these, or may have: only then it is behind a Service of them. */
  #has(pod: number, families: Families): boolean {
    const { entities } = this.#relation;
    return (entities.classesOf[pod] ?? []).some((id) => (entities.familiesOf(id) & families) !== 0);
  }

  #anybody(): Peer[] {
    const { representatives, firstRepresentative } = this.#relation.entities;
    const index = representatives.findIndex(
      ({ namespaces, pods }) => typeof namespaces !== 'string' && namespaces.key === '' && pods.key === '',
    );
    const id = firstRepresentative + index;
    return index < 0 ? [] : [{ name: INGRESS_CONTROLLER, ids: [id], kinds: [[[id]]], pods: [], outside: false }];
  }

  #grouped(pods: readonly number[], choices = (pod: number): Choices => choicesOf(this.#relation, pod)): Peer[] {
    const { world } = this.#relation;
    const running = pods.filter((pod) => world.pods[pod]?.finished === false);
    const byWorkload = groupBy(running, (pod) => world.pods[pod]?.workload ?? '');
    return [...byWorkload]
      .map(([name, members]): Peer => {
        const kinds = new Map(members.map((pod) => [choices(pod).join(';'), choices(pod)]));
        const ids = new Set([...kinds.values()].flat(2));
        return { name, ids: [...ids].toSorted((a, b) => a - b), kinds: [...kinds.values()], pods: members, outside: false };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Pods by their own names, and by those of what made them. */
interface NamedPods {
  readonly pods: ReadonlyMap<string, number[]>;
  readonly workloads: ReadonlyMap<string, number[]>;
  /** The workloads that have a name, whatever their kind. */
  readonly kinds: ReadonlyMap<string, Set<string>>;
}

function namedPods({ pods: all, makers }: World): NamedPods {
  const [pods, workloads, kinds] = [new Map<string, number[]>(), new Map<string, number[]>(), new Map<string, Set<string>>()];
  for (const [index, pod] of all.entries()) {
    const { namespace, name, workload } = pod;
    if (isSingle(pod)) listIn(pods, `${namespace}/${name}`).push(index);
    // What is above a controller names its pods as well, as a Deployment those of its ReplicaSets.
    for (const one of new Set([workload, ...(makers.get(workload) ?? [])])) {
      listIn(workloads, one).push(index);
      const short = one.replace(/\[\w*\]$/, '');
      kinds.set(short, (kinds.get(short) ?? new Set()).add(one));
    }
  }
  return { pods, workloads, kinds };
}

function familiesAmong(addresses: readonly bigint[]): Families {
  const bits = addresses.reduce<number>((all, address) => all | familyBit(address), 0);
  return bits === 1 || bits === 2 ? bits : 3;
}

function familyBit(address: bigint): Families {
  return familyOf(address) === 4 ? 1 : 2;
}

function indexesWhere<T>(list: readonly T[], holds: (one: T) => boolean): number[] {
  return list.flatMap((one, index) => (holds(one) ? [index] : []));
}

function portsOf({ ports }: Service): string {
  if (ports.length === 0) return 'It has no ports that the API server takes: a port and a targetPort are numbers from 1 to 65535.';
  return `Its ports are: ${ports.map(({ port, name }) => [port, name].filter((word) => word !== '').join(' ')).join(', ')}.`;
}
