/** Ports that are open to others: to the internet, to pods, and by way of the API server. A port is no way in by itself. */
import type { EntryPoint } from '../../engines/network/index.ts';
import { type ApiObject, type Workload, mapMatches } from '../../model/index.ts';
import { account, allow, allowEverywhere, pod, policy, service } from '../example-objects.ts';
import { defineFamily } from '../family.ts';
import { right } from '../right.ts';
import type { Scene, Unit } from '../scene.ts';

const FORWARD = right('create pods/portforward');
const FORWARD_GET = right('get pods/portforward');
const POD_PROXY = right('get,create pods/proxy');
const SERVICE_PROXY = right('get,create services/proxy');
const POLICIES = right('create,update,patch,delete,deletecollection networkpolicies');

const CREATE_SINCE = 35;

const WEB = pod('a/web', {}, { ports: [{ containerPort: 8080 }] });
const DB = pod('a/db', {}, { ports: [{ containerPort: 5432 }] });
const BALANCER = service('a/web', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] });
const OPEN = { remotelyExploitable: ['Container/a/web/c'] };
const CLOSED = policy('a/closed', { podSelector: { matchLabels: { app: 'db' } }, ingress: [] });

export const family = defineFamily({
  edges: {
    INTERNET_EXPOSURE: {
      says: 'reach the port from the internet',
      mitigation: 'Take the Service, Ingress, route or host port away, or limit its source ranges.',
    },
    POD_TO_POD_NETWORK: { says: 'reach the port of another pod', mitigation: 'Allow pods only what they need, by NetworkPolicies.' },
    ENDPOINT_EXPLOIT: { says: 'take over what listens there', mitigation: 'Update the image, or ask for credentials.' },
    POD_PORTFORWARD: {
      says: 'reach any port of pods through the API server',
      mitigation: 'Do not grant pods/portforward.',
      versions: 'below 1.35 get is enough',
    },
    POD_SERVICE_PROXY: {
      says: 'send requests to pods or Services through the API server',
      mitigation: 'Do not grant pods/proxy or services/proxy.',
    },
    NETWORKPOLICY_WRITE: {
      says: 'open the network policies of the namespace',
      mitigation: 'Keep networkpolicies out of the roles of those whom they confine; the built-in role edit holds them.',
    },
  },
  rights: [FORWARD, FORWARD_GET, POD_PROXY, SERVICE_PROXY, POLICIES],
  draw(scene) {
    for (const { vertex, namespace: where } of scene.held(POLICIES)) scene.step('NETWORKPOLICY_WRITE', vertex, opened(scene, where));
    drawApiReach(scene);
    for (const port of portsOf(scene)) drawPort(scene, port);
  },
  examples: () => [
    {
      edge: 'INTERNET_EXPOSURE',
      objects: [WEB, BALANCER],
      from: 'Internet',
      to: 'Endpoint/a/web:80',
      context: { endpoints: ['Endpoint/a/web:80'] },
    },
    {
      edge: 'INTERNET_EXPOSURE',
      objects: [WEB, service('a/web', { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] })],
      from: 'Internet',
      to: 'Endpoint/a/web:80',
      context: { endpoints: ['Endpoint/a/web:80'] },
      because: 'a Service of type ClusterIP is for the inside',
    },
    {
      edge: 'INTERNET_EXPOSURE',
      objects: [
        WEB,
        service('a/web', {
          type: 'LoadBalancer',
          loadBalancerSourceRanges: ['10.0.0.0/8'],
          selector: { app: 'web' },
          ports: [{ port: 80, targetPort: 8080 }],
        }),
      ],
      from: 'Internet',
      to: 'Endpoint/a/web:80',
      context: { endpoints: ['Endpoint/a/web:80'] },
      because: 'the load balancer takes addresses of the inside only',
    },
    {
      edge: 'INTERNET_EXPOSURE',
      objects: [WEB, BALANCER, policy('a/closed', { podSelector: {}, ingress: [] })],
      from: 'Internet',
      to: 'Endpoint/a/web:80',
      context: { endpoints: ['Endpoint/a/web:80'] },
      because: 'a policy lets nobody in',
    },
    {
      edge: 'POD_TO_POD_NETWORK',
      objects: [WEB, DB],
      from: 'Container/a/web/c',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
    },
    {
      edge: 'POD_TO_POD_NETWORK',
      objects: [WEB, DB, CLOSED],
      from: 'Container/a/web/c',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
      because: 'a policy lets nobody in',
    },
    { edge: 'ENDPOINT_EXPLOIT', objects: [WEB, BALANCER], from: 'Internet', to: 'Container/a/web/c', context: OPEN },
    {
      edge: 'ENDPOINT_EXPLOIT',
      objects: [WEB, BALANCER],
      from: 'Internet',
      to: 'Container/a/web/c',
      because: 'nothing is known to be wrong with what listens there',
    },
    {
      edge: 'POD_PORTFORWARD',
      objects: [DB, CLOSED, account('a/x'), ...allow('a', 'create pods/portforward')],
      from: 'ServiceAccount/a/x',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
    },
    {
      edge: 'POD_PORTFORWARD',
      objects: [DB, CLOSED, account('a/x'), ...allow('a', 'get pods/portforward')],
      from: 'ServiceAccount/a/x',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'], minor: 35 },
      because: 'from 1.35 the server asks for create as well',
    },
    {
      edge: 'POD_SERVICE_PROXY',
      objects: [DB, account('a/x'), ...allow('a', 'get pods/proxy')],
      from: 'ServiceAccount/a/x',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
    },
    {
      edge: 'POD_SERVICE_PROXY',
      objects: [DB, account('a/x'), ...allow('a', 'get pods')],
      from: 'ServiceAccount/a/x',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
      because: 'reading a pod object sends it nothing',
    },
    {
      edge: 'NETWORKPOLICY_WRITE',
      objects: [WEB, DB, CLOSED, account('a/x'), ...allow('a', 'delete networkpolicies'), withToken('a/web2')],
      from: 'Container/a/web2/c',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
    },
    {
      edge: 'NETWORKPOLICY_WRITE',
      objects: [WEB, DB, CLOSED, account('a/x'), ...allowEverywhere('get networkpolicies'), withToken('a/web2')],
      from: 'Container/a/web2/c',
      to: 'Endpoint/a/db:5432',
      context: { endpoints: ['Endpoint/a/db:5432'] },
      because: 'reading policies opens nothing',
    },
  ],
});

