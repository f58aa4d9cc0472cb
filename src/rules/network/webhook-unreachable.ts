import { contains, placeOf } from '../../engines/network/index.ts';
import type { ApiObject, Workload } from '../../model/index.ts';
import { refOf } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule, nsa } from '../rule.ts';
import { NETWORK_TABLES, type Network, hasPolicies, networkOf } from './network.ts';
import { allowing, isIsolated, podsOfRoots } from './reach.ts';
import { podsOf } from './references.ts';

const policy = (ingress: string): string => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, ingress: ${ingress}}`;
const SERVICE = `
apiVersion: v1
kind: Service
metadata: {name: hook, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 443, targetPort: 9443}]}`;
const WEBHOOK = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks: [{name: check.example.com, clientConfig: {service: {namespace: shop, name: hook, path: /check}}}]`;
const API = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1.example.com}
spec: {group: example.com, version: v1, service: {namespace: shop, name: hook}}`;
const WEB = withContainer('ports: [{name: hook, containerPort: 9443}]');

export const rule = defineRule({
  id: 'webhook-unreachable',
  title: 'Webhook that the API server cannot reach',
  severity: 'medium',
  area: 'network',
  rationale:
    'The API server asks these pods before it stores objects, or passes requests on to them, but their policies let nobody from outside the namespace in on that port. Requests fail, or, where failures are ignored, the check that should stop bad objects is skipped without a word.',
  remedy:
    "Let the port of the pods in from the addresses of the API servers (an ipBlock), or from everybody: the webhook's own certificate says who may ask. Traffic of the node to its own pods passes anyway, so a cluster of one node does not show the fault.",
  controls: nsa('network-policies'),
  netLint: true,
  scope: 'object',
  kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'APIService'],
  reads: [...NETWORK_TABLES, 'workloads'],
  applies: (_object, tables) => hasPolicies(tables),
  check(object, tables) {
    const network = networkOf(tables);
    return targetsIn(object).flatMap(({ key, namespace, name, port, path }): Hit[] => {
      const service = tables.Service.get(namespace, name);
      if (service === undefined) return [];
      const shut = podsOf(service, tables.workloads).find((workload) => isShut(network, workload, targetPorts(service, port, workload)));
      if (shut === undefined) return [];
      return [
        {
          key,
          message: `${key === '' ? 'it' : `"${key}"`} is answered by ${refOf(shut.object)}, whose policies let nobody of another namespace or address in on its port`,
          path,
          also: [{ object: shut.object, path: `${shut.podMetadataPath}.labels` }],
        },
      ];
    });
  },
  examples: () => ({
    good: [
      documents(WEB, SERVICE, WEBHOOK),
      documents(WEB, SERVICE, WEBHOOK, policy('[{ports: [{port: 9443}]}]')),
      documents(WEB, SERVICE, WEBHOOK, policy('[{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: hook}]}]')),
      // Where the control plane is elsewhere, its requests come from pods of the cluster.
      documents(
        WEB,
        SERVICE,
        WEBHOOK,
        policy('[{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]'),
      ),
      documents(WEB.replace('containers:', 'hostNetwork: true\n      containers:'), SERVICE, WEBHOOK, policy('[]')),
      documents(
        WEB,
        SERVICE,
        WEBHOOK.replace('service: {namespace: shop, name: hook, path: /check}', 'url: "https://hook.example.com"'),
        policy('[]'),
      ),
    ],
    bad: [
      { yaml: documents(WEB, SERVICE, WEBHOOK, policy('[{from: [{podSelector: {}}]}]')), path: 'webhooks[0].clientConfig.service.name' },
      // The port of the Service in place of that of the pods.
      { yaml: documents(WEB, SERVICE, WEBHOOK, policy('[{ports: [{port: 443}]}]')), path: 'webhooks[0].clientConfig.service.name' },
      { yaml: documents(WEB, SERVICE, API, policy('[]')), path: 'spec.service.name' },
    ],
  }),
});

interface Target {
  key: string;
  namespace: string;
  name: string;
  port: number;
  path: string;
}

function targetsIn(object: ApiObject): Target[] {
  if (object.known === 'APIService') {
    const service = (object as ApiObject<'APIService'>).body.spec?.service;
    return service?.name === undefined
      ? []
      : [{ key: '', namespace: service.namespace ?? '', name: service.name, port: 443, path: 'spec.service.name' }];
  }
  const { webhooks = [] } = (object as ApiObject<'ValidatingWebhookConfiguration'>).body;
  return webhooks.flatMap(({ name = '', clientConfig }, index): Target[] => {
    const service = clientConfig?.service;
    if (service?.name === undefined) return [];
    return [
      {
        key: name,
        namespace: service.namespace ?? '',
        name: service.name,
        port: service.port ?? 443,
        path: `webhooks[${index}].clientConfig.service.name`,
      },
    ];
  });
}

/** What the port of a Service is on the pods, by number; a name is looked up in the containers. */
function targetPorts(service: ApiObject<'Service'>, wanted: number, { containers }: Workload): number[] {
  const entry = service.body.spec?.ports?.find(({ port }) => port === wanted);
  const target = entry?.targetPort ?? entry?.port;
  if (typeof target !== 'string') return target === undefined ? [] : [target];
  return containers.flatMap(({ spec }) =>
    (spec.ports ?? []).flatMap(({ name, containerPort }) => (name === target && containerPort !== undefined ? [containerPort] : [])),
  );
}

function isShut(network: Network, workload: Workload, ports: readonly number[]): boolean {
  if (workload.pod.hostNetwork === true || ports.length === 0) return false;
  const pod = podsOfRoots(network).get(workload.object)?.[0];
  const ids = network.relation.entities.classesOf[pod ?? -1] ?? [];
  return (
    ids.length > 0 &&
    ids.every((id) => isIsolated(network, 'ingress', id) && !letsElsewhereIn(network, { id, namespace: workload.namespace, ports }))
  );
}

/** Anybody who is no pod of the same namespace: the API server may come as an address or through pods of the system. */
function letsElsewhereIn(network: Network, at: { id: number; namespace: string; ports: readonly number[] }): boolean {
  const { relation } = network;
  return allowing(network, 'ingress', at.id).some((rule) => {
    if (rule.peers?.every((peer) => peer.kind === 'pods' && peer.namespaces === at.namespace) === true) return false;
    const open = relation.ports.set(relation.rulePorts.of(rule, at.id));
    return at.ports.some((port) => contains(open, placeOf('TCP', port)));
  });
}
