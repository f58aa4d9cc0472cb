/** Needs of who collects metrics: annotations that ask for it, and what Prometheus' operator is told to collect from. */
import { type Intervals, type Raw, recordAt, recordsAt, textAt, union } from '../../engines/network/index.ts';
import { isValid, parseImage } from '../../engines/image-ref/index.ts';
import { type LabelSelector, selectorMatches } from '../../model/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { App, Inventory } from './inventory.ts';
import type { NeedEnd, Needs } from './needs.ts';
import type { Target } from './places.ts';

const SCRAPE = 'prometheus.io/scrape';
const PORT = 'prometheus.io/port';
/** The last word of the names of images that collect what is annotated. */
const COLLECTORS = new Set([
  'prometheus',
  'vmagent',
  'alloy',
  'agent-operator',
  'opentelemetry-collector',
  'opentelemetry-collector-contrib',
  'otel-collector',
]);

export function needsFromScrapes(inventory: Inventory, needs: Needs): void {
  for (const { app, ports, collectors, evidence } of scrapesIn(inventory)) {
    if (ports.length === 0)
      needs.gap({ kind: 'closed', app: app.key, what: 'its metrics are collected, but on which port is not said', evidence });
    else if (collectors.length === 0)
      needs.gap({ kind: 'closed', app: app.key, what: 'its metrics are to be collected, but who does is not in the input', evidence });
    for (const from of collectors) needs.add({ from, to: { kind: 'app', app }, ports, evidence });
  }
}

export interface Scrape extends Target {
  /** Who collects; none where nobody of the input does. */
  readonly collectors: readonly NeedEnd[];
  readonly evidence: readonly Evidence[];
}

/** Workloads whose metrics are asked for. */
export function scrapesIn(inventory: Inventory): Scrape[] {
  const collectors = collectorsIn(inventory);
  return [...annotated(inventory), ...monitored(inventory)].flatMap(({ targets, evidence }) =>
    targets.flatMap(({ app, ports }): Scrape[] => {
      const others = collectors.filter((end) => end.kind !== 'app' || end.app !== app);
      // What collects its own asks nobody.
      return collectors.length > 0 && others.length === 0 && ports.length > 0 ? [] : [{ app, ports, collectors: others, evidence }];
    }),
  );
}

function collectorsIn({ apps }: Inventory): NeedEnd[] {
  const collecting = apps.filter(({ workload }) => workload.containers.some(({ spec }) => COLLECTORS.has(lastWord(spec.image ?? ''))));
  return collecting.map((app) => ({ kind: 'app', app }));
}

function lastWord(image: string): string {
  const parsed = parseImage(image);
  return isValid(parsed) ? (parsed.path.split('/').at(-1) ?? '') : '';
}

interface Scraped {
  targets: readonly Target[];
  evidence: Evidence[];
}

function annotated(inventory: Inventory): Scraped[] {
  const pods = inventory.apps.flatMap((app): Scraped[] => {
    const { annotations, podMetadataPath, object } = app.workload;
    if (annotations[SCRAPE] !== 'true') return [];
    const path = `${podMetadataPath}.annotations["${SCRAPE}"]`;
    const evidence = {
      ref: `${object.kind}/${object.namespace}/${object.name}`,
      path,
      object: app.object,
      what: 'asks for its metrics to be collected',
    };
    return [{ targets: [{ app, ports: portsOf(annotations[PORT]) ?? metricsPorts(inventory, app) }], evidence: [evidence] }];
  });
  const services = inventory.services.all.flatMap((service): Scraped[] => {
    const annotations = recordAt(service.object, 'metadata', 'annotations');
    if (textAt(annotations, SCRAPE) !== 'true') return [];
    const wanted = portsOf(textAt(annotations, PORT));
    const found = new Map<App, Intervals<number>>();
    for (const { pod, port, number } of inventory.services.behind(service)) {
      const app = inventory.appOf(pod);
      if (app !== undefined && port.protocol === 'TCP') found.set(app, wanted ?? union(found.get(app) ?? [], onePort('TCP', number)));
    }
    const object = inventory.find('Service', service.namespace, service.name) ?? -1;
    const path = `metadata.annotations["${SCRAPE}"]`;
    const evidence = { ref: `Service/${service.namespace}/${service.name}`, path, object, what: 'asks for its metrics to be collected' };
    return [{ targets: [...found].map(([app, ports]) => ({ app, ports })), evidence: [evidence] }];
  });
  return [...pods, ...services];
}

