/**
 * Needs that were recorded: every connection that went through, or may have. An end that cannot be told may have been
 * anybody, so what is opened for it is as wide as it has to be, and is told.
 */
import { type World, addressText, familyOf, parseAddress } from '../../engines/network/index.ts';
import { groupBy } from '../../lib/groups.ts';
import { plural } from '../../lib/terminal.ts';
import type { FlowEnd, FlowUse, UseRecord } from '../../record/index.ts';
import { type RecordedEnd, RecordedEnds, makersOf } from '../flows/recorded-ends.ts';
import { TUNNELS } from '../flows/replay.ts';
import { addressesSince } from '../flows/starts.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import { everyAddress } from './from-entrances.ts';
import type { App, Inventory } from './inventory.ts';
import { type Need, type NeedEnd, type Needs, endKey } from './needs.ts';
import { onePort } from './one-port.ts';
import { Places } from './places.ts';

/** From so many addresses on, any other may come next. */
const MANY = 16;

/** What an end may have been; `wide` says why more is opened than was seen. */
interface Found {
  readonly ends: readonly NeedEnd[];
  readonly wide?: string;
  /** Of a Service, the ports of its pods. */
  readonly ports?: (end: NeedEnd) => Need['ports'];
  /** Of a node its name, of a pod that is there that of its node. */
  readonly node?: string;
}

/** A connection as policies know it, by whichever pods and however often. */
interface Seen {
  readonly from: NeedEnd;
  readonly to: NeedEnd;
  readonly ports: Need['ports'];
  /** As people write it. */
  readonly port: string;
  count: number;
  first: number;
  last: number;
}

/** The flows with both ends known, which can be asked again. */
export function needsFromFlows(inventory: Inventory, needs: Needs, { record, facts }: { record: UseRecord; facts: Facts }): FlowUse[] {
  const ends = new Ends(inventory, record, facts);
  const known: FlowUse[] = [];
  const seen = new Map<string, Seen>();
  for (const flow of record.flows) {
    if (flow.allowed + flow.unclear === 0) continue;
    const [from, to] = [ends.find(flow.source, flow), ends.find(flow.destination, flow)];
    if (from.wide === undefined && to.wide === undefined) known.push(flow);
    // A node always reaches its own pods, so that probes need no rule.
    if (from.node !== undefined && from.node === to.node) continue;
    const app = [...from.ends, ...to.ends].find((end) => end.kind === 'app' && end.app.policed);
    if (app?.kind !== 'app') continue;
    const wide = (what: string): void => needs.gap({ kind: 'wide', app: app.app.key, what, evidence: [] });
    for (const { wide: why } of [from, to]) if (why !== undefined) wide(`${why}; ${flowText(flow)}`);
    if (TUNNELS.has(flow.port)) wide(`port ${flow.port} is that of a tunnel, and what goes through it is not seen; ${flowText(flow)}`);
    for (const source of from.ends)
      for (const destination of to.ends) noted(seen, { from: source, to: destination, ports: to.ports?.(destination) }, flow);
  }
  for (const group of groupBy(seen.values(), groupOf).values()) needAll(inventory, needs, group);
  return known;
}

function noted(
  seen: Map<string, Seen>,
  { from, to, ports }: { from: NeedEnd; to: NeedEnd; ports: Need['ports'] | undefined },
  { protocol, port, allowed, unclear, first, last }: FlowUse,
): void {
  const asked = ports ?? onePort(protocol, port);
  const key = [endKey(from), endKey(to), asked.join()].join('\0');
  const known = seen.get(key) ?? { from, to, ports: asked, port: `${port}/${protocol}`, count: 0, first, last };
  known.count += allowed + unclear;
  known.first = Math.min(known.first, first);
  known.last = Math.max(known.last, last);
  seen.set(key, known);
}

/** Those of one workload with addresses outside, in one direction and on the same ports, stand together. */
function groupOf({ from, to, ports }: Seen): string {
  if (from.kind === 'app' && to.kind === 'addresses') return `out ${from.app.key} ${ports.join()}`;
  if (to.kind === 'app' && from.kind === 'addresses') return `in ${to.app.key} ${ports.join()}`;
  return '';
}

