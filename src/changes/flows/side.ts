/** One state of the network, with answers kept: the same ends come again and again. */
import {
  type Intervals,
  Peers,
  Relation,
  Services,
  type World,
  addressText,
  addressesOf,
  portRange,
  query,
  wholeProtocol,
} from '../../engines/network/index.ts';
import { CastellanError } from '../../lib/errors.ts';
import type { FlowUse } from '../../record/index.ts';

/** Any address at all. */
export const EVERYWHERE = ['0.0.0.0/0', '::/0'];

/** What an end may be: workloads by name, and whether it may be any of many addresses. */
export interface Possible {
  readonly names: ReadonlySet<string>;
  readonly many: boolean;
}

type Ported = Pick<FlowUse, 'port' | 'protocol'>;

export class Side {
  readonly relation: Relation;
  readonly #peers: Peers;
  readonly #found = new Map<string, ReturnType<Peers['find']> | undefined>();
  #services: Map<string, string> | undefined;

  constructor(world: World) {
    this.relation = new Relation(world);
    this.#peers = new Peers(this.relation);
  }

  namesOf(text: string): string[] {
    return (this.find(text) ?? []).filter(({ outside }) => !outside).map(({ name }) => name);
  }

  /** The addresses of a node, as questions name them; undefined where none is known. */
  addressesOf(node: string): string[] | undefined {
    const addresses = this.relation.world.nodes.find(({ name }) => name === node)?.addresses ?? [];
    return addresses.length === 0 ? undefined : addresses.map((address) => `ip:${addressText(address)}`);
  }

  /** A Service with that address, by the port that was asked for; a log that was written before it was replaced tells it. */
  serviceAt(address: string, { port }: Ported): string | undefined {
    if (this.#services === undefined) {
      this.#services = new Map();
      for (const service of new Services(this.relation.world).all)
        for (const own of addressesOf(service)) this.#services.set(addressText(own), `svc:${service.namespace}/${service.name}`);
    }
    const service = this.#services.get(address);
    return service === undefined ? undefined : `${service}:${port}`;
  }

  /** Whether the one is the node that the other, a pod that is still there, is on: traffic from there is always let in. */
  isOwnNode(from: string, to: string): boolean {
    const [peer, ...more] = this.find(to) ?? [];
    const [index = -1, ...others] = peer?.pods ?? [];
    const pod = this.relation.world.pods[index];
    if (pod === undefined || pod.host || pod.node === '' || more.length > 0 || others.length > 0) return false;
    const isItself = to.startsWith('ip:') || to === `${pod.namespace}/${pod.name}`;
    return isItself && this.addressesOf(pod.node)?.includes(from) === true;
  }

  endOf(text: string): Possible {
    return { names: new Set(this.namesOf(text)), many: EVERYWHERE.includes(text) };
  }

  /** Undefined where an end is not there. Every pair of what the texts name has to be open. */
  allows(from: string, to: string, flow: Ported): boolean | undefined {
    const [sources, destinations] = [this.find(from), this.find(to)];
    if (sources === undefined || destinations === undefined) return undefined;
    if (sources.every(({ outside }) => outside) && destinations.every(({ outside }) => outside)) return undefined;
    return query(this.relation, { from: sources, to: destinations }, this.#only(to, flow)).answer === 'yes';
  }

  /** The ports of the pods that are meant: behind a Service they are others. */
  asked(to: string, flow: Ported): Intervals<number> {
    return this.find(to)?.find(({ ports }) => ports !== undefined)?.ports ?? this.#only(to, flow);
  }

  find(text: string): ReturnType<Peers['find']> | undefined {
    if (!this.#found.has(text)) this.#found.set(text, this.#tried(text));
    return this.#found.get(text);
  }

  #only(to: string, { port, protocol }: Ported): Intervals<number> {
    return to.startsWith('svc:') ? wholeProtocol(protocol) : portRange(protocol, port, port);
  }

  #tried(text: string): ReturnType<Peers['find']> | undefined {
    try {
      return this.#peers.find(text);
    } catch (error) {
      if (error instanceof CastellanError && error.code === 'CAS_PEER') return undefined;
      throw error;
    }
  }
}
