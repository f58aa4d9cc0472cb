import { connsOf, connsText } from '../../engines/network/index.ts';
import { documents, withContainer } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { blockedOf } from './blocked.ts';
import { NETWORK_TABLES, hasPolicies, networkOf } from './network.ts';
import { ROUTE_KINDS } from './routes.ts';

const WEB = withContainer('ports: [{name: http, containerPort: 8080}, {name: admin, containerPort: 9090}]');
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: admin, port: 90, targetPort: 9090}]}`;
const ingress = (paths: string): string => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [${paths}]}}]}`;
const path = (at: string, port: number): string =>
  `{path: ${at}, pathType: Prefix, backend: {service: {name: web, port: {number: ${port}}}}}`;
const ROUTE = `
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: admin, namespace: shop}
spec: {to: {kind: Service, name: web}, port: {targetPort: admin}}`;
const policy = (ports: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{namespaceSelector: {}}], ports: ${ports}}]}`;
const HTTP = '[{port: 8080}]';

export const rule = defineRule({
  id: 'ingress-port-blocked',
  title: 'Ingress to a port that lets no controller in',
  severity: 'low',
  area: 'network',
  rationale:
    'Pods are published on several ports, and their policies let a controller in on some of them only: one path, host or Route ends with an error while the others work, which is easily taken for a fault of the program.',
  remedy: 'Allow the port of the pods in the policy of the backend as the others are, or remove the path or Route that leads there.',
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['Ingress', 'Route', ...ROUTE_KINDS],
  reads: NETWORK_TABLES,
  applies: (_object, tables) => hasPolicies(tables),
  check(object, tables) {
    const network = networkOf(tables);
    return blockedOf(network, object).flatMap(({ path: field, workload, pod, ports, otherwiseOpen }) => {
      if (!otherwiseOpen) return [];
      const target = network.objects[network.world.pods[pod]?.object ?? -1];
      const text = connsText(connsOf(ports));
      return [
        {
          key: `${workload} ${text}`,
          message: `leads to ${workload} on ${text} too, and its policies let in nobody there who could be the controller`,
          path: field,
          ...(target !== undefined && { also: [{ object: target, path: 'metadata.name' }] }),
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(WEB, SERVICE, ingress(path('/', 80)), policy(HTTP)),
      documents(WEB, SERVICE, ingress(`${path('/', 80)}, ${path('/admin', 90)}`), policy('[{port: 8080}, {port: 9090}]')),
      // Shut altogether: ingress-backend-blocked tells that.
      documents(WEB, SERVICE, ROUTE, policy(HTTP)),
    ],
    bad: [
      {
        yaml: documents(WEB, SERVICE, ingress(`${path('/', 80)}, ${path('/admin', 90)}`), policy(HTTP)),
        path: 'spec.rules[0].http.paths[1].backend',
        severity: 'low',
      },
      // Of another object than the one that works.
      { yaml: documents(WEB, SERVICE, ingress(path('/', 80)), ROUTE, policy(HTTP)), path: 'spec.to', severity: 'low' },
    ],
  }),
});