function needAll(inventory: Inventory, needs: Needs, group: readonly Seen[]): void {
  const [first] = group;
  if (first === undefined) return;
  if (groupOf(first) === '' || group.length <= MANY) {
    for (const one of group) needs.add({ from: one.from, to: one.to, ports: one.ports, evidence: [evidenceOf(one)] });
    return;
  }
  const inward = first.to.kind === 'app';
  const all: Seen = {
    ...first,
    count: group.reduce((sum, { count }) => sum + count, 0),
    first: Math.min(...group.map((one) => one.first)),
    last: Math.max(...group.map((one) => one.last)),
  };
  const own = inward ? first.to : first.from;
  const what = `${group.length} addresses ${inward ? 'came to' : 'were asked on'} ${first.port}, and any other may be next: open to every address`;
  needs.gap({ kind: 'wide', app: own.kind === 'app' ? own.app.key : '', what, evidence: [] });
  for (const cidr of everyAddress(inventory)) {
    const other: NeedEnd = { kind: 'addresses', cidr };
    const ends = inward ? { from: other, to: own } : { from: own, to: other };
    needs.add({ ...ends, ports: first.ports, evidence: [evidenceOf({ ...all, ...ends })] });
  }
}

/** `seen 42 times, 2026-10-01 to 2026-10-21: shop/web[Deployment] to 203.0.113.7/32 443/TCP` */
function evidenceOf({ from, to, port, count, first, last }: Seen): Evidence {
  const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
  const days = day(first) === day(last) ? `on ${day(first)}` : `${day(first)} to ${day(last)}`;
  const what = `seen ${plural(count, 'time')}, ${days}: ${endText(from)} to ${endText(to)} ${port}`;
  return { ref: 'Record', path: 'flows', object: -1, what };
}

function endText(end: NeedEnd): string {
  switch (end.kind) {
    case 'app':
      return end.app.key;
    case 'addresses':
      return end.cidr;
    case 'pods':
      return `${end.namespace}/*`;
    default:
      return 'the whole cluster';
  }
}

function flowText({ source, destination, port, protocol }: FlowUse): string {
  return `${source ?? 'many addresses'} to ${destination ?? 'many addresses'} ${port}/${protocol}`;
}

function laterWords(address: string): string {
  return `who has ${address} now came after it was seen, so that it may have been somebody else: open to who has it now`;
}

class Ends {
  readonly #inventory: Inventory;
  readonly #facts: Facts;
  readonly #places: Places;
  readonly #ends: RecordedEnds;
  readonly #apps = new Map<string, App[]>();
  readonly #nodes: ReturnType<typeof nodesIn>;

  constructor(inventory: Inventory, record: UseRecord, facts: Facts) {
    this.#inventory = inventory;
    this.#facts = facts;
    this.#places = new Places(inventory);
    this.#ends = new RecordedEnds(record, inventory.world, addressesSince(inventory.world, inventory.sources));
    for (const app of inventory.apps) {
      this.#named(`${app.namespace}/${app.name}`, app);
      for (const index of app.pods) {
        const pod = inventory.world.pods[index];
        if (pod?.kind === 'Pod') this.#named(`${pod.namespace}/${pod.name}`, app);
      }
    }
    this.#nodes = nodesIn(inventory.world);
  }

