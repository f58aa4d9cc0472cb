import { type Hit, defineRule, mitre } from '../rule.ts';
import { isAcmeSolver } from './ingresses.ts';

const ingress = (spec: string, metadata = '{name: web, namespace: shop}'): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: ${metadata}
spec: ${spec}`;
const PATHS = 'http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}';

export const rule = defineRule({
  id: 'ingress-wildcard',
  title: 'Ingress for any host',
  severity: 'low',
  area: 'network',
  rationale:
    'An Ingress without a host, for a wildcard or with a default backend gets requests for names that nobody meant to serve, those of other teams included, and shows the application to everyone who scans addresses.',
  remedy: 'Write the full host into each rule and leave out the default backend, unless the controller really needs one for unknown hosts.',
  controls: mitre('T1190'),
  aliases: {
    'kyverno-policies': [
      'disallow-empty-ingress-host',
      'restrict-ingress-wildcard',
      'restrict-ingress-defaultbackend',
      'restrict-ingress-host',
    ],
    'gatekeeper-library': ['block-wildcard-ingress'],
  },
  scope: 'object',
  kinds: ['Ingress'],
  check(object) {
    const { spec } = object.body;
    if (spec === undefined || isAcmeSolver(object)) return undefined;
    const hits: Hit[] = [];
    for (const [index, { host }] of (spec.rules ?? []).entries()) {
      const path = `spec.rules[${index}].host`;
      if (!host) hits.push({ key: 'no host', message: 'has a rule without a host: it gets requests for any host', path });
      else if (host.includes('*')) hits.push({ key: host, message: `serves every host under "${host}"`, path });
    }
    if (spec.defaultBackend !== undefined || spec.backend !== undefined) {
      const path = spec.defaultBackend === undefined ? 'spec.backend' : 'spec.defaultBackend';
      hits.push({ key: 'default backend', message: 'has a default backend: it gets every request that no rule is for', path });
    }
    return hits;
  },
  examples: () => ({
    good: [
      ingress(`{rules: [{host: shop.example.com, ${PATHS}}]}`),
      // For the certificate a wildcard is fine.
      ingress(`{tls: [{hosts: ['*.example.com']}], rules: [{host: shop.example.com, ${PATHS}}]}`),
    ],
    bad: [
      { yaml: ingress(`{rules: [{host: shop.example.com, ${PATHS}}, {${PATHS}}]}`), path: 'spec.rules[1].host' },
      { yaml: ingress(`{rules: [{host: '*.example.com', ${PATHS}}]}`), path: 'spec.rules[0].host' },
      { yaml: ingress('{defaultBackend: {service: {name: web, port: {number: 80}}}}'), path: 'spec.defaultBackend' },
      {
        yaml: ingress('{backend: {serviceName: web, servicePort: 80}}').replace('networking.k8s.io/v1', 'extensions/v1beta1'),
        path: 'spec.backend',
      },
    ],
  }),
});
