import { connsOf, connsText } from '../../engines/network/index.ts';
import { documents, withContainer } from '../examples.ts';
import { defineRule, nsa } from '../rule.ts';
import { blockedOf } from './blocked.ts';
import { ROUTE_KINDS } from './routes.ts';
import { NETWORK_TABLES, hasPolicies, networkOf } from './network.ts';

const policy = (ingress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: ${ingress}}`;
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}`;
const ROUTE = `
apiVersion: route.openshift.io/v1
kind: Route
metadata: {name: shop, namespace: shop}
spec: {to: {kind: Service, name: web}}`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}`;
const GATEWAY = `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec: {gatewayClassName: any, listeners: [{name: web, port: 80, protocol: HTTP}]}`;
const HTTP_ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: web, port: 80}]}]}`;
const BACKEND = 'spec.rules[0].http.paths[0].backend';
const WEB = withContainer('ports: [{containerPort: 8080}]');

export const rule = defineRule({
  id: 'ingress-backend-blocked',
  title: 'Ingress to pods that let no controller in',
  severity: 'medium',
  area: 'network',
  rationale:
    'An Ingress or Route publishes the pods, but their policies let nobody from elsewhere in the cluster in on that port: requests end at the controller with an error, and sooner or later somebody opens the policy too far.',
  remedy:
    "Allow the port of the pods from the controller's namespace and pods in a policy of the backend. Where a rule by a range of addresses is meant for a controller outside the cluster, nothing has to be done.",
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['Ingress', 'Route', ...ROUTE_KINDS],
  reads: NETWORK_TABLES,
  applies: (_object, tables) => hasPolicies(tables),
  check(object, tables) {
    const network = networkOf(tables);
    return blockedOf(network, object).flatMap(({ path, workload, pod, ports, only, otherwiseOpen }) => {
      if (otherwiseOpen) return [];
      const target = network.objects[network.world.pods[pod]?.object ?? -1];
      return {
        key: workload,
        // The controller runs in one of the places that the policies name, as far as can be seen.
        ...(only !== undefined && { severity: 'info' as const }),
        message: `leads to ${workload} on ${connsText(connsOf(ports))}, and its policies let ${only === undefined ? 'in nobody who could be the controller' : `that in ${only}`}`,
        path,
        ...(target !== undefined && { also: [{ object: target, path: 'metadata.name' }] }),
      };
    });
  },
  examples: () => ({
    good: [
      documents(WEB, SERVICE, INGRESS),
      documents(WEB, SERVICE, INGRESS, policy('[{from: [{namespaceSelector: {}}], ports: [{port: 8080}]}]')),
      documents(WEB, SERVICE, ROUTE, policy('[{ports: [{port: 8080}]}]')),
      // Nobody knows whether the Gateway sends anything on.
      documents(WEB, SERVICE, HTTP_ROUTE, policy('[{from: [{namespaceSelector: {}}]}]')),
    ],
    bad: [
      { yaml: documents(WEB, SERVICE, INGRESS, policy('[]')), path: BACKEND, severity: 'medium' },
      // Only a controller beside the pods themselves could get in.
      { yaml: documents(WEB, SERVICE, ROUTE, policy('[{from: [{podSelector: {}}]}]')), path: 'spec.to', severity: 'info' },
      // Meant for the controller, which is not in the input.
      {
        yaml: documents(
          WEB,
          SERVICE,
          INGRESS,
          policy('[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]'),
        ),
        path: BACKEND,
        severity: 'info',
      },
      // The port of the Service instead of that of the pods.
      {
        yaml: documents(WEB, SERVICE, INGRESS, policy('[{from: [{namespaceSelector: {}}], ports: [{port: 80}]}]')),
        path: BACKEND,
        severity: 'medium',
      },
      // By Gateway API.
      { yaml: documents(WEB, SERVICE, GATEWAY, HTTP_ROUTE, policy('[]')), path: 'spec.rules[0].backendRefs[0]', severity: 'medium' },
    ],
  }),
});
