import { documents } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { inTheInput, missingPort } from './references.ts';
import { ROUTE_KINDS, routeBackends } from './routes.ts';

const route = (backend: string, kind = 'HTTPRoute'): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [${backend}]}]}`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8080}]}`;

export const rule = defineRule({
  id: 'dangling-gateway-backend',
  title: 'Gateway route to a missing Service or port',
  severity: 'low',
  area: 'network',
  rationale:
    'Requests end in an error, and whoever may create Services in that namespace can make one of this name and answer under a host that users trust.',
  remedy:
    'Make backendRefs name a Service and one of its ports; for a Service of another namespace write the namespace and have a ReferenceGrant there.',
  controls: [],
  aliases: {
    kubescape: ['C-0302'],
  },
  scope: 'object',
  kinds: ROUTE_KINDS,
  reads: ['Service', 'completeness', 'namespaces'],
  check(object, { Service, completeness, namespaces }) {
    const hits: Hit[] = [];
    const told = new Set<string>();
    for (const { namespace, service: name, port, path } of routeBackends(object)) {
      const service = Service.get(namespace, name);
      // Of a namespace that was not read nothing is known.
      if (service === undefined && namespace !== object.namespace && !completeness.complete && namespaces.get(namespace) === undefined)
        continue;
      const fault =
        service === undefined
          ? `Service "${name}" is not in namespace "${namespace}"${inTheInput(completeness)}`
          : missingPort(service, port);
      const key = `${namespace}/${name}:${port}`;
      if (fault === undefined || told.has(key)) continue;
      told.add(key);
      hits.push({ key, message: `leads to nothing: ${fault}`, path });
    }
    return hits;
  },
  examples: () => ({
    good: [
      documents(route('{name: web, port: 8080}'), SERVICE),
      documents(route('{name: web, port: 8080, namespace: ops}'), SERVICE.replace('shop', 'ops')),
      route('{group: storage.example.com, kind: Bucket, name: static}'),
      route(''),
    ],
    bad: [
      { yaml: route('{name: web, port: 8080}'), path: 'spec.rules[0].backendRefs[0].name' },
      { yaml: documents(route('{name: web, port: 8080}'), SERVICE.replace('shop', 'ops')), path: 'spec.rules[0].backendRefs[0].name' },
      {
        yaml: documents(route('{name: web, port: 8080}, {kind: Service, name: web, port: 9090}'), SERVICE),
        path: 'spec.rules[0].backendRefs[1].name',
      },
      { yaml: route('{name: dns, port: 53}', 'UDPRoute'), path: 'spec.rules[0].backendRefs[0].name' },
    ],
  }),
});
