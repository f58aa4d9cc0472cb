/**
 * What stands behind Services: pods that their selectors find, or that Endpoints name where there is no selector, and
 * the port of each pod that a port of the Service leads to.
 */
import { listIn } from '../../lib/groups.ts';
import { type Labels, mapMatches } from '../../model/index.ts';
import { familyOf, parseAddress } from './addresses.ts';
import type { Families } from './entities.ts';
import type { Pod } from './pods.ts';
import { type Protocol, isPort, isProtocol } from './ports.ts';
import { type Raw, labelsAt, numberOrTextAt, recordAt, recordsAt, textAt } from './read.ts';
import { type World, nameInNamespace } from './world.ts';

export interface Service {
  readonly object: Raw;
  readonly namespace: string;
  readonly name: string;
  /** `ClusterIP` where none is written. */
  readonly type: string;
  readonly ports: readonly ServicePort[];
}

export interface ServicePort {
  /** From 0, in `spec.ports`. */
  readonly index: number;
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Undefined where the server has not given one yet, or gives none. */
  readonly nodePort: number | undefined;
  /** On the pods: a number, or the name of a port of a container. */
  readonly target: number | string;
}

/** One port of one pod. */
export interface Backend {
  /** Index into the pods of the world. */
  readonly pod: number;
  readonly port: ServicePort;
  readonly number: number;
  /** That says it listens there. Where none does, one of them may listen all the same. */
  readonly container: string | undefined;
}

export class Services {
  readonly all: readonly Service[];
  readonly #byName: ReadonlyMap<string, Service>;
  readonly #world: World;
  readonly #endpoints = new Map<string, Raw[]>();
  /** Pods by namespace and by a label in it: a selector is tried on the fewest. */
  #podsWith: Map<string, number[]> | undefined;
  #podAt: Map<bigint, number> | undefined;
  readonly #behind = new Map<Service, readonly Backend[]>();

