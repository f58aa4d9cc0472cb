/**
 * Where the components of a cluster should be listening: by their flags, else at the ports that they have by default
 * (k8s.io/kubernetes/pkg/cluster/ports, cmd/kubeadm/app/constants).
 */
import type { ApiObject, Cluster } from '../../model/index.ts';
import { endpointName } from '../../snapshot/index.ts';
import { hostOf, urlOf } from '../../lib/url.ts';
import { type KnownPort, type Place, ownAddress, portsOf } from './own-ports.ts';
import { type ProxySettings, type Started, proxySettingsIn, startedIn } from '../component-config/index.ts';

const CONTROL_PLANE = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];
const USUAL: readonly (Pick<KnownPort, 'component' | 'use' | 'port'> & { onAll?: true })[] = [
  { component: 'kubelet', use: 'secure', port: 10_250, onAll: true },
  { component: 'kubelet', use: 'read-only', port: 10_255, onAll: true },
  { component: 'kube-proxy', use: 'metrics', port: 10_249, onAll: true },
  { component: 'kube-proxy', use: 'health', port: 10_256, onAll: true },
  { component: 'kube-apiserver', use: 'secure', port: 6443 },
  { component: 'kube-controller-manager', use: 'secure', port: 10_257 },
  { component: 'kube-scheduler', use: 'secure', port: 10_259 },
  { component: 'etcd', use: 'client', port: 2379 },
  { component: 'etcd', use: 'peer', port: 2380 },
];

export interface KnownPorts {
  ports: KnownPort[];
  /** Nodes of which no address is known. */
  lost: string[];
}

/** `server` is the address of the API server that a kubeconfig gives. */
export function knownPorts(cluster: Cluster, server: string | undefined): KnownPorts {
  const started = startedIn(cluster);
  const ports: KnownPort[] = [];
  const lost: string[] = [];
  const nodes = cluster.tables.Node.all;
  const proxy = proxySettingsIn(cluster);
  for (const node of nodes) {
    const address = addressOf(node);
    if (address === undefined) lost.push(node.name);
    else
      ports.push(
        ...portsOfNode({ name: node.name, host: address, isControlPlane: isControlPlane(node), port: kubeletPort(node), proxy }, started),
      );
  }
  const known = new Set(nodes.map(({ name }) => name));
  for (const name of new Set(started.map((each) => each.node))) {
    if (name === '' || known.has(name)) continue;
    const own = started.filter((each) => each.node === name);
    const host = own.map(ownAddress).find((address) => address !== undefined);
    if (host === undefined) lost.push(name);
    else ports.push(...own.flatMap((each) => portsOf(each, { name, host })));
  }
  if (server !== undefined) ports.push(...serverPort(server));
  return { ports: withoutRepeats(ports), lost };
}

type NodePlace = Place & { isControlPlane: boolean; port: number | undefined; proxy: ProxySettings | undefined };

/** By the flags of what was seen there, and for the rest by default. */
function portsOfNode(node: NodePlace, all: readonly Started[]): KnownPort[] {
  const started = all.filter((each) => each.node === node.name);
  const usual = USUAL.filter(({ component, onAll }) => {
    return (onAll === true || node.isControlPlane) && !started.some((each) => each.component === component);
  });
  return [
    ...started.flatMap((each) => portsOf(each, node)),
    ...usual.map(({ component, use, port }): KnownPort => {
      const set = component === 'kube-proxy' ? proxyPort(node.proxy, use) : undefined;
      if (set !== undefined) return { host: node.host, component, use, node: node.name, ...set };
      const own = component === 'kubelet' && use === 'secure' ? (node.port ?? port) : port;
      return { host: node.host, port: own, component, use, node: node.name, from: `Node ${node.name}` };
    }),
  ];
}

/** Where it listens on loopback only, it is asked at the address of the node all the same: there it should be closed. */
function proxyPort(proxy: ProxySettings | undefined, use: KnownPort['use']): Pick<KnownPort, 'port' | 'from'> | undefined {
  const set = use === 'metrics' ? proxy?.metrics : proxy?.health;
  const port = Number(/:(\d+)$/.exec(set?.value ?? '')?.[1] ?? 0);
  return set === undefined || port < 1 || port > 65_535 ? undefined : { port, from: `${set.source} ${set.path}` };
}

function serverPort(server: string): KnownPort[] {
  const url = urlOf(server);
  if (url === undefined) return [];
  const port = url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port);
  return [{ host: hostOf(url), port, component: 'kube-apiserver', use: 'secure', from: 'the kubeconfig' }];
}

function addressOf({ body }: ApiObject<'Node'>): string | undefined {
  const addresses = body.status?.addresses ?? [];
  for (const type of ['InternalIP', 'ExternalIP', 'Hostname']) {
    const found = addresses.find((each) => each.type === type)?.address;
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}

function isControlPlane({ labels }: ApiObject<'Node'>): boolean {
  return CONTROL_PLANE.some((label) => Object.hasOwn(labels, label));
}

function kubeletPort({ body }: ApiObject<'Node'>): number | undefined {
  return body.status?.daemonEndpoints?.kubeletEndpoint?.Port;
}

/** That of a node tells more than the same address without one. */
function withoutRepeats(ports: readonly KnownPort[]): KnownPort[] {
  const found = new Map<string, KnownPort>();
  for (const port of ports) {
    const name = endpointName(port);
    const before = found.get(name);
    if (before === undefined || (before.node === undefined && port.node !== undefined)) found.set(name, port);
  }
  return [...found.values()];
}
