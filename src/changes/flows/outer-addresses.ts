/**
 * Pods behind addresses that are not theirs and lie in no range of the cluster: external addresses and balancers of
 * Services, and ports of nodes. Within a cluster such a connection may be led straight to the pods, as from the pod that
 * asked or as from a node, which no log of its beginning tells.
 */
import { type Conns, Services, type World, addressText, connsOf, parseAddress, portRange, recordAt } from '../../engines/network/index.ts';
import { isRecord } from '../../lib/record.ts';
import type { FlowUse } from '../../record/index.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A workload, by the name that the network gives it, and the ports of its pods. */
export interface Behind {
  readonly name: string;
  readonly ports: Conns;
}

/** The same for all changes of one network. */
export function outerAddressesOf(world: World): OuterAddresses {
  let known = KNOWN.get(world);
  if (known === undefined) KNOWN.set(world, (known = new OuterAddresses(world)));
  return known;
}

class OuterAddresses {
  /** By address and port. */
  readonly #behind = new Map<string, Behind[]>();
  readonly #nodes = new Map<string, readonly string[]>();

  constructor(world: World) {
    const { nodes, pods } = world;
    for (const { name, addresses } of nodes) this.#nodes.set(name, addresses.map(addressText));
    const everyNode = [...this.#nodes.values()].flat();
    const services = new Services(world);
    for (const service of services.all) {
      const own = outerOf(service.object);
      const isOnNodes = service.type === 'NodePort' || service.type === 'LoadBalancer';
      if (own.length === 0 && !isOnNodes) continue;
      for (const { pod, port, number } of services.behind(service)) {
        const name = pods[pod]?.workload;
        if (name === undefined) continue;
        const behind = { name, ports: connsOf(portRange(port.protocol, number, number)) };
        for (const address of own) this.#add(address, { port: port.port, protocol: port.protocol }, behind);
        if (!isOnNodes || port.nodePort === undefined) continue;
        for (const address of everyNode) this.#add(address, { port: port.nodePort, protocol: port.protocol }, behind);
      }
    }
    for (const { host, finished, node, ports, workload } of pods) {
      if (host || finished) continue;
      for (const { number, protocol, onNode } of ports) {
        if (onNode === undefined) continue;
        const behind = { name: workload, ports: connsOf(portRange(protocol, number, number)) };
        for (const address of node === '' ? everyNode : this.ofNode(node)) this.#add(address, { port: onNode.port, protocol }, behind);
      }
    }
  }

  ofNode(name: string): readonly string[] {
    return this.#nodes.get(name) ?? [];
  }

  at(address: string, { port, protocol }: Pick<FlowUse, 'port' | 'protocol'>): readonly Behind[] {
    return this.#behind.get(`${address} ${port}/${protocol}`) ?? [];
  }

  #add(address: string, { port, protocol }: Pick<FlowUse, 'port' | 'protocol'>, behind: Behind): void {
    const key = `${address} ${port}/${protocol}`;
    const known = this.#behind.get(key);
    if (known === undefined) this.#behind.set(key, [behind]);
    else known.push(behind);
  }
}

function outerOf(object: Raw): string[] {
  const { externalIPs, loadBalancerIP } = recordAt(object, 'spec');
  const { ingress } = recordAt(object, 'status', 'loadBalancer');
  const listed = [externalIPs, ingress].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return [loadBalancerIP, ...listed].flatMap((one) => {
    const text = isRecord(one) ? one.ip : one;
    const address = typeof text === 'string' ? parseAddress(text) : undefined;
    return address === undefined ? [] : [addressText(address)];
  });
}

const KNOWN = new WeakMap<World, OuterAddresses>();
