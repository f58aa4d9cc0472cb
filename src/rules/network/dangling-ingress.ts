import { documents } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { backendsOf } from './ingresses.ts';
import { inTheInput, missingPort } from './references.ts';

const ingress = (spec: string, metadata = '{name: web, namespace: shop}'): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: ${metadata}
spec: ${spec}`;
const PATHS = 'http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}';
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}`;
const OLD = `
apiVersion: networking.k8s.io/v1beta1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {backend: {serviceName: web, servicePort: http}, rules: [{http: {paths: [{backend: {serviceName: api, servicePort: 80}}]}}]}`;

export const rule = defineRule({
  id: 'dangling-ingress',
  title: 'Ingress to a missing Service or port',
  severity: 'low',
  area: 'network',
  rationale:
    'Requests end in an error, and whoever may create Services in the namespace can make one of this name and answer under a host that users trust.',
  remedy: 'Make the backend name a Service of the same namespace and one of its ports, or remove the path.',
  controls: [],
  aliases: {
    kubescape: ['C-0298'],
    'kube-linter': ['dangling-ingress'],
    'kube-score': ['ingress-targets-service'],
    popeye: ['1401', '1402', '1404', '1400', '1403'],
  },
  scope: 'object',
  kinds: ['Ingress'],
  reads: ['Service', 'completeness'],
  check(object, { Service, completeness }) {
    const hits: Hit[] = [];
    const told = new Set<string>();
    for (const { service: name, port, path } of backendsOf(object)) {
      // The AWS controller takes an annotation of this name for the backend.
      if (port === 'use-annotation') continue;
      const service = Service.get(object.namespace, name);
      const fault =
        service === undefined
          ? `Service "${name}" is not in namespace "${object.namespace}"${inTheInput(completeness)}`
          : missingPort(service, port);
      const key = `${name}:${port}`;
      if (fault === undefined || told.has(key)) continue;
      told.add(key);
      hits.push({ key, message: `leads to nothing: ${fault}`, path });
    }
    return hits;
  },
  examples: () => ({
    good: [
      documents(ingress(`{rules: [{${PATHS}}]}`), SERVICE),
      documents(ingress('{defaultBackend: {service: {name: web, port: {name: http}}}}'), SERVICE),
      ingress(
        '{rules: [{http: {paths: [{path: /, backend: {resource: {apiGroup: k8s.example.com, kind: StorageBucket, name: static}}}]}}]}',
      ),
      ingress('{rules: [{http: {paths: [{path: /, backend: {service: {name: ssl-redirect, port: {name: use-annotation}}}}]}}]}'),
      documents(
        ingress(`{rules: [{${PATHS}}]}`),
        'apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {type: ExternalName, externalName: web.example.com}',
      ),
      documents(OLD, SERVICE, SERVICE.replace('name: web', 'name: api')),
    ],
    bad: [
      { yaml: ingress(`{rules: [{${PATHS}}]}`), path: 'spec.rules[0].http.paths[0].backend.service.name' },
      {
        yaml: documents(ingress(`{rules: [{${PATHS}}]}`), SERVICE.replace('shop', 'ops')),
        path: 'spec.rules[0].http.paths[0].backend.service.name',
      },
      {
        yaml: documents(ingress('{defaultBackend: {service: {name: web, port: {number: 8080}}}}'), SERVICE),
        path: 'spec.defaultBackend.service.name',
      },
      { yaml: documents(OLD, SERVICE), path: 'spec.rules[0].http.paths[0].backend.serviceName' },
      { yaml: documents(OLD, SERVICE.replaceAll('web', 'api')), path: 'spec.backend.serviceName' },
    ],
  }),
});