  #named(name: string, app: App): void {
    const apps = this.#apps.get(name) ?? [];
    this.#apps.set(name, apps);
    if (!apps.includes(app)) apps.push(app);
  }

  find(end: FlowEnd, flow: FlowUse): Found {
    const [only, ...more] = this.#ends.of(end, flow).map((one) => this.#found(one, flow));
    if (only === undefined || more.length === 0) return only ?? { ends: [] };
    const all = [only, ...more];
    const ends = [
      ...new Map(all.flatMap((one) => one.ends).map((one) => [one.kind === 'app' ? one.app.key : JSON.stringify(one), one])).values(),
    ];
    const several = ends.length > 1 ? `the address ${end?.slice('ip:'.length)} was that of several` : undefined;
    const wide = all.find((one) => one.wide !== undefined)?.wide ?? several;
    return { ends, ...(wide !== undefined && { wide }) };
  }

  #found(end: RecordedEnd, flow: FlowUse): Found {
    switch (end.kind) {
      case 'pod':
        return this.#pod(end.name);
      case 'node':
        return this.#node(end.name);
      case 'address':
        return end.reused ? { ...this.#at(end.address, flow), wide: laterWords(end.address) } : this.#at(end.address, flow);
      default:
        return this.#anywhere(end.why);
    }
  }

  #pod(name: string): Found {
    for (const maker of makersOf(name)) {
      const apps = this.#apps.get(maker);
      if (apps === undefined) continue;
      if (apps.some(({ host }) => host)) return this.#anyNode(name);
      const node = this.#nodes.ofPod.get(name);
      return { ends: apps.map((app) => ({ kind: 'app', app })), ...(node !== undefined && { node }) };
    }
    const [namespace = ''] = name.split('/');
    return { ends: [{ kind: 'pods', namespace, labels: {} }], wide: `${name} is not in the input: open to all pods of ${namespace}` };
  }

  #node(name: string): Found {
    return { ...this.#anyNode(name), node: name };
  }

  /** Or what is on the network of one. Which node it will be next is not known. */
  #anyNode(name: string): Found {
    const { nodes } = this.#facts;
    if (nodes.length === 0)
      return this.#anywhere(`${name} has the address of a node, and these are not in the input; name them with --nodes`);
    return { ends: nodes.map((cidr) => ({ kind: 'addresses', cidr })), wide: `${name} has the address of a node: open to all nodes` };
  }

  #at(text: string, { port, protocol }: FlowUse): Found {
    const address = parseAddress(text);
    if (address === undefined) return this.#anywhere(`the record has an end "${text}" that is no address`);
    const { isNode = false, node } = this.#nodes.ofAddress.get(addressText(address)) ?? {};
    if (isNode && node !== undefined) return this.#node(node);
    const place = this.#places.find({ host: text, port, protocols: [protocol], namespace: '' });
    if (place.kind === 'apps') {
      const ports = new Map(place.targets.map((target) => [target.app, target.ports]));
      return {
        ends: place.targets.map(({ app }) => ({ kind: 'app', app })),
        ports: (end) => (end.kind === 'app' ? (ports.get(end.app) ?? []) : []),
        ...(node !== undefined && { node }),
      };
    }
    if (place.kind === 'api-server') return this.#apiServer(text);
    if (place.kind === 'nowhere') return this.#anywhere(`${text} is the address of a Service, and ${place.why}`);
    return { ends: [{ kind: 'addresses', cidr: `${addressText(address)}/${familyOf(address) === 4 ? 32 : 128}` }] };
  }

  /** What is asked for by its Service goes to where it listens. */
  #apiServer(text: string): Found {
    const { apiServer } = this.#facts;
    if (apiServer.length === 0)
      return this.#anywhere(`${text} is the API server, whose own address is not in the input; name it with --api-server`);
    const ports = onePort('TCP', apiServer[0]?.port ?? 0);
    return { ends: apiServer.map(({ cidr }) => ({ kind: 'addresses', cidr })), ports: () => ports };
  }

  #anywhere(why: string): Found {
    return { ends: everyAddress(this.#inventory).map((cidr) => ({ kind: 'addresses', cidr })), wide: why };
  }
}

/** Which node a pod is on, by the name of the pod; and by its address, or the node's own. */
function nodesIn({ nodes, pods }: World): {
  ofPod: ReadonlyMap<string, string>;
  ofAddress: ReadonlyMap<string, { node: string; isNode: boolean }>;
} {
  const placed = pods.filter(({ kind, host, node }) => kind === 'Pod' && !host && node !== '');
  const ofAddress = new Map<string, { node: string; isNode: boolean }>();
  for (const { node, addresses } of placed) for (const address of addresses) ofAddress.set(addressText(address), { node, isNode: false });
  for (const { name, addresses } of nodes)
    for (const address of addresses) ofAddress.set(addressText(address), { node: name, isNode: true });
  return { ofPod: new Map(placed.map(({ namespace, name, node }) => [`${namespace}/${name}`, node])), ofAddress };
}