function opened(scene: Scene, where: string): number {
  return scene.builder.vertex(`PolicyBypass/network of ${where}`);
}

/** Whoever may open the policies that keep a pod from the API server lets its token be used. */
function drawApiReach(scene: Scene): void {
  for (const { vertex, container, root } of scene.units) {
    if (scene.network.reachesApiServer(container.workload)) continue;
    scene.step('APISERVER_REACH', [vertex, opened(scene, root.namespace)], scene.builder.vertex('APIServer'));
  }
}

interface Port {
  readonly unit: Unit;
  readonly number: number;
  /** Of the pod, and of each Service that leads there. */
  readonly names: readonly string[];
  readonly services: readonly { service: ApiObject<'Service'>; name: string }[];
  readonly exploitable: boolean;
}

/** Those that somebody asks for, and those behind which something can be taken over: all others lead nowhere. */
function portsOf(scene: Scene): Port[] {
  const asked = new Set(scene.context.endpoints ?? []);
  const weak = new Set(scene.context.remotelyExploitable ?? []);
  if (asked.size === 0 && weak.size === 0) return [];
  const ports: Port[] = [];
  for (const unit of scene.units) {
    const { container, root, vertex } = unit;
    if (container.type === 'init' || container.type === 'ephemeral') continue;
    const exploitable = weak.has(scene.builder.nameOf(vertex)) || weak.has(podName(container.workload, container.name));
    for (const [number, services] of numbersOf(scene, unit)) {
      const names = [
        `Endpoint/${scene.nameOf(root)}:${number}`,
        `Endpoint/${container.workload.namespace}/${container.workload.name}:${number}`,
      ];
      const wanted = exploitable || names.some((name) => asked.has(name)) || services.some(({ name }) => asked.has(name));
      if (wanted) ports.push({ unit, number, names: [...new Set(names)], services, exploitable });
    }
  }
  return ports;
}

function podName({ namespace, name }: Workload, container: string): string {
  return `Container/${namespace}/${name}/${container}`;
}

/** Ports that a container says it has, and those that Services send to its pod where it is the only one. */
function numbersOf(scene: Scene, { container, root }: Unit): Map<number, { service: ApiObject<'Service'>; name: string }[]> {
  const numbers = new Map<number, { service: ApiObject<'Service'>; name: string }[]>();
  for (const { containerPort } of container.spec.ports ?? []) if (containerPort !== undefined) numbers.set(containerPort, []);
  const alone = container.workload.containers.filter(({ type }) => type === 'container').length === 1;
  for (const service of scene.tables.Service.in(root.namespace)) {
    const { selector, ports = [] } = service.body.spec ?? {};
    if (selector === undefined || Object.keys(selector).length === 0 || !mapMatches(selector, container.workload.labels)) continue;
    for (const { port = 0, targetPort = port } of ports) {
      const named = container.spec.ports?.find(({ name }) => name === targetPort)?.containerPort;
      const number = typeof targetPort === 'number' ? targetPort : named;
      if (number === undefined || (!numbers.has(number) && !alone)) continue;
      const entry = { service, name: `Endpoint/${service.namespace}/${service.name}:${port}` };
      const list = numbers.get(number);
      if (list === undefined) numbers.set(number, [entry]);
      else list.push(entry);
    }
  }
  return numbers;
}

