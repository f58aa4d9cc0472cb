import { describe, expect, it } from 'vitest';
import { rangesTexts } from './addresses.ts';
import { connections } from './connections.ts';
import { entryPoints } from './entry-points.ts';
import { Relation } from './relation.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

function named(apiVersion: string, kind: string, name: string): (spec: Raw, metadata?: Raw) => Raw {
  const [namespace, short] = name.split('/');
  return (spec, metadata = {}) => ({ apiVersion, kind, metadata: { name: short, namespace, ...metadata }, spec });
}
function deployment(name: string, pod: Raw = {}, labels: Raw = {}): Raw {
  const short = name.split('/')[1];
  const ports = [{ name: 'http', containerPort: 8080 }];
  return named(
    'apps/v1',
    'Deployment',
    name,
  )({
    template: { metadata: { labels: { app: short, ...labels } }, spec: { containers: [{ name: 'c', ports }], ...pod } },
  });
}
function service(name: string, spec: Raw, metadata: Raw = {}): Raw {
  const ports = [{ port: 80, targetPort: 'http' }];
  return named('v1', 'Service', name)({ selector: { app: name.split('/')[1] }, ports, ...spec }, metadata);
}
function policy(name: string, ingress: Raw[]): Raw {
  return named('networking.k8s.io/v1', 'NetworkPolicy', name)({ podSelector: {}, policyTypes: ['Ingress'], ingress });
}
const WEB = deployment('x/web');

/** `BY WORKLOAD:PORT/CONTAINER outer hosts allowed | evidence`, shortest where nothing is said. */
function entries(...objects: Raw[]): string[] {
  return entryPoints(new Relation(readWorld(objects))).map(
    ({ by, workload, port, container, outerPort, hosts, verdict, via }) =>
      `${by} ${workload}:${port ?? 'any'}/${container ?? '-'} ${[...hosts, outerPort ?? '?'].join(' ')} ${verdict.allowed} | ${via
        .map(({ ref, path }) => `${ref} ${path}`)
        .join(' > ')}`,
  );
}
/** Allowed, reason, policies of the only entry, or of the first. */
function verdict(...objects: Raw[]): unknown[] {
  const [entry] = entryPoints(new Relation(readWorld(objects)));
  return [entry?.verdict.allowed, entry?.verdict.reason, entry?.verdict.policies];
}

describe('a pod that has ended', () => {
  const ports = [{ name: 'http', containerPort: 8080, hostPort: 9000 }];
  const pod = (phase: string, more: Raw = {}): Raw => ({
    ...named('v1', 'Pod', 'x/web')({ containers: [{ name: 'c', ports }], ...more }, { labels: { app: 'web' } }),
    status: { phase, podIP: '10.0.0.1' },
  });
  it.each(['Succeeded', 'Failed'])('is let in by nothing: %s', (phase) => {
    for (const more of [{}, { hostNetwork: true }]) {
      expect(entries(pod(phase, more), service('x/web', { type: 'NodePort' }))).toEqual([]);
      expect(entries(pod('Running', more), service('x/web', { type: 'NodePort' }))).toHaveLength(2);
    }
  });
});