  constructor(world: World) {
    this.#world = world;
    this.#byName = new Map(world.services.map((object) => [nameInNamespace(object), readService(object)]));
    this.all = [...this.#byName.values()];
    for (const object of world.endpoints) listIn(this.#endpoints, nameInNamespace(object)).push(object);
  }

  get(namespace: string, name: string): Service | undefined {
    return this.#byName.get(`${namespace}/${name}`);
  }

  /** What its endpoints name, by pod, then by port: whom a controller of Ingresses or Gateways, or a Prometheus, talks to. */
  behind(service: Service): readonly Backend[] {
    let found = this.#behind.get(service);
    if (found === undefined) this.#behind.set(service, (found = this.#find(service)));
    return found;
  }

  /**
   * Whom those talk to who ask for the Service by its name or address, and on which port. Nobody translates ports where
   * it has no address of its own: its name is that of the pods, and `targetPort` is ignored (ServicePort of the API).
   */
  answering(service: Service): readonly Backend[] {
    const behind = this.behind(service);
    if (!isHeadless(service)) return behind;
    const selector = labelsBehind(service);
    const pods = selector === undefined ? behind.map(({ pod }) => pod) : this.#selected(service.namespace, selector);
    return [...new Set(pods)].flatMap((index) =>
      service.ports.map((port) => ({ pod: index, port, number: port.port, container: this.#containerAt(index, port) })),
    );
  }

  #containerAt(pod: number, { port, protocol }: ServicePort): string | undefined {
    return this.#world.pods[pod]?.ports.find((one) => one.number === port && one.protocol === protocol)?.container;
  }

  #find(service: Service): Backend[] {
    // It is a name for addresses elsewhere.
    if (service.type === 'ExternalName') return [];
    const selector = labelsBehind(service);
    if (selector === undefined) return this.#named(service);
    return this.#selected(service.namespace, selector).flatMap((index) => {
      const pod = this.#world.pods[index];
      return pod === undefined ? [] : service.ports.flatMap((port) => backendsOn(pod, port).map((one) => ({ pod: index, port, ...one })));
    });
  }

  #selected(namespace: string, selector: Labels): number[] {
    this.#podsWith ??= indexOf(this.#world);
    let best: readonly number[] | undefined;
    for (const [key, value] of Object.entries(selector)) {
      const holders = this.#podsWith.get(`${namespace}\0${key}\0${value}`) ?? [];
      if (best === undefined || holders.length < best.length) best = holders;
    }
    return (best ?? []).filter((index) => mapMatches(selector, this.#world.pods[index]?.labels ?? {}));
  }

  /** Slices and the older Endpoints say the same of a Service in most clusters: each pod and port counts once. */
  #named(service: Service): Backend[] {
    const found = new Map<string, Backend>();
    for (const object of this.#endpoints.get(`${service.namespace}/${service.name}`) ?? []) {
      for (const { addresses, ports } of subsetsOf(object)) {
        for (const pod of addresses.flatMap((address) => this.#podOf(address))) {
          for (const { name, protocol, number } of ports) {
            const port = service.ports.find((one) => one.name === name && one.protocol === protocol);
            if (port === undefined) continue;
            const container = this.#world.pods[pod]?.ports.find((one) => one.number === number && one.protocol === protocol)?.container;
            found.set(`${pod} ${port.index} ${number}`, { pod, port, number, container });
          }
        }
      }
    }
    return [...found.values()];
  }

  #podOf(text: string): number[] {
    if (this.#podAt === undefined) {
      this.#podAt = new Map();
      for (const [index, { host, addresses }] of this.#world.pods.entries())
        if (!host) for (const address of addresses) this.#podAt.set(address, index);
    }
    const pod = this.#podAt.get(parseAddress(text) ?? -1n);
    return pod === undefined ? [] : [pod];
  }
}

export function isHeadless({ object, type }: Service): boolean {
  return type !== 'ExternalName' && textAt(recordAt(object, 'spec'), 'clusterIP') === 'None';
}

/**
 * Families of the addresses that its name has: 1 is IPv4, 2 is IPv6, 3 both. Before the server has chosen, and where it
 * has no address of its own, it may be either.
 */
export function familiesOf(service: Service): Families {
  const listed: unknown = recordAt(service.object, 'spec').ipFamilies;
  const named = (Array.isArray(listed) ? listed : []).map((one) => (one === 'IPv4' ? 1 : one === 'IPv6' ? 2 : 0));
  const given = named.length > 0 ? named : addressesOf(service).map((address) => (familyOf(address) === 4 ? 1 : 2));
  const bits = given.reduce<number>((all, one) => all | one, 0);
  return bits === 1 || bits === 2 ? bits : 3;
}

/** Undefined where it selects nothing. */
export function labelsBehind({ object }: Service): Labels | undefined {
  const selector = labelsAt(recordAt(object, 'spec'), 'selector');
  return Object.keys(selector).length === 0 ? undefined : selector;
}

/** The addresses that it has inside of the cluster. */
export function addressesOf({ object }: Service): bigint[] {
  const spec = recordAt(object, 'spec');
  const listed: unknown[] = Array.isArray(spec.clusterIPs) ? spec.clusterIPs : [];
  const found = [spec.clusterIP, ...listed].map((text) => (typeof text === 'string' ? parseAddress(text) : undefined));
  return [...new Set(found.filter((address) => address !== undefined))];
}

function readService(object: Raw): Service {
  const metadata = recordAt(object, 'metadata');
  const spec = recordAt(object, 'spec');
  return {
    object,
    namespace: textAt(metadata, 'namespace') || 'default',
    name: textAt(metadata, 'name'),
    type: textAt(spec, 'type') || 'ClusterIP',
    ports: recordsAt(spec, 'ports').flatMap((entry, index): ServicePort[] => {
      const protocol = textAt(entry, 'protocol') || 'TCP';
      const port = numberOrTextAt(entry, 'port');
      const target = numberOrTextAt(entry, 'targetPort') || port;
      if (!isPort(port) || !(typeof target === 'string' || isPort(target)) || !isProtocol(protocol)) return [];
      const nodePort = isPort(entry.nodePort) ? entry.nodePort : undefined;
      return [{ index, name: textAt(entry, 'name'), protocol, port, nodePort, target }];
    }),
  };
}

/** A name means each pod's own port of that name and protocol (FindPort of k8s.io/kubernetes pkg/api/v1/pod). */
function backendsOn({ ports }: Pod, { target, protocol }: ServicePort): Pick<Backend, 'number' | 'container'>[] {
  const same = ports.find((one) => one.protocol === protocol && (typeof target === 'number' ? one.number === target : one.name === target));
  if (same !== undefined) return [{ number: same.number, container: same.container }];
  return typeof target === 'number' ? [{ number: target, container: undefined }] : [];
}

interface Subset {
  addresses: readonly string[];
  ports: readonly { name: string; protocol: Protocol; number: number }[];
}

function subsetsOf(object: Raw): Subset[] {
  const portsOf = (holder: Raw): Subset['ports'] =>
    recordsAt(holder, 'ports').flatMap((entry) => {
      const protocol = textAt(entry, 'protocol') || 'TCP';
      return isPort(entry.port) && isProtocol(protocol) ? [{ name: textAt(entry, 'name'), protocol, number: entry.port }] : [];
    });
  if (textAt(object, 'kind') === 'EndpointSlice') {
    const addresses = recordsAt(object, 'endpoints').flatMap((endpoint) =>
      Array.isArray(endpoint.addresses) ? endpoint.addresses.filter((address) => typeof address === 'string') : [],
    );
    return [{ addresses, ports: portsOf(object) }];
  }
  return recordsAt(object, 'subsets').map((subset) => ({
    addresses: recordsAt(subset, 'addresses').map((entry) => textAt(entry, 'ip')),
    ports: portsOf(subset),
  }));
}

/** By the labels that Services select by; pods have many others. */
function indexOf({ pods, services }: World): Map<string, number[]> {
  const keys = new Set(services.flatMap(({ spec }) => Object.keys(labelsAt(recordAt(spec), 'selector'))));
  const index = new Map<string, number[]>();
  for (const [at, { namespace, labels, finished }] of pods.entries()) {
    // What has ended is taken out of the endpoints.
    if (finished) continue;
    for (const key of keys) if (Object.hasOwn(labels, key)) listIn(index, `${namespace}\0${key}\0${labels[key]}`).push(at);
  }
  return index;
}
