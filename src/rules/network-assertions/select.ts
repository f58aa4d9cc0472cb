/** What an end of an assertion means in a world: pods, addresses outside, and what of it names nothing. */
import {
  type Intervals,
  type Meant,
  type Peer,
  Peers,
  type Relation,
  matchesEither,
  parsePeer,
  parseSelectorText,
  union,
} from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import { listIn } from '../../lib/groups.ts';
import type { Assertion, Assertions, End, EndName } from './assertion.ts';
import { publicAddresses } from './internet.ts';

export interface Selected {
  /** By index, with what is meant of each by every part that names it. */
  readonly pods: Map<number, Meant[]>;
  /** Outside of pods. */
  addresses: Intervals<bigint>;
  /** Other ends, as the engine counts them, by name. */
  readonly others: Map<string, readonly number[]>;
  /** Why parts of it select nothing. */
  readonly empty: string[];
  /** Why parts of it cannot be known. */
  readonly unknown: string[];
}

/** Of a connection, which is what the address of a Service is about. */
type Side = 'source' | 'destination';

interface How {
  readonly verb: Assertion['verb'];
  readonly side: Side;
}

const EVERYTHING_OF_IT: Meant = {};

export class Selector {
  readonly #relation: Relation;
  readonly #peers: Peers;
  readonly #assertions: Pick<Assertions, 'tenants' | 'tenantLabel'>;

  constructor(relation: Relation, assertions: Pick<Assertions, 'tenants' | 'tenantLabel'>) {
    this.#relation = relation;
    this.#peers = new Peers(relation);
    this.#assertions = assertions;
  }

  /** `*` among tenants has been replaced by one of them before. */
  select({ names }: End, verb: Assertion['verb'], side: Side): Selected {
    const all: Selected = { pods: new Map(), addresses: [], others: new Map(), empty: [], unknown: [] };
    for (const name of names) this.#add(all, name, { verb, side });
    return all;
  }

  /** Every tenant that there is. */
  tenants(): string[] {
    const { tenants, tenantLabel } = this.#assertions;
    const labelled = [...this.#relation.world.namespaces.values()].flatMap((labels) =>
      tenantLabel !== undefined && Object.hasOwn(labels, tenantLabel) ? [labels[tenantLabel] ?? ''] : [],
    );
    return [...new Set([...tenants.keys(), ...labelled])].toSorted();
  }