describe('Services', () => {
  it('of type NodePort and LoadBalancer let in on their ports, and a balancer on those of nodes as well', () => {
    expect(entries(WEB, service('x/web', { type: 'NodePort', ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] }))).toEqual([
      'node-port x/web[Deployment]:8080/c 30080 yes | Service/x/web spec.type > Service/x/web spec.ports[0].nodePort',
    ]);
    expect(entries(WEB, service('x/web', { type: 'LoadBalancer' }))).toEqual([
      'load-balancer x/web[Deployment]:8080/c 80 yes | Service/x/web spec.type > Service/x/web spec.ports[0]',
      'node-port x/web[Deployment]:8080/c ? yes | Service/x/web spec.type > Service/x/web spec.ports[0]',
    ]);
    expect(entries(WEB, service('x/web', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }))).toHaveLength(1);
  });
  it('of other types only with external addresses', () => {
    expect(entries(WEB, service('x/web', {}))).toEqual([]);
    expect(entries(WEB, service('x/web', { externalIPs: ['192.0.2.1'] }))).toEqual([
      'external-ip x/web[Deployment]:8080/c 192.0.2.1 80 yes | Service/x/web spec.externalIPs > Service/x/web spec.ports[0]',
    ]);
    expect(entries(WEB, service('x/web', { externalIPs: ['192.0.2.1'], clusterIP: 'None' }))).toEqual([]);
    expect(entries(WEB, service('x/web', { type: 'ExternalName', externalName: 'e', externalIPs: ['192.0.2.1'] }))).toEqual([]);
  });
  it('lead to ports that no container names, but not to names that none has', () => {
    expect(entries(WEB, service('x/web', { type: 'NodePort', ports: [{ port: 9 }] }))[0]).toMatch(/x\/web\[Deployment\]:9\/- /);
    expect(entries(WEB, service('x/web', { type: 'NodePort', ports: [{ port: 9, targetPort: 'none' }] }))).toEqual([]);
    expect(entries(WEB, service('x/web', { type: 'NodePort', ports: [{ port: 80, targetPort: 'http', protocol: 'UDP' }] }))).toEqual([]);
  });
  it('without a selector lead to what their Endpoints name', () => {
    const pod = { ...named('v1', 'Pod', 'x/db')({ containers: [{ name: 'c' }] }), status: { podIP: '10.1.0.1' } };
    const endpoints = {
      ...named('v1', 'Endpoints', 'x/db')({}),
      subsets: [{ addresses: [{ ip: '10.1.0.1' }], ports: [{ port: 5432 }] }],
    };
    const open = service('x/db', { type: 'NodePort', selector: {}, ports: [{ port: 1 }] });
    expect(entries(pod, endpoints, open)[0]).toMatch(/^node-port x\/db\[Pod\]:5432/);
    // What a controller made of a selector says nothing new, and may be old.
    expect(entries(pod, endpoints, { ...open, spec: { ...(open.spec as Raw), selector: { app: 'gone' } } })).toEqual([]);
  });
  it('take only from source ranges, and may ask for an inner address', () => {
    const annotation = 'networking.gke.io/load-balancer-type';
    const world = readWorld([
      WEB,
      service(
        'x/web',
        { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'], allocateLoadBalancerNodePorts: false },
        { annotations: { [annotation]: 'Internal' } },
      ),
    ]);
    const [entry] = entryPoints(new Relation(world));
    expect(rangesTexts(entry?.from ?? [])).toEqual(['ip:192.0.2.0-192.0.2.255']);
    expect(entry?.via.at(-1)).toEqual({ ref: 'Service/x/web', path: 'spec.loadBalancerSourceRanges', object: 1 });
    expect(entry?.internal?.path).toBe(`metadata.annotations["${annotation}"]`);
  });
});

describe('nodes', () => {
  it('pass on the ports that pods claim, not those of the loopback', () => {
    const pod = (hostIP: string): Raw =>
      deployment('x/web', { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 8000, hostIP }] }] });
    const path = 'Deployment/x/web spec.template.spec.containers[0].ports[0].hostPort';
    expect(entries(pod(''))).toEqual([`host-port x/web[Deployment]:80/c 8000 yes | ${path}`]);
    expect(entries(pod('192.0.2.9'))).toEqual([`host-port x/web[Deployment]:80/c 192.0.2.9 8000 yes | ${path}`]);
    expect(entries(pod('127.0.0.1'))).toEqual([]);
  });
  it('are the pods on their network, whatever policies say', () => {
    const path = 'Deployment/x/web spec.template.spec.hostNetwork';
    expect(entries(deployment('x/web', { hostNetwork: true }), policy('x/p', []))).toEqual([
      `host-network x/web[Deployment]:8080/c 8080 yes | ${path}`,
    ]);
    expect(entries(deployment('x/web', { hostNetwork: true, containers: [{ name: 'c' }] }))).toEqual([
      `host-network x/web[Deployment]:any/- ? yes | ${path}`,
    ]);
  });
});

