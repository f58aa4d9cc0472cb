/**
 * Who comes to what etcd holds: by its nodes and their files, by its port, by a client certificate. A connection alone
 * gives nothing where etcd asks for a certificate, so the port is an end of its own, drawn where somebody asks for it.
 */
import {
  type CommandLine,
  commandLineOf,
  etcdListeners,
  etcdListensBeyond,
  etcdListensByDefault,
  isPlainUrl,
  isUrlOfNode,
  parseBoolean,
  settingOf,
} from '../../engines/command-line/index.ts';
import { settingsOfNodes } from '../../engines/component-config/index.ts';
import type { ApiObject } from '../../model/index.ts';
import { allow, account, controlPlane, factsOf, node, pod, policy, secret } from '../example-objects.ts';
import type { Where } from '../drawing.ts';
import { defineFamily } from '../family.ts';
import { isControlPlane } from '../network.ts';
import type { Scene, Unit } from '../scene.ts';

const CLIENT_PORT = 2379;

const OPEN = etcdPod('a/etcd', '--client-cert-auth=false');
const CLOSED = etcdPod('a/etcd', '--client-cert-auth=true', '--trusted-ca-file=/ca.crt');
const PLAIN = pod(
  'a/etcd',
  { hostNetwork: true },
  { image: 'etcd:3', command: ['etcd', '--listen-client-urls=https://10.0.0.1:2379,http://10.0.0.1:2378', '--client-cert-auth=true'] },
);
/** Open beside what asks for a certificate: to all by HTTP, or on its node alone. */
const BESIDE = etcdPod('a/etcd', '--listen-client-http-urls=http://10.0.0.1:2382', '--client-cert-auth=true');
const ON_NODE = pod(
  'a/etcd',
  { hostNetwork: true },
  { image: 'etcd:3', command: ['etcd', '--listen-client-urls=https://10.0.0.1:2379,http://127.0.0.1:2379', '--client-cert-auth=true'] },
);
const ON_LOOPBACK = pod('a/etcd', { hostNetwork: true }, { image: 'etcd:3', command: ['etcd', '--data-dir=/d'] });
const WALL = policy('b/wall', { podSelector: {}, policyTypes: ['Egress'], egress: [] });
const CERTIFICATE = secret('a/etcd-client-cert', { data: { 'etcd-client.crt': 'eA==', 'etcd-client-key': 'eA==' } });

