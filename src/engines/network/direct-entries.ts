/**
 * What lets traffic in from outside by itself: Services of type LoadBalancer and NodePort, external addresses of
 * Services, ports of nodes that pods claim, and pods on the network of their node (k8s.io/kubernetes pkg/proxy).
 */
import { EVERY_ADDRESS, parseCidr } from './addresses.ts';
import { type Intervals, union } from './intervals.ts';
import { type Evidence, evidenceOf } from './lead.ts';
import { type Pod, podPathOf } from './pods.ts';
import type { Protocol } from './ports.ts';
import { type Raw, recordAt, textAt } from './read.ts';
import type { Service, ServicePort, Services } from './services.ts';
import type { World } from './world.ts';

export type DirectWay = 'load-balancer' | 'node-port' | 'external-ip' | 'host-port' | 'host-network';

export interface DirectEntry {
  readonly by: DirectWay;
  readonly via: readonly Evidence[];
  readonly hosts: readonly string[];
  readonly outerPort: number | undefined;
  readonly pod: number;
  readonly container: string | undefined;
  readonly protocol: Protocol | undefined;
  /** On the pod; undefined is any, as of pods on the host's network that name none. */
  readonly port: number | undefined;
  /** Who may try, as far as the object says. */
  readonly from: Intervals<bigint>;
  /** The balancer is asked to have an address inside the provider's network only. */
  readonly internal: Evidence | undefined;
  /** The address of who knocks may be replaced by that of a node on the way. */
  readonly replaced: boolean;
}

export function directEntries(world: World, services: Services): DirectEntry[] {
  return [
    ...services.all.flatMap((service) => serviceEntries(service, world, services)),
    ...world.pods.flatMap((pod, index) => (pod.finished ? [] : nodeEntries(pod, index))),
  ];
}

type Way = Pick<DirectEntry, 'by' | 'via' | 'hosts' | 'outerPort' | 'from' | 'internal'>;

function serviceEntries(service: Service, world: World, services: Services): DirectEntry[] {
  const spec = recordAt(service.object, 'spec');
  if (service.type === 'ExternalName' || spec.clusterIP === 'None') return [];
  const ways = service.ports.map((port) => waysTo(port, service, world));
  if (ways.every((list) => list.length === 0)) return [];
  // A node that must not pass traffic on to others has no reason to replace the address.
  const replaced = textAt(spec, 'externalTrafficPolicy') !== 'Local';
  return services
    .behind(service)
    .flatMap(({ pod, port, number, container }) =>
      (ways[service.ports.indexOf(port)] ?? []).map((way) => ({ ...way, pod, container, protocol: port.protocol, port: number, replaced })),
    );
}

function waysTo(port: ServicePort, { object, type }: Service, world: World): Way[] {
  const spec = recordAt(object, 'spec');
  const at = (path: string): Evidence => evidenceOf(object, path, world);
  const field = `spec.ports[${port.index}]`;
  const ways: Way[] = [];
  const open = { hosts: [], from: EVERY_ADDRESS, internal: undefined };
  if (type === 'LoadBalancer') {
    const { from, path } = sourceRanges(object);
    const via = [at('spec.type'), at(field), ...(path === undefined ? [] : [at(path)])];
    ways.push({ ...open, by: 'load-balancer', via, outerPort: port.port, from, internal: internalOf(object, at) });
  }
  // A balancer gets ports of nodes as well, which its source ranges do not guard.
  if (type === 'NodePort' || (type === 'LoadBalancer' && (port.nodePort !== undefined || spec.allocateLoadBalancerNodePorts !== false))) {
    const via = [at('spec.type'), at(port.nodePort === undefined ? field : `${field}.nodePort`)];
    ways.push({ ...open, by: 'node-port', via, outerPort: port.nodePort });
  }
  const addresses = Array.isArray(spec.externalIPs) ? spec.externalIPs.filter((one) => typeof one === 'string') : [];
  if (addresses.length > 0)
    ways.push({ ...open, by: 'external-ip', via: [at('spec.externalIPs'), at(field)], hosts: addresses, outerPort: port.port });
  return ways;
}

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** The annotation is the older form, which counts where the field is empty. */
function sourceRanges(object: Raw): { from: Intervals<bigint>; path: string | undefined } {
  const field = recordAt(object, 'spec').loadBalancerSourceRanges;
  const written = Array.isArray(field) ? field.filter((one) => typeof one === 'string') : [];
  const annotation = textAt(recordAt(object, 'metadata', 'annotations'), SOURCE_RANGES);
  const texts = written.length > 0 ? written : annotation.split(',').filter((text) => text.trim() !== '');
  if (texts.length === 0) return { from: EVERY_ADDRESS, path: undefined };
  const ranges = texts.map((text) => parseCidr(text.trim()));
  // What cannot be read restricts nothing that we know of.
  const from = ranges.reduce<Intervals<bigint>>((all, range) => union(all, range ?? EVERY_ADDRESS), []);
  return { from, path: written.length > 0 ? 'spec.loadBalancerSourceRanges' : `metadata.annotations["${SOURCE_RANGES}"]` };
}

/** By annotation the values that make a provider's balancer an inner one. */
const INTERNAL: Readonly<Record<string, RegExp>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': /^(?!false$)./,
  'service.beta.kubernetes.io/aws-load-balancer-scheme': /^internal$/,
  'service.beta.kubernetes.io/azure-load-balancer-internal': /^true$/,
  'networking.gke.io/load-balancer-type': /^internal$/i,
  'cloud.google.com/load-balancer-type': /^internal$/i,
  'service.beta.kubernetes.io/openstack-internal-load-balancer': /^true$/,
  'service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type': /^private$/,
  'service.beta.kubernetes.io/oci-load-balancer-internal': /^true$/,
};

function internalOf(object: Raw, at: (path: string) => Evidence): Evidence | undefined {
  const annotations = recordAt(object, 'metadata', 'annotations');
  for (const [key, inner] of Object.entries(INTERNAL))
    if (inner.test(textAt(annotations, key))) return at(`metadata.annotations["${key}"]`);
  return undefined;
}

function nodeEntries(pod: Pod, index: number): DirectEntry[] {
  const at = (path: string): Evidence => ({ ref: `${pod.kind}/${ownerOf(pod)}`, path, object: pod.object });
  const open = { hosts: [], from: EVERY_ADDRESS, internal: undefined, replaced: false, pod: index };
  if (pod.host) {
    const via = [at(`${podPathOf(pod)}.hostNetwork`)];
    const declared = pod.ports.map(({ number, protocol, container }) => ({ port: number, outerPort: number, protocol, container }));
    const any = { port: undefined, outerPort: undefined, protocol: undefined, container: undefined };
    return (declared.length > 0 ? declared : [any]).map((ports) => ({ ...open, by: 'host-network', via, ...ports }));
  }
  return pod.ports.flatMap(({ number, protocol, container, onNode }): DirectEntry[] => {
    if (onNode === undefined || isLoopback(onNode.address)) return [];
    const hosts = ['', '0.0.0.0', '::'].includes(onNode.address) ? [] : [onNode.address];
    return [{ ...open, by: 'host-port', via: [at(onNode.path)], hosts, outerPort: onNode.port, protocol, port: number, container }];
  });
}

/** `ns/name` of the object that it was read from: what a template tells of is its workload. */
function ownerOf({ kind, namespace, name, workload }: Pod): string {
  return kind === 'Pod' ? `${namespace}/${name}` : workload.slice(0, workload.lastIndexOf('['));
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
