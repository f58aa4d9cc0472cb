import type { ApiObject, Workload } from '../../model/index.ts';
import { documents, withContainer } from '../examples.ts';
import { type Hit, defineRule } from '../rule.ts';
import { podsOf } from './references.ts';

type ServicePort = NonNullable<NonNullable<ApiObject<'Service'>['body']['spec']>['ports']>[number];

/** The range of node ports, as the API server is started with when nothing else is said. */
const OPTIONS = { firstNodePort: 30_000, lastNodePort: 32_767 };

const service = (ports: string, more = ''): string => `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [${ports}]${more}}`;
const POD = withContainer('ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9090}]');

export const rule = defineRule({
  id: 'service-port',
  title: 'Service port that leads nowhere',
  severity: 'low',
  area: 'network',
  rationale:
    'Connections to the port are refused, since no container of the selected pods offers it, or the API server does not accept the Service at all.',
  remedy:
    'Make targetPort the name or number of a containerPort of the selected pods. Names have at most 15 lower-case letters, digits and dashes, with one letter at least.',
  controls: [],
  aliases: {
    'kube-linter': ['invalid-target-ports'],
    popeye: ['1102', '1106', '1101'],
    'kyverno-policies': ['restrict-service-port-range'],
  },
  scope: 'object',
  kinds: ['Service'],
  reads: ['workloads'],
  options: OPTIONS,
  check(object, { workloads }, range) {
    const { ports, type, clusterIP } = object.body.spec ?? {};
    if (ports === undefined || ports.length === 0 || type === 'ExternalName') return undefined;
    const selected = podsOf(object, workloads);
    const hits: Hit[] = [];
    for (const [index, port] of ports.entries()) {
      const fault = invalid(port, range) ?? unmatched(port, selected, clusterIP === 'None');
      if (fault === undefined) continue;
      hits.push({
        severity: fault.severity ?? 'low',
        message: fault.message,
        path: `spec.ports[${index}].${fault.field}`,
        key: String(port.name ?? port.port ?? ''),
      });
    }
    return hits;
  },
  examples: () => ({
    good: [
      documents(service('{port: 80, targetPort: http}, {name: metrics, port: 9090}'), POD),
      documents(service('{port: 80, targetPort: 8080}'), POD),
      // What a container listens on need not be written down.
      documents(service('{port: 80, targetPort: 8080}'), withContainer('')),
      // A sidecar's port.
      documents(
        service('{port: 80, targetPort: proxy}'),
        withContainer('', 'initContainers: [{name: proxy, restartPolicy: Always, ports: [{name: proxy, containerPort: 15001}]}]'),
      ),
      // No pods to compare with.
      service('{port: 80, targetPort: http, nodePort: 30080}'),
      // Clients of a headless Service talk to the pods on any port.
      documents(service('{port: 80}', ', clusterIP: None'), POD),
    ],
    bad: [
      { yaml: documents(service('{port: 80, targetPort: web}'), POD), path: 'spec.ports[0].targetPort', severity: 'low' },
      { yaml: documents(service('{name: http, port: 80, targetPort: 8000}'), POD), path: 'spec.ports[0].targetPort', severity: 'info' },
      { yaml: documents(service('{port: 80}'), POD), path: 'spec.ports[0].targetPort', severity: 'info' },
      { yaml: service('{port: 80, targetPort: Web_Port}'), path: 'spec.ports[0].targetPort' },
      { yaml: service('{port: 80, targetPort: 123456}'), path: 'spec.ports[0].targetPort' },
      { yaml: service('{port: 80, nodePort: 8080}'), path: 'spec.ports[0].nodePort' },
      // An init container is gone by the time that connections arrive.
      {
        yaml: documents(
          service('{port: 80, targetPort: setup}'),
          withContainer('', 'initContainers: [{name: setup, ports: [{name: setup, containerPort: 1}]}]'),
        ),
        path: 'spec.ports[0].targetPort',
      },
    ],
  }),
});

type Fault = { field: string; message: string; severity?: 'info' };

const PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What the API server refuses. */
function invalid(port: ServicePort, range: typeof OPTIONS): Fault | undefined {
  const { port: number, targetPort, nodePort } = port;
  if (number !== undefined && !isPort(number)) return { field: 'port', message: `has port ${number}, which is not between 1 and 65535` };
  if (typeof targetPort === 'number' && targetPort !== 0 && !isPort(targetPort)) {
    return { field: 'targetPort', message: `leads ${named(port)} to ${targetPort}, which is not between 1 and 65535` };
  }
  if (typeof targetPort === 'string' && targetPort !== '' && !PORT_NAME.test(targetPort)) {
    return { field: 'targetPort', message: `leads ${named(port)} to "${targetPort}", which is no valid name of a port` };
  }
  if (nodePort === undefined || nodePort === 0 || (nodePort >= range.firstNodePort && nodePort <= range.lastNodePort)) return undefined;
  return { field: 'nodePort', message: `asks for node port ${nodePort}, outside of ${range.firstNodePort} to ${range.lastNodePort}` };
}

/** A target that no selected pod offers. A number is only a hint: a container may listen without saying so. */
function unmatched(port: ServicePort, selected: readonly Workload[], headless: boolean): Fault | undefined {
  if (selected.length === 0) return undefined;
  const target = port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0 ? port.port : port.targetPort;
  if (target === undefined) return undefined;
  const offered = new Set<string | number>();
  for (const workload of selected) {
    let declares = false;
    for (const { type, spec } of workload.containers) {
      if (type === 'init' || type === 'ephemeral') continue;
      for (const { name, containerPort } of spec.ports ?? []) {
        if (target === (typeof target === 'string' ? name : containerPort)) return undefined;
        declares = true;
        if (containerPort !== undefined) offered.add(name === undefined ? containerPort : `${containerPort} (${name})`);
      }
    }
    if (typeof target === 'number' && !declares) return undefined;
  }
  if (typeof target === 'string') {
    return { field: 'targetPort', message: `leads ${named(port)} to the port "${target}", which no selected pod has` };
  }
  if (headless) return undefined;
  return {
    field: 'targetPort',
    severity: 'info',
    message: `leads ${named(port)} to ${target}, while the selected pods declare ${[...offered].slice(0, 5).join(', ')}`,
  };
}

/** How the port is called in a message; one without a number is invalid, yet what it leads to can be said. */
function named({ name, port }: ServicePort): string {
  if (port !== undefined) return `port ${port}`;
  return name === undefined ? 'a port without a number' : `port "${name}"`;
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}