describe('whether policies let it in', () => {
  const open = service('x/web', { type: 'NodePort' });
  const local = service('x/web', { type: 'NodePort', externalTrafficPolicy: 'Local' });
  const block = (cidr: string): Raw => policy('x/p', [{ from: [{ ipBlock: { cidr } }], ports: [{ port: 'http' }] }]);
  const RULE = ['NetworkPolicy/x/p ingress rule 1'];
  const REPLACED = 'the address may be replaced by that of a node, as externalTrafficPolicy is not Local';
  const node = {
    ...named('v1', 'Node', '/n')({}),
    status: { addresses: [{ type: 'InternalIP', address: '172.18.0.2' }] },
  };
  it('is yes where they let in everybody, and no where nobody', () => {
    expect(verdict(WEB, open)).toEqual(['yes', undefined, []]);
    expect(verdict(WEB, open, block('0.0.0.0/0'))).toEqual(['yes', undefined, RULE]);
    expect(verdict(WEB, open, policy('x/p', []))).toEqual(['no', undefined, ['NetworkPolicy/x/p']]);
    expect(verdict(WEB, open, policy('x/p', [{ from: [{ namespaceSelector: {} }] }]))).toEqual(['no', undefined, ['NetworkPolicy/x/p']]);
  });
  it('is as exact as addresses are', () => {
    expect(verdict(WEB, local, block('192.0.2.0/24'))).toEqual(['yes', 'only ip:192.0.2.0-192.0.2.255', RULE]);
    expect(verdict(WEB, open, block('192.0.2.0/24'))).toEqual(['unknown', `only ip:192.0.2.0-192.0.2.255, and ${REPLACED}`, RULE]);
  });
  it('counts source ranges and addresses of nodes', () => {
    const balanced = (more: Raw = {}): Raw =>
      service('x/web', { type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'], allocateLoadBalancerNodePorts: false, ...more });
    expect(verdict(WEB, balanced({ externalTrafficPolicy: 'Local' }), block('192.0.0.0/16'))).toEqual(['yes', undefined, RULE]);
    expect(verdict(WEB, balanced({ externalTrafficPolicy: 'Local' }), block('10.0.0.0/8'))[0]).toBe('no');
    expect(verdict(WEB, balanced(), block('192.0.0.0/16'))[0]).toBe('unknown');
    const both = policy('x/p', [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }, { ipBlock: { cidr: '172.18.0.0/16' } }] }]);
    expect(verdict(WEB, node, balanced(), both)).toEqual(['yes', undefined, RULE]);
    expect(verdict(WEB, node, open, block('172.18.0.2/32'))[1]).toBe(`only ip:172.18.0.2-172.18.0.2, and ${REPLACED}`);
    expect(verdict(WEB, node, balanced(), block('172.18.0.2/32'))).toEqual([
      'unknown',
      `only nodes, and ${REPLACED}`,
      ['NetworkPolicy/x/p'],
    ]);
  });
  it('is for any pod of a workload', () => {
    const pod = (name: string, version: string): Raw => ({
      ...named(
        'v1',
        'Pod',
        name,
      )(
        { containers: [{ name: 'c' }] },
        { labels: { app: 'web', version }, ownerReferences: [{ controller: true, kind: 'ReplicaSet', name: 'r' }] },
      ),
    });
    const closed = { ...policy('x/p', []), spec: { podSelector: { matchLabels: { version: '1' } }, ingress: [] } };
    const direct = service('x/web', { type: 'NodePort', ports: [{ port: 1 }] });
    expect(entryPoints(new Relation(readWorld([pod('x/1', '1'), pod('x/2', '2'), direct, closed])))).toMatchObject([
      { workload: 'x/r[ReplicaSet]', pods: [0, 1], verdict: { allowed: 'yes' } },
    ]);
  });
});

const BACKEND = { service: { name: 'web', port: { number: 80 } } };
const INGRESS = named(
  'networking.k8s.io/v1',
  'Ingress',
  'x/i',
)({ rules: [{ host: 'a.example', http: { paths: [{ backend: BACKEND }] } }] });

describe('Ingresses and Routes', () => {
  const inner = service('x/web', {});
  const from = (...peers: Raw[]): Raw => policy('x/p', [{ from: peers }]);
  const edge = (labels: Raw = {}): Raw => deployment('edge/nginx', {}, labels);
  const EDGE = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } };
  const NGINX = { 'app.kubernetes.io/name': 'ingress-nginx', 'app.kubernetes.io/component': 'controller' };
  it('lead to pods by way of Services', () => {
    expect(entries(WEB, inner, INGRESS)).toEqual([
      'ingress x/web[Deployment]:8080/c a.example ? yes | Ingress/x/i spec.rules[0].http.paths[0].backend > Service/x/web spec.ports[0]',
    ]);
    const route = named(
      'route.openshift.io/v1',
      'Route',
      'x/r',
    )({
      host: 'r.example',
      to: { name: 'gone' },
      alternateBackends: [{ name: 'web' }, { name: 'web', weight: 0 }],
      port: { targetPort: 'http' },
    });
    expect(entries(WEB, inner, route)).toEqual([
      'route x/web[Deployment]:8080/c r.example ? yes | Route/x/r spec.alternateBackends[0] > Service/x/web spec.ports[0]',
    ]);
  });
  it('are let in where a controller may be anywhere, or is one that is known', () => {
    const REACHED = service('edge/nginx', { type: 'NodePort' });
    const of = (...objects: Raw[]): unknown[] => verdict(WEB, inner, INGRESS, ...objects).slice(0, 2);
    expect(of(policy('x/p', []))).toEqual(['no', undefined]);
    expect(of(from({ namespaceSelector: {} }))).toEqual(['yes', undefined]);
    expect(of(from(EDGE))).toEqual(['unknown', 'only from edge/[all pods]: whether the controller is there is not known']);
    // One that is there, whatever it is, and one that nothing outside reaches.
    expect(of(from(EDGE), { ...edge(), metadata: { name: 'nginx', namespace: 'edge' } })[0]).toBe('unknown');
    const plain = from({ podSelector: { matchLabels: { app: 'nginx' } }, ...EDGE });
    expect(of(plain, edge())).toEqual(['no', undefined]);
    const reached = entryPoints(new Relation(readWorld([WEB, inner, INGRESS, plain, edge(), REACHED]))).find(({ by }) => by === 'ingress');
    expect(reached?.verdict.reason).toBe('only from edge/nginx[Deployment]: whether the controller is there is not known');
    expect(of(plain, edge(NGINX))).toEqual(['yes', undefined]);
    expect(of(from({ podSelector: { matchLabels: { app: 'other' } } }), edge(NGINX))).toEqual(['no', undefined]);
  });
});

