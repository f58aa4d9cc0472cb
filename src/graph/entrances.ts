/** What lets the internet in to a port of a container: Services, Ingresses, routes of gateways, ports of the host. */
import type { ApiObject, Container, Tables } from '../model/index.ts';

export interface Entrance {
  readonly object: ApiObject;
  readonly path: string;
  /** The Service that it goes through; undefined for a port of the host. */
  readonly service: ApiObject<'Service'> | undefined;
}

interface Port {
  readonly number: number;
  /** Services that send traffic to it. */
  readonly services: readonly ApiObject<'Service'>[];
}

export function entrances(tables: Tables, container: Container, { number, services }: Port): Entrance[] {
  const found: Entrance[] = [];
  const { workload } = container;
  for (const [index, { containerPort, hostPort, hostIP = '' }] of (container.spec.ports ?? []).entries()) {
    if (containerPort !== number || isLoopback(hostIP)) continue;
    if (hostPort !== undefined && hostPort !== 0) found.push({ object: workload.object, path: `${container.path}.ports[${index}].hostPort`, service: undefined });
    else if (workload.pod.hostNetwork === true) found.push({ object: workload.object, path: `${workload.podPath}.hostNetwork`, service: undefined });
  }
  for (const service of services) {
    const path = openField(service);
    if (path !== undefined) found.push({ object: service, path, service });
    for (const [object, at] of leadersTo(tables, service)) found.push({ object, path: at, service });
  }
  return found;
}

/** Annotations by which clouds give a load balancer an address of the inside. */
const INTERNAL = [
  ['service.beta.kubernetes.io/aws-load-balancer-internal', /^(true|0\.0\.0\.0\/0)$/],
  ['service.beta.kubernetes.io/aws-load-balancer-scheme', /^internal$/],
  ['service.beta.kubernetes.io/azure-load-balancer-internal', /^true$/],
  ['networking.gke.io/load-balancer-type', /^Internal$/i],
  ['cloud.google.com/load-balancer-type', /^Internal$/i],
] as const;

function openField({ body, annotations }: ApiObject<'Service'>): string | undefined {
  const { type, externalIPs, loadBalancerSourceRanges: ranges = [] } = body.spec ?? {};
  if ((externalIPs ?? []).length > 0) return 'spec.externalIPs';
  if (type === 'NodePort') return 'spec.type';
  if (type !== 'LoadBalancer') return undefined;
  if (INTERNAL.some(([name, value]) => value.test(annotations[name] ?? ''))) return undefined;
  return ranges.length === 0 || ranges.some((range) => isWide(range)) ? 'spec.type' : undefined;
}

/** A range that is open to more than the networks that somebody listed by name. */
function isWide(range: string): boolean {
  const [address = '', length = ''] = range.split('/');
  const bits = Number(length);
  if (Number.isNaN(bits) || bits > 8) return false;
  return bits === 0 || !/^(10|127|172|192|f[cd])/.test(address);
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Ingresses and routes whose backend is the Service. */
function* leadersTo(tables: Tables, service: ApiObject<'Service'>): Generator<[ApiObject, string]> {
  for (const ingress of tables.Ingress.in(service.namespace)) {
    const { defaultBackend, backend, rules = [] } = ingress.body.spec ?? {};
    const backends = [defaultBackend, backend, ...rules.flatMap(({ http }) => (http?.paths ?? []).map((path) => path.backend))];
    if (backends.some((each) => (each?.service?.name ?? each?.serviceName) === service.name)) yield [ingress, 'spec.rules'];
  }
  for (const kind of ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'] as const) {
    for (const route of tables[kind].all) {
      const refs = (route.body.spec?.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs);
      const leads = refs.some(({ kind: of = 'Service', name, namespace }) => of === 'Service' && name === service.name && (namespace ?? route.namespace) === service.namespace);
      if (leads && (route.body.spec?.parentRefs ?? []).length > 0) yield [route, 'spec.rules'];
    }
  }
  for (const object of tables.objects.all) {
    if (object.kind !== 'Route' || object.group !== 'route.openshift.io' || object.namespace !== service.namespace) continue;
    const { spec } = object.body as { spec?: { to?: { name?: string }; alternateBackends?: readonly { name?: string }[] } };
    if ([spec?.to, ...(spec?.alternateBackends ?? [])].some((to) => to?.name === service.name)) yield [object, 'spec.to'];
  }
}