export const family = defineFamily({
  edges: {
    ETCD_NODE: { says: "read etcd's files and keys on it", mitigation: 'Run nothing on nodes of etcd, and keep people off them.' },
    ETCD_PORT: {
      says: 'open a connection to etcd',
      mitigation: 'Close port 2379 of its nodes to all but API servers, by a firewall: policies that select pods do not reach it.',
    },
    ETCD_WITHOUT_CERTIFICATE: {
      says: 'read and change everything, as etcd asks for no certificate',
      mitigation: 'Start etcd with --client-cert-auth=true, --trusted-ca-file and https in --listen-client-urls.',
    },
    ETCD_CLIENT_CERTIFICATE: {
      says: "sign in to etcd with the Secret's certificate",
      mitigation: 'Give whoever only scrapes etcd its metrics on --listen-metrics-urls, and take the certificate back.',
    },
  },
  draw(scene) {
    const servers = etcdServers(scene);
    const holds = scene.builder.vertex('Etcd');
    for (const [name, where] of nodesOf(scene, servers)) scene.step({ edge: 'ETCD_NODE', where }, scene.node(name), holds);
    for (const object of scene.tables.Secret.all) {
      if (!holdsClientKey(object)) continue;
      // Which etcd it is for is known by its name alone.
      scene.maybe('ETCD_CLIENT_CERTIFICATE', 'unknown', {
        needs: scene.secret(object.namespace, object.name),
        gives: holds,
        where: { object, path: 'metadata.name' },
      });
    }
    drawPort(scene, servers, holds);
    drawPortsOfNodes(scene, servers, holds);
  },
  examples: () => [
    { edge: 'ETCD_NODE', objects: [controlPlane('n')], from: 'Node/n', to: 'Etcd' },
    { edge: 'ETCD_NODE', objects: [node('n'), CLOSED], from: 'Node/n', to: 'Etcd' },
    { edge: 'ETCD_NODE', objects: [node('n'), pod('a/p')], from: 'Node/n', to: 'Etcd', because: 'a worker has no etcd' },
    { edge: 'ETCD_PORT', objects: [CLOSED, pod('b/p')], from: 'Container/b/p/c', to: 'EtcdPort', context: { etcdPort: true } },
    {
      edge: 'ETCD_PORT',
      objects: [CLOSED, pod('b/p'), WALL],
      from: 'Container/b/p/c',
      to: 'EtcdPort',
      context: { etcdPort: true },
      because: 'a policy lets nothing out',
    },
    { edge: 'ETCD_WITHOUT_CERTIFICATE', objects: [OPEN, pod('b/p')], from: 'Container/b/p/c', to: 'ClusterAdmin' },
    { edge: 'ETCD_WITHOUT_CERTIFICATE', objects: [PLAIN, pod('b/p')], from: 'Container/b/p/c', to: 'ClusterAdmin' },
    { edge: 'ETCD_WITHOUT_CERTIFICATE', objects: [BESIDE, pod('b/p')], from: 'Container/b/p/c', to: 'ClusterAdmin' },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [ON_NODE, pod('b/p', { hostNetwork: true })],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [ON_NODE, pod('b/p')],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
      because: 'what is open to the network asks for a certificate',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [CLOSED, pod('b/p')],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
      because: 'it asks for a certificate',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [ON_LOOPBACK, pod('b/p')],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
      because: 'it listens on loopback only',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [ON_LOOPBACK, pod('b/p', { hostNetwork: true })],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [pod('b/p')],
      nodes: [factsOf('n', ['etcd', '--listen-client-urls=http://0.0.0.0:2379', '--client-cert-auth'])],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
    },
    {
      edge: 'ETCD_WITHOUT_CERTIFICATE',
      objects: [pod('b/p'), CLOSED],
      nodes: [factsOf('n', ['etcd', '--listen-client-urls=https://10.0.0.1:2379', '--client-cert-auth'])],
      from: 'Container/b/p/c',
      to: 'ClusterAdmin',
      because: 'what runs on the node asks for a certificate',
    },
    {
      edge: 'ETCD_CLIENT_CERTIFICATE',
      objects: [CERTIFICATE, account('a/x'), ...allow('a', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Etcd',
    },
    {
      edge: 'ETCD_CLIENT_CERTIFICATE',
      objects: [secret('a/etcd-password', { data: { password: 'eA==' } }), account('a/x'), ...allow('a', 'get secrets')],
      from: 'ServiceAccount/a/x',
      to: 'Etcd',
      because: 'it holds no key',
    },
  ],
});

export interface EtcdServer {
  readonly unit: Unit;
  readonly line: CommandLine;
  /** Whether it asks clients for a certificate; undefined where that is set out of sight. */
  readonly asksCertificate: boolean | undefined;
  readonly openTo: OpenTo;
}

/** Who gets in without a certificate: whoever can open a connection, those on the node alone, or nobody that is known. */
type OpenTo = 'network' | 'node' | 'nobody';

/** The members that are pods of the input. */
export function etcdServers(scene: Scene): EtcdServer[] {
  return scene.units.flatMap((unit) => {
    const line = unit.container.type === 'init' ? undefined : commandLineOf(unit.container.spec);
    return line?.component === 'etcd' ? [{ unit, line, asksCertificate: asksCertificate(line), openTo: openTo(line) }] : [];
  });
}

function asksCertificate(line: CommandLine): boolean | undefined {
  // What listens as http beyond the node asks for nothing, whatever is set.
  if (etcdListeners(line, 'clients').some(({ url }) => isPlainUrl(url) && !isUrlOfNode(url))) return false;
  const use = settingOf(line, '--client-cert-auth');
  if (use === undefined) return line.hidden === undefined && settingOf(line, '--config-file') === undefined ? false : undefined;
  return use.opaque ? undefined : parseBoolean(use.value);
}

function openTo(line: CommandLine): OpenTo {
  if (asksCertificate(line) === false) return etcdListensBeyond(line, 'clients') ? 'network' : 'node';
  const isPlain = etcdListensByDefault(line) || etcdListeners(line, 'clients').some(({ url }) => isPlainUrl(url));
  return isPlain ? 'node' : 'nobody';
}

/** Each with what tells that etcd is there. */
function nodesOf(scene: Scene, servers: readonly EtcdServer[]): Map<string, { object: ApiObject; path: string }> {
  const nodes = new Map<string, { object: ApiObject; path: string }>();
  for (const object of scene.tables.Node.all)
    if (isControlPlane(object.labels)) nodes.set(object.name, { object, path: 'metadata.labels' });
  const of = new Set(servers.map(({ unit }) => unit.root));
  for (const { root, workload, node: name } of scene.placement.pods)
    if (name !== '' && of.has(root)) nodes.set(name, { object: workload.object, path: 'spec.nodeName' });
  return nodes;
}

function drawPort(scene: Scene, servers: readonly EtcdServer[], holds: number): void {
  // Beyond the node these ask for a certificate, so that who can open a connection there has nothing by that.
  const divided = servers.filter((server) => server.openTo === 'node' && etcdListensBeyond(server.line, 'clients'));
  const open = servers.filter((server) => server.openTo !== 'nobody' && !divided.includes(server));
  const asked = scene.context.etcdPort === true ? servers : open;
  if (asked.length > 0) {
    const port = scene.builder.vertex('EtcdPort');
    for (const { unit } of open) drawOpen(scene, port, { where: commandOf(unit), holds });
    for (const unit of scene.units) {
      if (unit.container.type === 'init') continue;
      const reached = asked.find((server) => server.unit.vertex !== unit.vertex && reaches(scene, unit, server));
      if (reached !== undefined) scene.step({ edge: 'ETCD_PORT', where: commandOf(reached.unit) }, unit.vertex, port);
    }
  }
  for (const { unit: server } of divided) {
    const where = commandOf(server);
    const port = scene.hub(`EtcdPort of ${scene.nameOf(server.root)} on its node`, (hub) => drawOpen(scene, hub, { where, holds }));
    for (const unit of scene.units)
      if (unit.container.type !== 'init' && unit.vertex !== server.vertex && isOnNodeOf(scene, unit, server.root))
        scene.step({ edge: 'ETCD_PORT', where }, unit.vertex, port);
  }
}

function drawOpen(scene: Scene, port: number, { where, holds }: { where: Where; holds: number }): void {
  scene.step({ edge: 'ETCD_WITHOUT_CERTIFICATE', where }, port, holds);
  scene.step({ edge: 'ETCD_WITHOUT_CERTIFICATE', where }, port, scene.builder.vertex('ClusterAdmin'));
}

function commandOf({ container }: Unit): Where {
  return { object: container.workload.object, path: `${container.path}.command` };
}

function reaches(scene: Scene, unit: Unit, { unit: server, line }: EtcdServer): boolean {
  if (!etcdListensBeyond(line, 'clients')) return isOnNodeOf(scene, unit, server.root);
  const { egress, ingress } = scene.network.between(unit.container.workload, server.container.workload, CLIENT_PORT);
  return egress && ingress;
}

/** Members that are no pods of the input, by what was collected on their nodes: programs that the machine starts itself. */
function drawPortsOfNodes(scene: Scene, servers: readonly EtcdServer[], holds: number): void {
  const inPods = new Set(servers.flatMap(({ unit }) => scene.placement.nodesOf(unit.root).nodes));
  const others = settingsOfNodes(scene.tables.collected).lines.filter(
    ({ node: name, line }) => line.component === 'etcd' && !inPods.has(name),
  );
  for (const { node: name, line, object, path } of others) {
    const open = openTo(line);
    if (open === 'nobody') continue;
    const where = { object, path };
    const port = scene.hub(`EtcdPort/${name}`, (hub) => drawOpen(scene, hub, { where, holds }));
    for (const { vertex, container, root } of scene.units) {
      if (container.type === 'init') continue;
      const isThere = container.workload.pod.hostNetwork === true && scene.placement.nodesOf(root).nodes.includes(name);
      if (open === 'network' ? scene.network.reachesNode(container.workload, name, CLIENT_PORT) : isThere)
        scene.step({ edge: 'ETCD_PORT', where }, vertex, port);
    }
  }
}

function isOnNodeOf(scene: Scene, { container, root }: Unit, other: Unit['root']): boolean {
  return container.workload.pod.hostNetwork === true && sharesNode(scene, root, other);
}

function sharesNode(scene: Scene, one: Unit['root'], other: Unit['root']): boolean {
  const nodes = new Set(scene.placement.nodesOf(one).nodes);
  return scene.placement.nodesOf(other).nodes.some((name) => nodes.has(name));
}

const KEY = /(?:^|[-._])key(?:\.pem)?$|\.key$/;

/** By the names of what is in it: values are never looked at. */
function holdsClientKey({ name, body }: ApiObject<'Secret'>): boolean {
  return /etcd/i.test(name) && Object.keys({ ...body.data, ...body.stringData }).some((key) => KEY.test(key));
}

function etcdPod(at: string, ...flags: readonly string[]): Readonly<Record<string, unknown>> {
  return pod(at, { hostNetwork: true }, { image: 'etcd:3', command: ['etcd', '--listen-client-urls=https://10.0.0.1:2379', ...flags] });
}
