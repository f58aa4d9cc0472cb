/**
 * Whether an address that nobody in the input has may have been that of a pod or of a Service: what is gone leaves its
 * address in the log. Pods are where nodes say (`podCIDR`), or anywhere private where one does not, or where a plug-in
 * gives pods addresses of its own, as those show that are there. No object of older releases has the range of Services, so
 * what is as near to one that is known as the widest usual range may be another.
 */
import {
  POD_RANGES,
  type World,
  addressesIn,
  contains,
  difference,
  parseAddress,
  podAddresses,
  recordAt,
  union,
} from '../../engines/network/index.ts';
import { textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

type Raw = Readonly<Record<string, unknown>>;

export type MayBe = 'pod' | 'service' | undefined;

/** `world` is what the objects are to the network. */
export function clusterAddresses(objects: readonly SourceObject[], world: World): (address: string) => MayBe {
  const specsOf = (kind: string): Raw[] => objects.flatMap(({ object }) => (object.kind === kind ? [recordAt(object, 'spec')] : []));
  const nodes = specsOf('Node').map(({ podCIDRs, podCIDR }) => textsIn(podCIDRs, podCIDR));
  const ofNodes = addressesIn(nodes.flat());
  const isTold = nodes.length > 0 && nodes.every((ranges) => ranges.length > 0);
  const ofPods = isTold && difference(podAddresses(world), ofNodes).length === 0 ? ofNodes : union(ofNodes, POD_RANGES);
  const near = addressesIn([
    ...specsOf('Service').flatMap(({ clusterIPs, clusterIP }) => textsIn(clusterIPs, clusterIP).flatMap(around)),
    ...specsOf('ServiceCIDR').flatMap(({ cidrs }) => textsIn(cidrs)),
  ]);
  const ofServices = near.length > 0 ? near : POD_RANGES;
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