function portsOf(text: string | undefined): Intervals<number> | undefined {
  const port = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65535 ? onePort('TCP', port) : undefined;
}

/** The one that is called so, else all that are declared, which is what is collected then. */
function metricsPorts({ world }: Inventory, { pods }: App): Intervals<number> {
  const declared = pods.flatMap((pod) => world.pods[pod]?.ports ?? []).filter(({ protocol }) => protocol === 'TCP');
  const named = declared.filter(({ name }) => /metric|prom/.test(name));
  return (named.length > 0 ? named : declared).reduce<Intervals<number>>((all, { number }) => union(all, onePort('TCP', number)), []);
}

/** ServiceMonitor and PodMonitor of Prometheus' operator. */
function monitored(inventory: Inventory): Scraped[] {
  const services = [...inventory.ofKind('ServiceMonitor')].map(([object, index]): Scraped => {
    const { ref, selector, isInside } = monitorOf(object);
    const targets = inventory.services.all
      .filter((service) => isInside(service.namespace) && selectorMatches(selector, labelsOf(service.object)))
      .flatMap((service) =>
        inventory.services.behind(service).flatMap(({ pod, port, number }): Target[] => {
          const app = inventory.appOf(pod);
          const endpoints = recordsAt(recordAt(object, 'spec'), 'endpoints');
          const meant = endpoints.some(
            ({ port: name, targetPort }) =>
              (name !== undefined && name === port.name) || targetPort === number || targetPort === port.target,
          );
          return app !== undefined && meant ? [{ app, ports: onePort(port.protocol, number) }] : [];
        }),
      );
    return { targets, evidence: [{ ref, path: 'spec.selector', object: index, what: 'collects its metrics' }] };
  });
  const pods = [...inventory.ofKind('PodMonitor')].map(([object, index]): Scraped => {
    const { ref, selector, isInside } = monitorOf(object);
    const endpoints = recordsAt(recordAt(object, 'spec'), 'podMetricsEndpoints');
    const targets = inventory.apps
      .filter(({ namespace, workload }) => isInside(namespace) && selectorMatches(selector, workload.labels))
      .map((app): Target => {
        const declared = app.pods.flatMap((pod) => inventory.world.pods[pod]?.ports ?? []);
        const meant = declared.filter(({ name, number }) =>
          endpoints.some(
            ({ port, portNumber, targetPort }) => port === name || portNumber === number || targetPort === number || targetPort === name,
          ),
        );
        return {
          app,
          ports: meant.reduce<Intervals<number>>((all, { protocol, number }) => union(all, onePort(protocol, number)), []),
        };
      });
    return { targets, evidence: [{ ref, path: 'spec.selector', object: index, what: 'collects its metrics' }] };
  });
  return [...services, ...pods];
}

function monitorOf(object: Raw): { ref: string; selector: LabelSelector; isInside: (namespace: string) => boolean } {
  const { name, namespace } = nameIn(object);
  const wanted = recordAt(object, 'spec', 'namespaceSelector');
  const names = Array.isArray(wanted.matchNames) && wanted.matchNames.length > 0 ? wanted.matchNames : [namespace];
  const isInside = (place: string): boolean => wanted.any === true || names.includes(place);
  return {
    ref: `${textAt(object, 'kind')}/${namespace}/${name}`,
    selector: recordAt(object, 'spec', 'selector'),
    isInside,
  };
}

function labelsOf(object: Raw): Record<string, string> {
  const labels = recordAt(object, 'metadata', 'labels');
  return Object.fromEntries(Object.entries(labels).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

function nameIn(object: Raw): { name: string; namespace: string } {
  const metadata = recordAt(object, 'metadata');
  return { name: textAt(metadata, 'name'), namespace: textAt(metadata, 'namespace') || 'default' };
}
