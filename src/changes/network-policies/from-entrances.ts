/** Needs from what leads traffic into the cluster: balancers, ports of nodes, Ingresses, Routes and Gateways. */
import {
  Controllers,
  type Intervals,
  type Lead,
  backendsOf,
  cidrsOf,
  directEntries,
  familyOf,
  leadsOf,
  recordAt,
  textAt,
} from '../../engines/network/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { App, Inventory } from './inventory.ts';
import { type NeedEnd, type Needs, endKey } from './needs.ts';

export function needsFromEntrances(inventory: Inventory, needs: Needs): void {
  fromOutside(inventory, needs);
  fromControllers(inventory, needs);
}

const WORDS: Readonly<Record<string, string>> = {
  'load-balancer': 'is behind a balancer',
  'node-port': 'is open on every node',
  'external-ip': 'is open on external addresses',
  'host-port': 'is open on its node',
};

function fromOutside(inventory: Inventory, needs: Needs): void {
  const entries = directEntries(inventory.world, inventory.services).filter(({ by }) => by !== 'host-network');
  // The ports of nodes that a balancer uses are no way in by themselves.
  const balanced = new Set(entries.filter(({ by }) => by === 'load-balancer').map(({ via }) => via[0]?.ref));
  for (const { by, via, pod, protocol, port, from, replaced } of entries) {
    const app = inventory.appOf(pod);
    if (app === undefined || protocol === undefined || port === undefined || (by === 'node-port' && balanced.has(via[0]?.ref))) continue;
    const evidence: Evidence[] = via.slice(0, 1).map((field) => ({ ...field, what: WORDS[by] ?? by }));
    const wanted = cidrsOf(withoutUnused(inventory, from));
    // Who knocks has the address of a node by then, unless the Service keeps it.
    const kept = !replaced || wanted.some((cidr) => cidr.endsWith('/0'));
    if (!kept)
      needs.gap({
        kind: 'wide',
        app: app.key,
        what: `open to every address, as ${via[0]?.ref} may replace those of its clients; externalTrafficPolicy: Local keeps them`,
        evidence,
      });
    for (const cidr of kept ? wanted : everyAddress(inventory))
      needs.add({ from: { kind: 'addresses', cidr }, to: { kind: 'app', app }, ports: onePort(protocol, port), evidence });
  }
}

/** Of IPv6 only where it is in use. */
export function everyAddress({ ipv6 }: Inventory): string[] {
  return ipv6 ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
}

function withoutUnused({ ipv6 }: Inventory, from: Intervals<bigint>): Intervals<bigint> {
  return ipv6 ? from : from.filter((bound) => familyOf(bound) === 4 || bound === 1n << 32n);
}

interface Led {
  lead: Lead;
  app: App;
  ports: Intervals<number>;
  /** What serves it, by name: of an Ingress its class. */
  served: string;
  evidence: Evidence[];
}

function fromControllers(inventory: Inventory, needs: Needs): void {
  const controllers = new Controllers(inventory.world);
  const all = leadsOf(inventory.world).flatMap((lead) => ledBy(inventory, lead));
  const peers = peersByClass(needs, all);
  for (const one of all) {
    const to: NeedEnd = { kind: 'app', app: one.app };
    const serving = new Set(controllers.of(one.lead).flatMap((pod) => inventory.appOf(pod) ?? []));
    if (serving.size > 0) {
      for (const app of serving) needs.add({ from: { kind: 'app', app }, to, ports: one.ports, evidence: one.evidence });
      continue;
    }
    const known = peers.get(one.served) ?? [];
    for (const { end, evidence } of known) needs.add({ from: end, to, ports: one.ports, evidence: [...one.evidence, ...evidence] });
    if (known.length > 0) continue;
    needs.add({ from: { kind: 'anybody' }, to, ports: one.ports, evidence: one.evidence });
    const what = `open to the whole cluster, as who serves ${one.served} is not in the input; what is generated for the others keeps them from it`;
    needs.gap({ kind: 'wide', app: one.app.key, what, evidence: one.evidence });
  }
}

function ledBy(inventory: Inventory, lead: Lead): Led[] {
  const { via, by, gateway } = lead;
  const served =
    gateway !== undefined ? `the Gateway ${gateway}` : by === 'route' ? 'Routes' : `Ingresses of the class ${classOf(inventory, lead)}`;
  const evidence = via.slice(0, 1).map((field): Evidence => ({ ...field, what: 'leads here' }));
  return backendsOf(lead, inventory.services).flatMap(({ pod, port, number }): Led[] => {
    const app = inventory.appOf(pod);
    return app === undefined ? [] : [{ lead, app, ports: onePort(port.protocol, number), served, evidence }];
  });
}

function classOf(inventory: Inventory, { via }: Lead): string {
  const object = inventory.sources[via[0]?.object ?? -1]?.object;
  const name =
    textAt(recordAt(object, 'spec'), 'ingressClassName') ||
    textAt(recordAt(object, 'metadata', 'annotations'), 'kubernetes.io/ingress.class');
  return name === '' ? 'that is the default' : name;
}

/** Whom the policies of today let in where an Ingress of the class leads: they know who serves it. */
function peersByClass(needs: Needs, all: readonly Led[]): Map<string, { end: NeedEnd; evidence: readonly Evidence[] }[]> {
  const found = new Map<string, Map<string, { end: NeedEnd; evidence: readonly Evidence[] }>>();
  const known = needs.all();
  for (const { served, app, ports } of all) {
    for (const { from, to, evidence, ports: open } of known) {
      if (from.kind !== 'pods' || to.kind !== 'app' || to.app !== app || !open.some((bound, index) => bound === ports[index])) continue;
      const ends = found.get(served) ?? new Map<string, { end: NeedEnd; evidence: readonly Evidence[] }>();
      found.set(served, ends.set(endKey(from), { end: from, evidence }));
    }
  }
  return new Map([...found].map(([served, ends]) => [served, [...ends.values()]]));
}
