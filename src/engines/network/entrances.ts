/**
 * What an ingress controller may reach, by way of Ingresses and of OpenShift's Routes: the ports behind the Services
 * that they name, as far as the pods let in somebody of whom nothing is known. The controller's own pods may be elsewhere.
 */
import { type Labels, mapMatches } from '../../model/index.ts';
import { type Intervals, union } from './intervals.ts';
import type { Pod } from './pods.ts';
import { portRange } from './ports.ts';
import { type Raw, labelsAt, recordAt, recordsAt, textAt } from './read.ts';
import type { World } from './world.ts';

interface Backend {
  namespace: string;
  service: string;
  /** Of the Service, by number or name; undefined is all of them. */
  port: number | string | undefined;
  /** A Route names ports as the pods have them. */
  ofPods: boolean;
}

/** For each pod that an entrance leads to its ports, by index. */
export function enteredPorts(world: World): Map<number, Intervals<number>> {
  const services = new Map(world.services.map((service) => [keyOf(service), service]));
  const podsIn = new Map<string, number[]>();
  for (const [index, { namespace }] of world.pods.entries()) {
    const pods = podsIn.get(namespace);
    if (pods === undefined) podsIn.set(namespace, [index]);
    else pods.push(index);
  }
  const entered = new Map<number, Intervals<number>>();
  for (const backend of world.entrances.flatMap(backendsOf)) {
    const service = services.get(`${backend.namespace}/${backend.service}`);
    const selector = labelsAt(recordAt(service, 'spec'), 'selector');
    if (service === undefined || isEmpty(selector)) continue;
    for (const index of podsIn.get(backend.namespace) ?? []) {
      const pod = world.pods[index];
      if (pod === undefined || !mapMatches(selector, pod.labels)) continue;
      const ports = portsBehind(service, backend, pod);
      if (ports.length > 0) entered.set(index, union(entered.get(index) ?? [], ports));
    }
  }
  return entered;
}

function backendsOf(entrance: Raw): Backend[] {
  const namespace = textAt(recordAt(entrance, 'metadata'), 'namespace') || 'default';
  const spec = recordAt(entrance, 'spec');
  if (textAt(entrance, 'kind') === 'Route') {
    const port = numberOrText(recordAt(spec, 'port').targetPort);
    const targets = [recordAt(spec, 'to'), ...recordsAt(spec, 'alternateBackends')];
    return targets.map((target) => ({ namespace, service: textAt(target, 'name'), port, ofPods: true }));
  }
  const paths = recordsAt(spec, 'rules').flatMap((rule) => recordsAt(recordAt(rule, 'http'), 'paths'));
  return [recordAt(spec, 'defaultBackend'), recordAt(spec, 'backend'), ...paths.map((path) => recordAt(path, 'backend'))].map((backend) => {
    const service = recordAt(backend, 'service');
    const port = recordAt(service, 'port');
    // The names of old versions stand flat.
    const name = textAt(service, 'name') || textAt(backend, 'serviceName');
    return { namespace, service: name, port: numberOrText(port.number ?? port.name ?? backend.servicePort), ofPods: false };
  });
}

/** TCP only, and only what the pod says it listens on. */
function portsBehind(service: Raw, { port: wanted, ofPods }: Backend, pod: Pod): Intervals<number> {
  let ports: Intervals<number> = [];
  for (const entry of recordsAt(recordAt(service, 'spec'), 'ports')) {
    if ((textAt(entry, 'protocol') || 'TCP') !== 'TCP') continue;
    const target = numberOrText(entry.targetPort) ?? numberOrText(entry.port);
    const names = ofPods ? [entry.name, target] : [entry.name, entry.port];
    for (const { name, protocol, number } of pod.ports) {
      if (protocol !== 'TCP' || (typeof target === 'number' ? number !== target : name !== target)) continue;
      if (wanted === undefined || names.includes(wanted) || (ofPods && wanted === number))
        ports = union(ports, portRange('TCP', number, number));
    }
  }
  return ports;
}

function keyOf(service: Raw): string {
  const metadata = recordAt(service, 'metadata');
  return `${textAt(metadata, 'namespace') || 'default'}/${textAt(metadata, 'name')}`;
}

/** A number that stands as a text is the number, as the API takes it for ports of Services. */
function numberOrText(value: unknown): number | string | undefined {
  if (typeof value === 'string') return /^\d+$/.test(value) ? Number(value) : value === '' ? undefined : value;
  return typeof value === 'number' ? value : undefined;
}

function isEmpty(labels: Labels): boolean {
  for (const _ in labels) return false;
  return true;
}
