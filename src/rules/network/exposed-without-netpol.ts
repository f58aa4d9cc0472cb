import { type ApiObject, type Tables, type Workload, refOf } from '../../model/index.ts';
import { documents, withPod } from '../examples.ts';
import type { Severity } from '../finding.ts';
import { cis, defineRule, mitre, nsa } from '../rule.ts';
import { backendsOf, isInternal } from './ingresses.ts';
import { POLICY_TABLES, isReachedByPolicies, isolationOf } from './policies.ts';
import { podsOf } from './references.ts';
import { ROUTE_KINDS, isFromGateway, routeBackends } from './routes.ts';
import { describeExposure, exposureOf } from './services.ts';

const service = (spec: string): string => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {${spec}selector: {app: web}, ports: [{port: 80}]}`;
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}`;
const ROUTE = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {parentRefs: [{name: public}], rules: [{backendRefs: [{name: web, port: 80}]}]}`;
const POLICY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 8080}]}]}`;
const POD = `
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: web}]}
status: {phase: Running}`;
const PUBLIC = service('type: LoadBalancer, ');

export const rule = defineRule({
  id: 'exposed-without-netpol',
  title: 'Published workload that no policy protects',
  severity: 'medium',
  area: 'network',
  rationale:
    'The workload takes requests from outside the cluster, and no NetworkPolicy restricts who connects to its pods: every port is open to every pod, so that what is published on one port can be gone around by all others, and a neighbour that was taken over reaches it without passing the gateway.',
  remedy: 'Add a NetworkPolicy for its pods that lets in the gateway or the callers on the ports that are published, and nobody else.',
  controls: [...cis('5.3.2'), ...nsa('network-policies'), ...mitre('T1190')],
  effort: 'medium',
  netLint: true,
  covers: ['pod-without-netpol'],
  scope: 'workload',
  reads: POLICY_TABLES,
  check(workload, tables) {
    const by = publishersIn(tables).get(workload);
    if (by === undefined || !isReachedByPolicies(workload)) return undefined;
    const { ingress, unclear } = isolationOf(workload, tables);
    if (ingress || unclear !== undefined) return undefined;
    return {
      severity: by.severity,
      message: `is reached ${by.how} by ${refOf(by.object)}, and no NetworkPolicy restricts who connects to its pods`,
      path: `${workload.podMetadataPath}.labels`,
      also: [{ object: by.object, path: 'spec' }],
    };
  },
  examples: () => ({
    good: [
      documents(withPod(''), service('')),
      documents(withPod(''), PUBLIC, POLICY),
      documents(withPod(''), service(''), INGRESS.replace('name: web', 'name: other')),
      documents(withPod('hostNetwork: true'), PUBLIC),
      // It has ended.
      documents(POD.replace('Running', 'Succeeded'), PUBLIC),
      // A route of a mesh.
      documents(withPod(''), service(''), ROUTE.replace('{name: public}', '{kind: Service, group: "", name: web}')),
    ],
    bad: [
      { yaml: documents(withPod(''), PUBLIC), path: 'spec.template.metadata.labels', severity: 'medium' },
      { yaml: documents(withPod(''), service(''), INGRESS), path: 'spec.template.metadata.labels', severity: 'medium' },
      { yaml: documents(withPod(''), service(''), ROUTE), path: 'spec.template.metadata.labels', severity: 'medium' },
      { yaml: documents(withPod(''), service('type: NodePort, ')), path: 'spec.template.metadata.labels', severity: 'low' },
      { yaml: documents(POD, PUBLIC), path: 'metadata.labels' },
      // Restricted in where they connect to, not in who connects to them.
      {
        yaml: documents(withPod(''), PUBLIC, POLICY.replace('ingress: [{ports: [{port: 8080}]}]', 'policyTypes: [Egress]')),
        path: 'spec.template.metadata.labels',
      },
    ],
  }),
});

/** A pod that ran to its end listens nowhere, and is taken out of the endpoints. */
function hasEnded({ object }: Workload): boolean {
  if (object.known !== 'Pod') return false;
  const phase = (object as ApiObject<'Pod'>).body.status?.phase;
  return phase === 'Succeeded' || phase === 'Failed';
}

interface Publisher {
  object: ApiObject;
  how: string;
  severity: Severity;
}

type Reads = Pick<Tables, 'Service' | 'Ingress' | 'workloads' | (typeof ROUTE_KINDS)[number]>;
const PUBLISHERS = new WeakMap<Reads['Service'], ReadonlyMap<Workload, Publisher>>();

function publishersIn(tables: Reads): ReadonlyMap<Workload, Publisher> {
  let found = PUBLISHERS.get(tables.Service);
  if (found === undefined) PUBLISHERS.set(tables.Service, (found = publishers(tables)));
  return found;
}

/** The most open way to each workload. */
function publishers(tables: Reads): ReadonlyMap<Workload, Publisher> {
  const found = new Map<Workload, Publisher>();
  const add = (service: ApiObject<'Service'> | undefined, publisher: Publisher): void => {
    if (service === undefined) return;
    for (const workload of podsOf(service, tables.workloads)) {
      if (!hasEnded(workload) && found.get(workload)?.severity !== 'medium') found.set(workload, publisher);
    }
  };
  for (const object of tables.Service.all) {
    const exposure = exposureOf(object);
    if (exposure !== 'cluster')
      add(object, { object, how: describeExposure(exposure), severity: exposure === 'public' ? 'medium' : 'low' });
  }
  for (const object of tables.Ingress.all) {
    const severity = isInternal(object) ? 'low' : 'medium';
    for (const { service } of backendsOf(object))
      add(tables.Service.get(object.namespace, service), { object, how: 'from outside', severity });
  }
  for (const kind of ROUTE_KINDS) {
    for (const object of tables[kind].all) {
      if (!isFromGateway(object)) continue;
      for (const { namespace, service } of routeBackends(object))
        add(tables.Service.get(namespace, service), { object, how: 'from outside', severity: 'medium' });
    }
  }
  return found;
}
