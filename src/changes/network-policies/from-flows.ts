/** Needs from connections that were recorded: between workloads by name, with the outside by address. */
import { addressText, parseAddress } from '../../engines/network/index.ts';
import type { FlowEnd, FlowUse, UseRecord } from '../../record/index.ts';
import { makersOf } from '../flows/replay.ts';
import type { Evidence } from './evidence.ts';
import { everyAddress } from './from-entrances.ts';
import type { App, Inventory } from './inventory.ts';
import type { NeedEnd, Needs } from './needs.ts';
import { onePort } from './one-port.ts';

/** From so many addresses on, any other may come next. */
const MANY = 16;

export function needsFromFlows(inventory: Inventory, needs: Needs, record: UseRecord): void {
  const ends = new Ends(inventory, record);
  const outside = new Map<string, { app: App; flow: FlowUse; inward: boolean; cidrs: Set<string>; evidence: Evidence[] }>();
  for (const flow of record.flows) {
    if (flow.allowed + flow.unclear === 0) continue;
    const ports = onePort(flow.protocol, flow.port);
    const [sources, targets] = [ends.of(flow.source), ends.of(flow.destination)];
    for (const from of sources) {
      for (const to of targets) {
        if (from.kind === 'app' && to.kind === 'app') needs.add({ from, to, ports, evidence: [seen(from.app, flow)] });
        const [app, other, inward] = from.kind === 'app' ? [from.app, to, false] : to.kind === 'app' ? [to.app, from, true] : [];
        if (app === undefined || other?.kind !== 'addresses') continue;
        const key = `${app.key} ${inward} ${flow.protocol} ${flow.port}`;
        const known = outside.get(key) ?? { app, flow, inward: inward === true, cidrs: new Set(), evidence: [] };
        outside.set(key, known);
        known.cidrs.add(other.cidr);
        known.evidence.push(seen(app, flow));
      }
    }
  }
  for (const { app, flow, inward, cidrs, evidence } of outside.values()) {
    const own: NeedEnd = { kind: 'app', app };
    for (const cidr of cidrs.size > MANY ? everyAddress(inventory) : cidrs) {
      const other: NeedEnd = { kind: 'addresses', cidr };
      needs.add({ from: inward ? other : own, to: inward ? own : other, ports: onePort(flow.protocol, flow.port), evidence });
    }
  }
}

/** Who the ends of a flow were, each once; several where an address was that of several. */
class Ends {
  readonly #apps = new Map<string, App>();
  readonly #owners = new Map<string, Set<string>>();

  constructor(inventory: Inventory, { addresses }: UseRecord) {
    for (const app of inventory.apps) {
      this.#apps.set(`${app.namespace}/${app.name}`, app);
      for (const index of app.pods) {
        const pod = inventory.world.pods[index];
        if (pod === undefined) continue;
        this.#apps.set(`${pod.namespace}/${pod.name}`, app);
        if (!pod.host)
          for (const address of pod.addresses) this.#owners.set(addressText(address), new Set([`pod:${pod.namespace}/${pod.name}`]));
      }
    }
    for (const { address, end } of addresses) {
      const owners = this.#owners.get(address);
      if (owners === undefined) this.#owners.set(address, new Set([end]));
      else owners.add(end);
    }
  }

  of(end: FlowEnd): NeedEnd[] {
    if (end === undefined) return [];
    const [kind, name] = [end.slice(0, end.indexOf(':')), end.slice(end.indexOf(':') + 1)];
    if (kind === 'ip') {
      const owners = this.#owners.get(name);
      if (owners !== undefined) return [...owners].flatMap((owner) => (owner.startsWith('ip:') ? this.#address(name) : this.of(owner)));
      return this.#address(name);
    }
    if (kind !== 'pod' && kind !== 'workload') return [];
    const app = makersOf(name)
      .map((text) => this.#apps.get(text))
      .find((one) => one !== undefined);
    return app === undefined ? [] : [{ kind: 'app', app }];
  }

  #address(text: string): NeedEnd[] {
    return parseAddress(text) === undefined ? [] : [{ kind: 'addresses', cidr: `${text}/${text.includes(':') ? 128 : 32}` }];
  }
}

function seen(app: App, { allowed, unclear, last }: FlowUse): Evidence {
  const day = new Date(last * 1000).toISOString().slice(0, 10);
  const ref = `${app.kind}/${app.namespace}/${app.name}`;
  return { ref, path: 'metadata.name', object: app.object, what: `seen ${allowed + unclear} times, last on ${day}` };
}
