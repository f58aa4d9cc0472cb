import type { ApiObject, KindTable } from '../../model/index.ts';
import { defineRule } from '../rule.ts';
import { documents } from '../examples.ts';
import { podSelectorOf } from './references.ts';

type Service = ApiObject<'Service'>;

const service = (name: string, spec: string): string => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec: ${spec}`;
const WEB = service('web', '{selector: {app: web, tier: front}, ports: [{port: 80}]}');

export const rule = defineRule({
  id: 'service-selector-unique',
  title: 'Two Services for the same pods',
  severity: 'info',
  area: 'network',
  rationale:
    'Two Services with one selector and one port are mostly a copy whose selector was not changed: traffic meant for one application reaches another.',
  remedy: 'Give each Service a selector of its own, or keep only one. Where two names are wanted on purpose, except this finding.',
  controls: [],
  aliases: {
    'kyverno-policies': ['require-unique-service-selector'],
    'gatekeeper-library': ['uniqueserviceselector'],
  },
  scope: 'object',
  kinds: ['Service'],
  reads: ['Service'],
  check(object, tables) {
    // One of them stands for all: the finding is at the others, whatever the order of the input.
    const index = indexOf(tables.Service);
    const first = keysOf(object)
      .map((key) => index.get(key))
      .find((other) => other !== undefined && other.name < object.name);
    if (first === undefined) return undefined;
    return {
      message: `selects the same pods on the same port as Service "${first.name}"`,
      path: 'spec.selector',
      also: [{ object: first, path: 'spec.selector' }],
    };
  },
  examples: () => ({
    good: [
      documents(WEB, service('web-2', '{selector: {app: web}, ports: [{port: 80}]}')),
      // One with an address and one for the names of single pods, as a StatefulSet needs.
      documents(WEB, service('web-pods', '{clusterIP: None, selector: {app: web, tier: front}, ports: [{port: 80}]}')),
      documents(WEB, service('web-public', '{type: LoadBalancer, selector: {app: web, tier: front}, ports: [{port: 80}]}')),
      // A port of its own.
      documents(WEB, service('web-metrics', '{selector: {app: web, tier: front}, ports: [{port: 9090}]}')),
      documents(WEB, service('web-2', '{selector: {app: web, tier: front}, ports: [{port: 80}]}').replace('shop', 'ops')),
    ],
    bad: [
      {
        yaml: documents(service('web-2', '{selector: {tier: front, app: web}, ports: [{port: 80}, {port: 81}]}'), WEB),
        path: 'spec.selector',
      },
    ],
  }),
});

const INDEXES = new WeakMap<KindTable<'Service'>, Map<string, Service>>();

/** Of the Services that share a key the first by name. */
function indexOf(services: KindTable<'Service'>): Map<string, Service> {
  let index = INDEXES.get(services);
  if (index === undefined) {
    INDEXES.set(services, (index = new Map()));
    for (const service of services.all) {
      for (const key of keysOf(service)) {
        const known = index.get(key);
        if (known === undefined || service.name < known.name) index.set(key, service);
      }
    }
  }
  return index;
}

/** Namespace, type, selector and port, one key a port. One Service for inside and one for outside are no copy. */
function keysOf(service: Service): string[] {
  const selector = podSelectorOf(service);
  if (selector === undefined) return [];
  const { clusterIP, type = 'ClusterIP', ports = [] } = service.body.spec ?? {};
  const pairs = Object.keys(selector)
    .sort()
    .map((key) => `${key}=${selector[key]}`)
    .join(',');
  return ports.map(
    ({ port, protocol = 'TCP' }) => `${service.namespace} ${clusterIP === 'None' ? 'headless' : type} ${port}/${protocol} ${pairs}`,
  );
}
