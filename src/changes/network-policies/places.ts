/** What is at a place that a workload names, as a resolver in its namespace would find it. */
import {
  type Intervals,
  type Protocol,
  type Service,
  type ServicePort,
  addressText,
  addressesOf,
  familyOf,
  isHeadless,
  parseAddress,
  recordAt,
  textAt,
  union,
} from '../../engines/network/index.ts';
import { onePort, portIn } from './one-port.ts';
import type { App, Inventory } from './inventory.ts';

export interface Target {
  readonly app: App;
  readonly ports: Intervals<number>;
}

export type Place =
  /** Workloads, and by way of what: `Service/shop/catalog`. */
  | { readonly kind: 'apps'; readonly by: string; readonly targets: readonly Target[] }
  | { readonly kind: 'addresses'; readonly cidr: string; readonly port: number | undefined }
  | { readonly kind: 'api-server' }
  /** A name outside of the cluster. */
  | { readonly kind: 'outside'; readonly host: string }
  /** A name inside that leads nowhere, and why. */
  | { readonly kind: 'nowhere'; readonly why: string; readonly sure: boolean };

export interface Asked {
  readonly host: string;
  readonly port: number | undefined;
  /** Undefined where any will do, and TCP is meant where nothing else says which. */
  readonly protocols?: readonly Protocol[] | undefined;
  /** Of the workload that names the place. */
  readonly namespace: string;
}

