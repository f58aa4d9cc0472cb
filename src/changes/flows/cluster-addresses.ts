/**
 * Whether an address that nobody in the input has may have been that of a pod or of a Service: what is gone leaves its
 * address in the log. Pods are where nodes say (`podCIDR`), or anywhere private where one does not. No object of older
 * releases has the range of Services, so what is as near to one that is known as the widest usual range may be another.
 */
import { type Intervals, contains, parseAddress, parseCidr, recordAt, union } from '../../engines/network/index.ts';
import { textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

type Raw = Readonly<Record<string, unknown>>;

export type MayBe = 'pod' | 'service' | undefined;

const PRIVATE = joined(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);

export function clusterAddresses(objects: readonly SourceObject[]): (address: string) => MayBe {
  const specsOf = (kind: string): Raw[] => objects.flatMap(({ object }) => (object.kind === kind ? [recordAt(object, 'spec')] : []));
  const nodes = specsOf('Node').map(({ podCIDRs, podCIDR }) => textsIn(podCIDRs, podCIDR));
  const isTold = nodes.length > 0 && nodes.every((ranges) => ranges.length > 0);
  const ofPods = isTold ? joined(nodes.flat()) : PRIVATE;
  const near = joined([
    ...specsOf('Service').flatMap(({ clusterIPs, clusterIP }) => textsIn(clusterIPs, clusterIP).flatMap(around)),
    ...specsOf('ServiceCIDR').flatMap(({ cidrs }) => textsIn(cidrs)),
  ]);
  const ofServices = near.length > 0 ? near : PRIVATE;
  return (text) => {
    const address = parseAddress(text);
    if (address === undefined) return undefined;
    // Behind a Service any port may lead to any other.
    if (contains(ofServices, address)) return 'service';
    return contains(ofPods, address) ? 'pod' : undefined;
  };
}

function textsIn(several: unknown, one?: unknown): string[] {
  return [...(Array.isArray(several) ? (several as unknown[]) : []), one].map((value) => textOf(value)).filter((text) => text !== '');
}

/** kubeadm gives Services a /12 where nobody says otherwise; of IPv6 the server takes no more than a /108. */
function around(address: string): string[] {
  if (parseAddress(address) === undefined) return [];
  return [address.includes(':') ? `${address}/108` : `${address}/12`];
}

function joined(cidrs: readonly string[]): Intervals<bigint> {
  return cidrs.reduce<Intervals<bigint>>((all, cidr) => union(all, parseCidr(cidr) ?? []), []);
}
