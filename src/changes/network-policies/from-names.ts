/** Needs of those who resolve names: the cluster's own resolver, or the one that a pod is told to ask. */
import { type Intervals, parseAddress, union } from '../../engines/network/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { Resolvers } from './from-references.ts';
import type { App, Inventory } from './inventory.ts';
import type { NeedEnd, Needs } from './needs.ts';
import { Places } from './places.ts';

export const DNS: Intervals<number> = union(onePort('UDP', 53), onePort('TCP', 53));

export interface Resolver {
  readonly end: NeedEnd;
  readonly ports: Intervals<number>;
}

export function needsFromNames(inventory: Inventory, needs: Needs, resolvers: Resolvers): void {
  const ofCluster = clusterResolvers(inventory);
  for (const [app, evidence] of new Map([...byWayOfServices(inventory, needs), ...resolvers])) {
    if (app.host) continue;
    for (const { end, ports } of resolversOf(inventory, app, ofCluster) ?? unknown(needs, app, evidence))
      needs.add({
        from: { kind: 'app', app },
        to: end,
        ports,
        evidence: [{ ...evidence, what: `${evidence.what}, which it has to resolve` }],
      });
  }
}

/** Whom a policy of today lets through to what is behind a Service finds it by name, whatever that is written in. */
function byWayOfServices(inventory: Inventory, needs: Needs): Resolvers {
  const served = new Set(
    inventory.services.all.flatMap((service) => inventory.services.behind(service).flatMap(({ pod }) => inventory.appOf(pod) ?? [])),
  );
  const found: Resolvers = new Map();
  for (const { from, to, evidence } of needs.all()) {
    const first = evidence.find(({ ref }) => ref.startsWith('NetworkPolicy/'));
    if (from.kind === 'app' && to.kind === 'app' && served.has(to.app) && first !== undefined && !found.has(from.app))
      found.set(from.app, first);
  }
  return found;
}

/** Undefined where nobody knows whom it asks. */
export function resolversOf(inventory: Inventory, { workload }: App, ofCluster: readonly Resolver[]): readonly Resolver[] | undefined {
  const { dnsPolicy = 'ClusterFirst', dnsConfig } = workload.pod;
  if (dnsPolicy === 'Default') return undefined;
  const { nameservers = [] } = dnsConfig ?? {};
  if (nameservers.length === 0) return dnsPolicy === 'None' ? [] : ofCluster;
  const places = new Places(inventory);
  const own = nameservers.flatMap((host): Resolver[] => {
    const place = places.find({ host, port: 53, namespace: workload.namespace });
    if (place.kind === 'apps') return place.targets.map(({ app, ports }) => ({ end: { kind: 'app', app }, ports }));
    return place.kind === 'addresses' ? [{ end: { kind: 'addresses', cidr: place.cidr }, ports: DNS }] : [];
  });
  return dnsPolicy === 'None' ? own : [...ofCluster, ...own];
}

function unknown(needs: Needs, app: App, evidence: Evidence): Resolver[] {
  needs.gap({
    kind: 'closed',
    app: app.key,
    what: 'DNS: it asks the resolvers of its node (dnsPolicy Default), and these are not in the input',
    evidence: [evidence],
  });
  return [];
}

/** Names of the Service in clusters of several makers. */
const SERVICES = [
  ['kube-system', 'kube-dns'],
  ['kube-system', 'coredns'],
  ['kube-system', 'rke2-coredns-rke2-coredns'],
  ['openshift-dns', 'dns-default'],
] as const;

export function clusterResolvers(inventory: Inventory): Resolver[] {
  const found = new Map<App, Intervals<number>>();
  for (const [namespace, name] of SERVICES) {
    const service = inventory.services.get(namespace, name);
    for (const { pod, port, number } of service === undefined ? [] : inventory.services.answering(service)) {
      const app = port.port === 53 ? inventory.appOf(pod) : undefined;
      if (app !== undefined) found.set(app, union(found.get(app) ?? [], onePort(port.protocol, number)));
    }
  }
  const pods = [...found].map(([app, ports]): Resolver => ({ end: { kind: 'app', app }, ports }));
  const usual: Resolver = { end: { kind: 'pods', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }, ports: DNS };
  return [...(pods.length > 0 ? pods : [usual]), ...nodeLocal(inventory)];
}

/** A cache on each node listens on an address of its own, on the network of the node. */
function nodeLocal({ apps }: Inventory): Resolver[] {
  const cache = apps.find(
    ({ namespace, name, kind }) => namespace === 'kube-system' && kind === 'DaemonSet' && /^node-?local-?dns$/.test(name),
  );
  if (cache === undefined) return [];
  const args = cache.workload.containers.flatMap(({ spec }) => [...(spec.command ?? []), ...(spec.args ?? [])]).join(' ');
  const listed = /-localip[= ](\S+)/.exec(args)?.[1] ?? '169.254.20.10';
  return listed
    .split(',')
    .filter((address) => parseAddress(address) !== undefined)
    .map((address) => ({ end: { kind: 'addresses', cidr: `${address}/${address.includes(':') ? 128 : 32}` }, ports: DNS }));
}