describe('Gateway API', () => {
  const API = 'gateway.networking.k8s.io/v1';
  const inner = service('x/web', {});
  const gateway = (...listeners: Raw[]): Raw => named(API, 'Gateway', 'edge/gw')({ gatewayClassName: 'c', listeners });
  const HTTP = { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: { namespaces: { from: 'All' } } };
  const parent = { name: 'gw', namespace: 'edge' };
  const route = (spec: Raw = {}, kind = 'HTTPRoute', name = 'x/r'): Raw =>
    named(API, kind, name)({ parentRefs: [parent], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }], ...spec });
  const ENTRY =
    'gateway x/web[Deployment]:8080/c 80 yes | Gateway/edge/gw spec.listeners[0] > HTTPRoute/x/r spec.rules[0].backendRefs[0] > Service/x/web spec.ports[0]';
  const led = (listener: Raw, ...objects: Raw[]): number => entries(WEB, inner, gateway({ ...HTTP, ...listener }), ...objects).length;

  it('leads by listeners and routes to Services, and shows in the list', () => {
    expect(entries(WEB, inner, gateway(HTTP), route())).toEqual([ENTRY]);
    const sources = connections(readWorld([WEB, inner, gateway(HTTP), route()])).map(({ src }) => src);
    expect(sources).toContain('ingress-controller');
    expect(led({ protocol: 'HTTPS' }, route({}, 'GRPCRoute'))).toBe(1);
  });
  it('attaches only what the listener allows', () => {
    const namespaces = (from: string, selector?: Raw): Raw => ({ allowedRoutes: { namespaces: { from, selector } } });
    expect(led({ allowedRoutes: {} }, route())).toBe(0);
    expect(led(namespaces('Same'), route())).toBe(0);
    expect(led(namespaces('None'), route())).toBe(0);
    expect(led(namespaces('Selector', { matchLabels: { 'kubernetes.io/metadata.name': 'x' } }), route())).toBe(1);
    expect(led(namespaces('Selector', { matchLabels: { team: 'x' } }), route())).toBe(0);
    expect(led(namespaces('Selector'), route())).toBe(0);
    expect(led({}, route({}, 'TCPRoute'))).toBe(0);
    expect(led({ protocol: 'TCP' }, route({}, 'TCPRoute'))).toBe(1);
    expect(led({ protocol: 'HBONE' }, route())).toBe(0);
    const kinds = { allowedRoutes: { ...HTTP.allowedRoutes, kinds: [{ kind: 'GRPCRoute' }] } };
    expect([led(kinds, route()), led(kinds, route({}, 'GRPCRoute'))]).toEqual([0, 1]);
  });
  it('attaches to the section and the port that a route names', () => {
    const to = (more: Raw): number => led({}, route({ parentRefs: [{ ...parent, ...more }] }));
    expect([to({ sectionName: 'http' }), to({ sectionName: 'https' }), to({ port: 80 }), to({ port: 81 })]).toEqual([1, 0, 1, 0]);
    // A mesh, not an entrance.
    expect(to({ kind: 'Service', group: '' })).toBe(0);
  });
  it('needs names in common', () => {
    const hosts = (listener: string, ...names: string[]): string[] =>
      entryPoints(new Relation(readWorld([WEB, inner, gateway({ ...HTTP, hostname: listener }), route({ hostnames: names })]))).flatMap(
        ({ hosts }) => hosts,
      );
    expect(hosts('*.a.example', 'b.a.example', 'c.example')).toEqual(['b.a.example']);
    expect(hosts('x.b.a.example', '*.a.example')).toEqual(['x.b.a.example']);
    expect(hosts('*.a.example', '*.b.a.example')).toEqual(['*.b.a.example']);
    expect(hosts('*.a.example')).toEqual(['*.a.example']);
    expect(hosts('*.a.example', 'a.example')).toEqual([]);
  });
  it('crosses namespaces only by a grant of the other side', () => {
    const away = route({ rules: [{ backendRefs: [{ name: 'web', namespace: 'x', port: 80 }] }] }, 'HTTPRoute', 'z/r');
    const grant = (from: Raw, to: Raw): Raw => named(API, 'ReferenceGrant', 'x/g')({ from: [from], to: [to] });
    const FROM = { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'z' };
    const TO = { group: '', kind: 'Service' };
    const count = (...grants: Raw[]): number => entries(WEB, inner, gateway(HTTP), away, ...grants).length;
    expect(count()).toBe(0);
    expect(count(grant(FROM, TO))).toBe(1);
    expect(entries(WEB, inner, gateway(HTTP), away, grant(FROM, TO))[0]).toContain('> ReferenceGrant/x/g spec >');
    expect(count(grant(FROM, { ...TO, name: 'web' }))).toBe(1);
    expect(count(grant(FROM, { ...TO, name: 'other' }))).toBe(0);
    expect(count(grant({ ...FROM, namespace: 'y' }, TO))).toBe(0);
    expect(count(grant({ ...FROM, kind: 'GRPCRoute' }, TO))).toBe(0);
  });
  it('sends copies too, and nothing to what weighs nothing', () => {
    const mirror = { filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'web', port: 80 } } }] };
    expect(led({}, route({ rules: [mirror] }))).toBe(1);
    expect(led({}, route({ rules: [{ backendRefs: [{ name: 'web', port: 80, weight: 0 }] }] }))).toBe(0);
    expect(led({}, route({ rules: [{ backendRefs: [{ name: 'web' }] }] }))).toBe(0);
    expect(led({}, route({ rules: [{ backendRefs: [{ name: 'web', port: 80, kind: 'Other', group: 'x' }] }] }))).toBe(0);
  });
  it('leads UDP to UDP', () => {
    const dns = deployment('x/dns', { containers: [{ name: 'c', ports: [{ containerPort: 53, protocol: 'UDP' }] }] });
    const both = service('x/dns', {
      ports: [
        { port: 53, protocol: 'UDP' },
        { name: 'tcp', port: 53 },
      ],
    });
    const to = route({ rules: [{ backendRefs: [{ name: 'dns', port: 53 }] }] }, 'UDPRoute');
    expect(entryPoints(new Relation(readWorld([dns, both, gateway({ ...HTTP, protocol: 'UDP' }), to])))).toMatchObject([
      { protocol: 'UDP', port: 53, container: 'c' },
    ]);
  });
  it('is not known to lead anywhere where the Gateway or its class is not in the input', () => {
    const reason = (...objects: Raw[]): unknown => verdict(WEB, inner, ...objects)[1];
    expect(reason(route())).toBe('Gateway/edge/gw is not in the input');
    const other = { apiVersion: API, kind: 'GatewayClass', metadata: { name: 'other' }, spec: { controllerName: 'e' } };
    expect(reason(gateway(HTTP), route(), other)).toBe('GatewayClass/c is not in the input');
    expect(verdict(WEB, inner, route(), policy('x/p', []))[0]).toBe('no');
  });
  it('is served by the pods that are made for the Gateway', () => {
    const own = deployment('edge/gw-pods', {}, { 'gateway.networking.k8s.io/gateway-name': 'gw' });
    const only = (labels: Raw): Raw => policy('x/p', [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: labels } }] }]);
    const of = (labels: Raw): unknown => verdict(WEB, inner, gateway(HTTP), route(), own, only(labels))[0];
    expect([of({ app: 'gw-pods' }), of({ app: 'web' })]).toEqual(['yes', 'no']);
  });
  it('of Istio is something else', () => {
    expect(entries(WEB, inner, named('networking.istio.io/v1', 'Gateway', 'edge/gw')({ servers: [] }))).toEqual([]);
  });
});
