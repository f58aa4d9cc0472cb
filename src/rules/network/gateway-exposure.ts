import { type ApiObject, refOf } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import { type Hit, defineRule, mitre } from '../rule.ts';
import { podsOf } from './references.ts';
import { ROUTE_KINDS, type Route, isFromGateway, routeBackends } from './routes.ts';

type VirtualService = ApiObject<'VirtualService'>;

const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8080}]}`;
const route = (parent: string): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [${parent}], rules: [{backendRefs: [{name: web, port: 8080}]}]}`;
const virtual = (gateways: string, host: string): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [shop.example.com], ${gateways}http: [{route: [{destination: {host: ${host}}}]}]}`;

export const rule = defineRule({
  id: 'gateway-exposure',
  title: 'Workload published by a gateway',
  severity: 'info',
  area: 'network',
  rationale: 'The workload takes requests from outside the cluster, so a hole in it is a way in; what else is wrong with it weighs more.',
  remedy:
    'See that it is meant to be public, that the gateway or the workload authenticates its callers, and that the other findings of the workload are dealt with first.',
  controls: mitre('T1190'),
  aliases: {
    kubescape: ['C-0266'],
  },
  scope: 'object',
  kinds: [...ROUTE_KINDS, 'VirtualService'],
  reads: ['Service', 'workloads'],
  check(object, { Service, workloads }) {
    const targets = object.known === 'VirtualService' ? virtualTargets(object as VirtualService) : routeTargets(object as Route);
    const hits: Hit[] = [];
    const told = new Set<string>();
    for (const { namespace, service: name, path } of targets) {
      const service = Service.get(namespace, name);
      const key = `${namespace}/${name}`;
      if (service === undefined || told.has(key)) continue;
      told.add(key);
      const selected = podsOf(service, workloads);
      const first = selected[0];
      const others = selected.length > 1 ? ` and ${selected.length - 1} more` : '';
      hits.push({
        key,
        message: first === undefined ? `publishes Service "${name}"` : `publishes ${refOf(first.object)}${others} by Service "${name}"`,
        path,
        also: [
          { object: service, path: 'spec.selector' },
          ...selected.slice(0, 5).map(({ object: workload, podMetadataPath }) => ({ object: workload, path: `${podMetadataPath}.labels` })),
        ],
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      // Routes of a mesh, which lead from Service to Service.
      documents(route('{kind: Service, group: "", name: web}'), SERVICE, withPod('')),
      documents(virtual('', 'web'), SERVICE, withPod('')),
      documents(virtual('gateways: [mesh], ', 'web'), SERVICE, withPod('')),
      // Told by dangling-gateway-backend.
      route('{name: public}'),
      documents(virtual('gateways: [public], ', 'web.other.svc.cluster.local'), SERVICE),
    ],
    bad: [
      { yaml: documents(route('{name: public}'), SERVICE, withPod('')), path: 'spec.rules[0].backendRefs[0].name', severity: 'info' },
      {
        yaml: documents(virtual('gateways: [mesh, istio-system/public], ', 'web.shop.svc.cluster.local'), SERVICE, withPod('')),
        path: 'spec.http[0].route[0].destination.host',
      },
      { yaml: documents(virtual('gateways: [public], ', 'web'), SERVICE), path: 'spec.http[0].route[0].destination.host' },
    ],
  }),
});

type Target = Pick<ReturnType<typeof routeBackends>[number], 'namespace' | 'service' | 'path'>;

function routeTargets(route: Route): readonly Target[] {
  return isFromGateway(route) ? routeBackends(route) : [];
}

/** Where a VirtualService leads from a gateway; without gateways it is for the mesh only. */
function virtualTargets({ body: { spec }, namespace }: VirtualService): Target[] {
  const targets: Target[] = [];
  if (spec?.gateways?.some((gateway) => gateway !== 'mesh') !== true) return targets;
  for (const [index, http] of (spec.http ?? []).entries()) {
    for (const [at, { destination }] of (http.route ?? []).entries()) {
      const [service, home = namespace, domain = 'svc'] = (destination?.host ?? '').split('.');
      // Anything longer than that is a host outside.
      if (!service || domain !== 'svc') continue;
      targets.push({ namespace: home, service, path: `spec.http[${index}].route[${at}].destination.host` });
    }
  }
  return targets;
}
