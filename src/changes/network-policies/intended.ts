/**
 * What generated policies have to allow, worked out from the links themselves: by which workload is meant and not by
 * labels, so that a selector that finds others, a wrong port or a slip of the pen is seen.
 */
import { ALL_PORTS, type Intervals, contains, difference, familyOf, intersection, parseCidr, union } from '../../engines/network/index.ts';
import { type Labels, mapMatches } from '../../model/index.ts';
import type { Inventory } from './inventory.ts';
import type { Link, LinkPeer } from './links.ts';
import type { Unit, Units } from './units.ts';

const FAMILIES = [4, 6] as const;

/** A pod that is not in the input, to see who it would be let in by. */
export interface Stranger {
  readonly namespace: string;
  readonly labels: Labels;
}

export class Intended {
  /** Those that rules name, and one that nobody names. Their indexes come behind those of the pods of the input. */
  readonly strangers: readonly Stranger[];
  readonly #inventory: Inventory;
  readonly #units: Units;
  readonly #links = new Map<Unit, Link[]>();
  /** Those that policies are made for. */
  readonly namespaces: ReadonlySet<string>;

  constructor(inventory: Inventory, units: Units, links: readonly Link[]) {
    this.#inventory = inventory;
    this.#units = units;
    this.strangers = strangersOf(links);
    this.namespaces = new Set(units.all.filter(({ policed }) => policed).map(({ namespace }) => namespace));
    for (const link of links) this.#links.set(link.unit, [...(this.#links.get(link.unit) ?? []), link]);
  }

  /** Between two pods, by index; over whatever family of addresses both have. */
  between(source: number, destination: number): Intervals<number> {
    return this.#overFamilies(source, destination, (family) =>
      intersection(
        this.#side('egress', { own: source, other: destination, family }),
        this.#side('ingress', { own: destination, other: source, family }),
      ),
    );
  }

  /** What the policies of one pod say of another one, whatever that one's own say. */
  side(direction: Link['direction'], own: number, other: number): Intervals<number> {
    return this.#overFamilies(own, other, (family) => this.#side(direction, { own, other, family }));
  }

  #overFamilies(one: number, other: number, open: (family: 4 | 6) => Intervals<number>): Intervals<number> {
    const families = FAMILIES.filter((family) => this.#has(one, family) && this.#has(other, family));
    return families.reduce<Intervals<number>>((all, family) => union(all, open(family)), []);
  }

  #side(direction: Link['direction'], { own, other, family }: { own: number; other: number; family: 4 | 6 }): Intervals<number> {
    return this.#permitted(direction, own, ({ peer }) => this.#isPod(peer, other, family));
  }

  /** Between a pod and an address outside. */
  outside(direction: Link['direction'], pod: number, address: bigint): Intervals<number> {
    if (!this.#has(pod, familyOf(address))) return [];
    return this.#permitted(direction, pod, ({ peer }) => peer.kind === 'addresses' && isAt(peer, address));
  }

  /** Everything where no policies are made; nothing for pods that none can name. */
  #permitted(direction: Link['direction'], pod: number, meets: (link: Link) => boolean): Intervals<number> {
    const unit = this.unitOf(pod);
    const stranger = this.strangers[pod - this.#inventory.world.pods.length];
    // The default of a namespace is for all of its pods, also for those that come later.
    if (stranger !== undefined && this.namespaces.has(stranger.namespace)) return [];
    if (unit === undefined || !unit.policed) return ALL_PORTS;
    const links = (this.#links.get(unit) ?? []).filter((link) => link.direction === direction && meets(link));
    return links.reduce<Intervals<number>>((all, { ports }) => union(all, ports), []);
  }

  unitOf(pod: number): Unit | undefined {
    const app = this.#inventory.appOf(pod);
    return app === undefined ? undefined : this.#units.of(app);
  }

  #isPod(peer: LinkPeer, index: number, family: 4 | 6): boolean {
    const pod = this.#inventory.world.pods[index] ?? this.#stranger(index);
    if (pod === undefined) return false;
    if (peer.kind === 'addresses') return pod.addresses.some((address) => familyOf(address) === family && isAt(peer, address));
    if (pod.host) return false;
    if (peer.kind === 'unit') return this.unitOf(index) === peer.unit;
    return peer.kind === 'anybody' || (pod.namespace === peer.namespace && mapMatches(peer.labels, pod.labels));
  }

  #stranger(index: number): (Stranger & { host: boolean; addresses: readonly bigint[] }) | undefined {
    const stranger = this.strangers[index - this.#inventory.world.pods.length];
    return stranger === undefined ? undefined : { ...stranger, host: false, addresses: [] };
  }

  /** A pod whose addresses are not known may have either. */
  #has(index: number, family: 4 | 6): boolean {
    const { addresses = [] } = this.#inventory.world.pods[index] ?? {};
    return addresses.length === 0 || addresses.some((address) => familyOf(address) === family);
  }
}

function strangersOf(links: readonly Link[]): Stranger[] {
  const named = links.flatMap(({ peer }) => (peer.kind === 'pods' ? [{ namespace: peer.namespace, labels: peer.labels }] : []));
  const all = [...named, { namespace: 'of-nobody', labels: {} }];
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function isAt({ cidr, except = [] }: LinkPeer & { kind: 'addresses' }, address: bigint): boolean {
  const without = except.reduce<Intervals<bigint>>((left, one) => difference(left, parseCidr(one) ?? []), parseCidr(cidr) ?? []);
  return contains(without, address);
}