  #add(all: Selected, name: EndName, how: How): void {
    switch (name.kind) {
      case 'peer':
        return this.#addPeer(all, name.text, how.side);
      case 'labels':
        return this.#addPods(all, this.#labelled(name.text), `"${name.text}" selects no pod of the input`);
      case 'name':
        return this.#addNamed(all, name.text);
      case 'internet':
        // Who allows the internet means that of IPv4; who forbids it means all of it.
        all.addresses = union(all.addresses, union(publicAddresses(4), how.verb === 'deny' ? publicAddresses(6) : []));
        return undefined;
      case 'tenant':
        return this.#addTenant(all, name.text, how);
      default:
        return this.#addHost(all, name);
    }
  }

  #addHost(all: Selected, { text, namespace, port }: EndName & { kind: 'host' }): void {
    const [name = '', of = namespace, suffix = '', ...zone] = text.replace(/\.$/, '').split('.');
    const isOfCluster = suffix === '' || (suffix === 'svc' && (zone.length === 0 || zone.join('.') === 'cluster.local'));
    const service = isOfCluster
      ? this.#relation.world.services.find((one) => serviceName(one, name)[0] === `svc:${of}/${name}`)
      : undefined;
    if (service !== undefined) this.#addPeer(all, `svc:${of}/${name}:${port}`, 'destination');
    else all.unknown.push(`which addresses ${text} has is not in the input`);
  }

  #addPeer(all: Selected, text: string, side: Side): void {
    const peer = parsePeer(text);
    const found = this.#found(text, side);
    if (typeof found === 'string') {
      all.empty.push(found);
      return;
    }
    for (const one of found) {
      const { name, ids, pods } = one;
      for (const pod of pods) listIn(all.pods, pod).push(one);
      if (pods.length === 0 && peer.kind === 'addresses') all.addresses = union(all.addresses, peer.set);
      else if (pods.length === 0) all.others.set(name, ids);
    }
  }

  /** Or why there is nothing. */
  #found(text: string, side: Side): Peer[] | string {
    try {
      return this.#peers.find(text, side);
    } catch (error) {
      if (error instanceof CastellanError && error.code === 'CAS_PEER') return error.message;
      throw error;
    }
  }

  /** A workload of that name in any one namespace, else all of the namespace, else what is behind the Service. */
  #addNamed(all: Selected, text: string): void {
    const { pods, namespaces, services, makers } = this.#relation.world;
    const namesOf = (workload: string): readonly string[] => [workload, ...(makers.get(workload) ?? [])];
    const owners = new Set(pods.flatMap(({ workload }) => namesOf(workload).filter((name) => workloadName(name) === text)));
    const isNamespace = pods.some(({ namespace }) => namespace === text);
    if (owners.size > 1) all.empty.push(`"${text}" may be ${[...owners].toSorted().join(' or ')}`);
    else if (owners.size === 1 && isNamespace) all.empty.push(`"${text}" may be ${[...owners].join('')} or the namespace ${text}/*`);
    else if (owners.size === 1)
      this.#addPods(
        all,
        podsWhere(this.#relation, ({ workload }) => namesOf(workload).some((name) => owners.has(name))),
        '',
      );
    else if (isNamespace)
      this.#addPods(
        all,
        podsWhere(this.#relation, ({ namespace }) => namespace === text),
        '',
      );
    else if (namespaces.has(text)) all.empty.push(`there is no pod in the namespace ${text}`);
    else {
      const named = services.flatMap((service) => serviceName(service, text));
      const [only, ...more] = named;
      if (only === undefined) all.empty.push(`"${text}" is no workload, no namespace and no Service of the input`);
      else if (more.length > 0) all.empty.push(`"${text}" may be ${named.join(' or ')}`);
      else this.#addPeer(all, only, 'destination');
    }
  }

  #addTenant(all: Selected, name: string, how: How): void {
    const { tenants, tenantLabel } = this.#assertions;
    const end = tenants.get(name);
    if (end !== undefined) {
      for (const part of end.names) this.#add(all, part, how);
      return;
    }
    const nobody = `there is no tenant "${name}"`;
    if (tenantLabel === undefined) all.empty.push(nobody);
    else {
      const { namespaces } = this.#relation.world;
      this.#addPods(
        all,
        podsWhere(this.#relation, ({ namespace }) => namespaces.get(namespace)?.[tenantLabel] === name),
        this.tenants().includes(name) ? `the namespaces of the tenant "${name}" have no pods` : nobody,
      );
    }
  }

  #addPods(all: Selected, pods: readonly number[], nobody: string): void {
    for (const pod of pods) listIn(all.pods, pod).push(EVERYTHING_OF_IT);
    if (pods.length === 0) all.empty.push(nobody);
  }

  #labelled(text: string): number[] {
    const selector = parseSelectorText(text);
    const { namespaces } = this.#relation.world;
    return podsWhere(
      this.#relation,
      ({ labels, namespace }) => selector !== undefined && matchesEither(selector, labels, namespaces.get(namespace) ?? {}),
    );
  }
}

/** What has ended talks to nobody. */
function podsWhere({ world }: Relation, holds: (pod: Relation['world']['pods'][number]) => boolean): number[] {
  return world.pods.flatMap((pod, index) => (!pod.finished && holds(pod) ? [index] : []));
}

/** `web` of `shop/web[Deployment]`. */
function workloadName(workload: string): string {
  return workload.slice(workload.indexOf('/') + 1, workload.lastIndexOf('['));
}

function serviceName(service: Readonly<Record<string, unknown>>, name: string): string[] {
  const { namespace = 'default', name: own } = service.metadata as { namespace?: string; name?: string };
  return own === name ? [`svc:${namespace}/${name}`] : [];
}
