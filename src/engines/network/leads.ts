/**
 * What sends traffic from outside on to Services: Ingresses, OpenShift's Routes, and the routes of Gateway API. Whoever
 * serves them, a controller in the cluster or a balancer of the provider, is another question.
 */
import { gatewayLeads } from './gateway-routes.ts';
import { type Lead, evidenceOf, namespaceOf } from './lead.ts';
import { type Raw, numberOrTextAt, recordAt, recordsAt, textAt } from './read.ts';
import type { Backend, Services } from './services.ts';
import type { World } from './world.ts';

export function leadsOf(world: World): Lead[] {
  const others = world.entrances.flatMap((entrance): Lead[] => {
    const kind = textAt(entrance, 'kind');
    return kind === 'Ingress' ? ingressLeads(entrance, world) : kind === 'Route' ? routeLeads(entrance, world) : [];
  });
  return [...others, ...gatewayLeads(world)];
}

/** The pods and ports behind the Service that are meant. */
export function backendsOf({ namespace, service, port: wanted, protocol, ofPods }: Lead, services: Services): readonly Backend[] {
  const found = services.get(namespace, service);
  if (found === undefined) return [];
  return services.behind(found).filter(({ port, number }) => {
    if (port.protocol !== protocol) return false;
    if (wanted === undefined || wanted === port.name) return true;
    return ofPods ? wanted === port.target || wanted === number : wanted === port.port;
  });
}

function ingressLeads(entrance: Raw, world: World): Lead[] {
  const spec = recordAt(entrance, 'spec');
  const rules = recordsAt(spec, 'rules').flatMap((rule, index) =>
    recordsAt(recordAt(rule, 'http'), 'paths').map((path, at) => ({
      backend: recordAt(path, 'backend'),
      path: `spec.rules[${index}].http.paths[${at}].backend`,
      host: textAt(rule, 'host'),
    })),
  );
  const backends = [
    { backend: recordAt(spec, 'defaultBackend'), path: 'spec.defaultBackend', host: '' },
    // The names of old versions stand elsewhere, and flat.
    { backend: recordAt(spec, 'backend'), path: 'spec.backend', host: '' },
    ...rules,
  ];
  return backends.flatMap(({ backend, path, host }): Lead[] => {
    const service = recordAt(backend, 'service');
    const port = recordAt(service, 'port');
    const name = textAt(service, 'name') || textAt(backend, 'serviceName');
    if (name === '') return [];
    return [
      {
        by: 'ingress',
        via: [evidenceOf(entrance, path, world)],
        hosts: host === '' ? [] : [host],
        outerPort: undefined,
        protocol: 'TCP',
        namespace: namespaceOf(entrance),
        service: name,
        port: numberOrTextAt(port, 'number') ?? numberOrTextAt(port, 'name') ?? numberOrTextAt(backend, 'servicePort'),
        ofPods: false,
      },
    ];
  });
}

function routeLeads(entrance: Raw, world: World): Lead[] {
  const spec = recordAt(entrance, 'spec');
  const host = textAt(spec, 'host');
  const targets = [
    { target: recordAt(spec, 'to'), path: 'spec.to' },
    ...recordsAt(spec, 'alternateBackends').map((target, index) => ({ target, path: `spec.alternateBackends[${index}]` })),
  ];
  return targets.flatMap(({ target, path }): Lead[] =>
    // What weighs nothing gets nothing.
    textAt(target, 'name') === '' || target.weight === 0
      ? []
      : [
          {
            by: 'route',
            via: [evidenceOf(entrance, path, world)],
            hosts: host === '' ? [] : [host],
            outerPort: undefined,
            protocol: 'TCP',
            namespace: namespaceOf(entrance),
            service: textAt(target, 'name'),
            port: numberOrTextAt(recordAt(spec, 'port'), 'targetPort'),
            ofPods: true,
          },
        ],
  );
}