export class Places {
  readonly #inventory: Inventory;
  readonly #byAddress = new Map<bigint, Service | number>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    for (const [index, pod] of inventory.world.pods.entries())
      if (!pod.host) for (const address of pod.addresses) this.#byAddress.set(address, index);
    for (const service of inventory.services.all) for (const address of addressesOf(service)) this.#byAddress.set(address, service);
  }

  find(asked: Asked, seen: readonly string[] = []): Place {
    const { host, namespace } = asked;
    const address = parseAddress(host);
    if (address !== undefined) return this.#atAddress(address, asked);
    const [first = '', second, third, ...rest] = host.split('.');
    if (second === undefined)
      return (
        this.#service({ name: first, namespace }, asked, seen) ?? {
          kind: 'nowhere',
          why: `there is no Service ${namespace}/${first}`,
          sure: false,
        }
      );
    if (third === undefined) {
      return (
        this.#service({ name: first, namespace: second }, asked, seen) ??
        this.#podOf(first, { service: second, namespace }, asked) ??
        this.#unknownName(host, first, second)
      );
    }
    // Whatever the zone of the cluster is called.
    if (third === 'svc')
      return (
        this.#service({ name: first, namespace: second }, asked, seen) ?? {
          kind: 'nowhere',
          why: `there is no Service ${second}/${first}`,
          sure: true,
        }
      );
    const pod = rest[0] === 'svc' || rest.length === 0 ? this.#podOf(first, { service: second, namespace: third }, asked) : undefined;
    if (pod !== undefined) return pod;
    return rest[0] === 'svc'
      ? { kind: 'nowhere', why: `there is no pod ${first} behind a Service ${third}/${second}`, sure: true }
      : { kind: 'outside', host };
  }

  /** `name.namespace`, or a name of the internet. */
  #unknownName(host: string, first: string, second: string): Place {
    if (this.#inventory.world.namespaces.has(second)) return { kind: 'nowhere', why: `there is no Service ${second}/${first}`, sure: true };
    return { kind: 'outside', host };
  }

  #atAddress(address: bigint, asked: Asked): Place {
    const { host, port, protocols } = asked;
    const found = this.#byAddress.get(address);
    if (typeof found === 'number') {
      const app = this.#inventory.appOf(found);
      if (app !== undefined)
        return { kind: 'apps', by: host, targets: [{ app, ports: port === undefined ? [] : portIn(port, protocols) }] };
    } else if (found !== undefined) return this.behind(found, asked, []);
    return { kind: 'addresses', cidr: `${addressText(address)}/${familyOf(address) === 4 ? 32 : 128}`, port };
  }

  #service({ name, namespace }: { name: string; namespace: string }, asked: Asked, seen: readonly string[]): Place | undefined {
    const service = this.#inventory.services.get(namespace, name);
    if (service !== undefined) return this.behind(service, asked, seen);
    return name === 'kubernetes' && namespace === 'default' ? { kind: 'api-server' } : undefined;
  }

  behind(service: Service, asked: Asked, seen: readonly string[] = []): Place {
    const name = `Service/${service.namespace}/${service.name}`;
    if (service.namespace === 'default' && service.name === 'kubernetes') return { kind: 'api-server' };
    if (service.type === 'ExternalName') {
      const host = textAt(recordAt(service.object, 'spec'), 'externalName').toLowerCase();
      if (host === '' || seen.includes(name)) return { kind: 'nowhere', why: `${name} leads nowhere`, sure: true };
      return this.find({ ...asked, host, namespace: service.namespace }, [...seen, name]);
    }
    const { port: number, protocols } = asked;
    const wanted = service.ports.filter(
      ({ port, protocol }) => (number === undefined || port === number) && (protocols === undefined || protocols.includes(protocol)),
    );
    // Without an address of its own the name is that of the pods, which have other ports as well.
    if (wanted.length === 0 && isHeadless(service) && number !== undefined) return this.#headless(service, portIn(number, protocols));
    if (wanted.length === 0)
      return {
        kind: 'nowhere',
        why: `${name} has no port ${[number ?? [], protocols?.join(' or ') ?? []].flat().join(' of ')}`.trimEnd(),
        sure: true,
      };
    const targets = this.#targets(service, wanted);
    return targets.length > 0
      ? { kind: 'apps', by: name, targets }
      : { kind: 'nowhere', why: `no pod of the input is behind ${name}`, sure: true };
  }

  #headless(service: Service, ports: Intervals<number>): Place {
    const pods = new Set(this.#inventory.services.behind(service).map(({ pod }) => pod));
    const apps = new Set([...pods].flatMap((pod) => this.#inventory.appOf(pod) ?? []));
    const targets = [...apps].map((app) => ({ app, ports }));
    const name = `Service/${service.namespace}/${service.name}`;
    return targets.length > 0
      ? { kind: 'apps', by: name, targets }
      : { kind: 'nowhere', why: `no pod of the input is behind ${name}`, sure: true };
  }

  #targets(service: Service, wanted: readonly ServicePort[]): Target[] {
    const found = new Map<App, Intervals<number>>();
    for (const { pod, port, number } of this.#inventory.services.answering(service)) {
      const app = wanted.includes(port) ? this.#inventory.appOf(pod) : undefined;
      if (app !== undefined) found.set(app, union(found.get(app) ?? [], onePort(port.protocol, number)));
    }
    return [...found].map(([app, ports]) => ({ app, ports }));
  }

  /** `db-0.db`: a pod of a StatefulSet by way of the Service that it names, or one with a hostname of its own. */
  #podOf(pod: string, { service, namespace }: { service: string; namespace: string }, { port, protocols }: Asked): Place | undefined {
    const governing = this.#inventory.services.get(namespace, service);
    if (governing === undefined) return undefined;
    const behind = this.#inventory.services.behind(governing);
    const [, stem = pod] = /^(.*)-\d+$/.exec(pod) ?? [];
    const target = behind.find((one) => {
      const app = this.#inventory.appOf(one.pod);
      return app !== undefined && (app.name === stem || app.workload.pod.hostname === pod);
    });
    const app = target === undefined ? undefined : this.#inventory.appOf(target.pod);
    if (app === undefined) return undefined;
    const listed = behind.filter(
      (one) =>
        app.pods.includes(one.pod) &&
        (port === undefined || one.number === port) &&
        (protocols === undefined || protocols.includes(one.port.protocol)),
    );
    const ports = listed.reduce<Intervals<number>>((all, one) => union(all, onePort(one.port.protocol, one.number)), []);
    const isListed = ports.length > 0 || port === undefined;
    return { kind: 'apps', by: `Service/${namespace}/${service}`, targets: [{ app, ports: isListed ? ports : portIn(port, protocols) }] };
  }
}