function drawPort(scene: Scene, port: Port): void {
  const { unit, services, exploitable } = port;
  const [own = '', ...others] = port.names;
  const endpoint = scene.builder.vertex(own);
  for (const name of others) scene.link(endpoint, scene.builder.vertex(name));
  for (const { name, service } of services) {
    const behind = scene.builder.vertex(name);
    scene.builder.part(behind, scene.refOf(service));
    // A Service is reached where what stands behind it is.
    scene.link(endpoint, behind);
  }
  const { object } = unit.container.workload;
  if (exploitable)
    scene.maybe('ENDPOINT_EXPLOIT', 'exploit', {
      needs: endpoint,
      gives: unit.vertex,
      where: { object, path: `${unit.container.path}.image` },
    });
  drawOutside(scene, port, endpoint);
  drawInside(scene, port, endpoint);
  drawThroughApi(scene, port, endpoint);
}

/** Where it is not known whether the policies let it in, neither is the step; what they refuse, who may open them lets in. */
function drawOutside(scene: Scene, { unit, number, services }: Port, endpoint: number): void {
  const internet = scene.builder.vertex('Internet');
  for (const entry of scene.network.entriesTo(unit.container.workload, number)) {
    const { verdict, via } = entry;
    const refused = verdict.allowed === 'no';
    if (!isOfTheInternet(scene, entry) || (refused && !verdict.policies.every((policy) => policy.startsWith('NetworkPolicy/')))) continue;
    const [first] = via;
    const object = scene.cluster.objects[first?.object ?? -1];
    const where = object === undefined ? undefined : { object, path: first?.path ?? '' };
    const by = services.find(({ service }) => via.some(({ ref }) => ref === `Service/${service.namespace}/${service.name}`));
    const gives = by === undefined ? endpoint : throughService(scene, by, endpoint);
    const needs = refused ? [internet, opened(scene, unit.root.namespace)] : [internet];
    if (verdict.allowed === 'unknown') scene.maybe('INTERNET_EXPOSURE', 'unknown', { needs, gives, where });
    else scene.step({ edge: 'INTERNET_EXPOSURE', where }, needs, gives);
  }
}

/** A Service that is taken away takes this way in with it, and no other. */
function throughService(scene: Scene, { name, service }: Port['services'][number], endpoint: number): number {
  return scene.hub(`${name} from outside to ${scene.builder.nameOf(endpoint)}`, (way) => {
    scene.link(way, scene.builder.vertex(name));
    scene.link(way, endpoint);
    scene.builder.part(way, scene.refOf(service));
  });
}

/** Open to more than networks that somebody listed: more addresses than all private ranges hold. */
function isOfTheInternet(scene: Scene, { by, from, internal, via }: EntryPoint): boolean {
  if (internal !== undefined) return false;
  // A balancer gets ports of nodes as well, which only who reaches the nodes can try.
  const service = via.map(({ object }) => scene.cluster.objects[object]).find((object) => object?.known === 'Service');
  if (by === 'node-port' && (service as ApiObject<'Service'> | undefined)?.body.spec?.type === 'LoadBalancer') return false;
  let count = 0n;
  for (let at = 0; at + 1 < from.length; at += 2) count += (from[at + 1] ?? 0n) - (from[at] ?? 0n);
  return count > PRIVATE;
}
const PRIVATE = 1n << 25n;

function drawInside(scene: Scene, { unit, number }: Port, endpoint: number): void {
  const to = unit.container.workload;
  for (const other of scene.units) {
    if (other.container.type === 'init') continue;
    const { egress, ingress, byNetworkPolicy } = scene.network.between(other.container.workload, to, number);
    const needs = [other.vertex];
    if (!egress || !ingress) {
      if (!byNetworkPolicy) continue;
      if (!egress) needs.push(opened(scene, other.root.namespace));
      if (!ingress) needs.push(opened(scene, unit.root.namespace));
    }
    scene.step({ edge: 'POD_TO_POD_NETWORK', where: { object: to.object, path: `${unit.container.path}.ports` } }, needs, endpoint);
  }
}

function drawThroughApi(scene: Scene, { unit, services }: Port, endpoint: number): void {
  const forwards = scene.minor >= CREATE_SINCE ? [FORWARD] : [FORWARD, FORWARD_GET];
  const proxies = services.length > 0 ? [POD_PROXY, SERVICE_PROXY] : [POD_PROXY];
  for (const [edge, rights] of [
    ['POD_PORTFORWARD', forwards],
    ['POD_SERVICE_PROXY', proxies],
  ] as const) {
    for (const asked of rights) {
      const vertex = scene.rights.in(asked, unit.root.namespace);
      if (vertex !== undefined) scene.step(edge, vertex, endpoint);
    }
  }
}

function withToken(at: string): Readonly<Record<string, unknown>> {
  return pod(at, { serviceAccountName: 'x', automountServiceAccountToken: true });
}
