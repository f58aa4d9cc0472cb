/**
 * Needs from the policies of today: somebody wrote them because something is to get through. A rule counts where it
 * names workloads, addresses, or one namespace that is elsewhere; what it opens beyond that is told and not taken over.
 */
import {
  type Intervals,
  type PodPeer,
  type Policy,
  type Raw,
  type Rule,
  NAME_LABEL,
  intersection,
  isEverything,
  matches,
  recordAt,
  recordsAt,
  resolve,
  textAt,
  union,
} from '../../engines/network/index.ts';
import { onePort } from './one-port.ts';
import type { Evidence } from './evidence.ts';
import type { App, Inventory } from './inventory.ts';
import { type NeedEnd, type Needs } from './needs.ts';

type Direction = 'ingress' | 'egress';

export function needsFromPolicies(inventory: Inventory, needs: Needs): void {
  const carriers = inventory.world.policies.filter(({ tier }) => tier === 'network').map((policy) => new Carrier(inventory, needs, policy));
  // What names its ports first: what does not is then for pairs of which nothing else is known.
  for (const named of [true, false]) for (const carrier of carriers) carrier.carry(named);
}

class Carrier {
  readonly #inventory: Inventory;
  readonly #needs: Needs;
  readonly #policy: Policy;
  readonly #object: number;
  readonly #subjects: readonly App[];
  readonly #broad: boolean;

  constructor(inventory: Inventory, needs: Needs, policy: Policy) {
    this.#inventory = inventory;
    this.#needs = needs;
    this.#policy = policy;
    this.#object = inventory.find(policy.kind, policy.namespace, policy.name) ?? -1;
    this.#subjects = this.#selected(policy.subject);
    this.#broad = isEverything(policy.subject.pods) && this.#subjects.length > 1;
  }

  carry(named: boolean): void {
    for (const direction of ['ingress', 'egress'] as const)
      for (const rule of this.#policy[direction] ?? []) if ((rule.ports !== undefined) === named) this.#carryRule(rule, direction);
  }

  #carryRule(rule: Rule, direction: Direction): void {
    const words = `${direction} rule ${rule.number}`;
    const evidence = this.#evidence(rule, direction, `${words} of today lets it through`);
    const note = (what: string): void =>
      this.#needs.gap({
        kind: 'note',
        app: '',
        what: `NetworkPolicy/${this.#policy.namespace}/${this.#policy.name} ${words} ${what}`,
        evidence: [evidence],
      });
    if (rule.peers === undefined) return note('is for everybody, and so no reason for anybody');
    for (const subject of this.#subjects) {
      for (const peer of this.#peersOf(rule, direction, note)) {
        const own: NeedEnd = { kind: 'app', app: subject };
        const [from, to] = direction === 'ingress' ? [peer, own] : [own, peer];
        if (from.kind === 'app' && to.kind === 'app' && from.app === to.app && this.#broad) continue;
        const ports = this.#ports(rule, from, to);
        if (ports === undefined) note('names no ports, and so no reason for any');
        else this.#needs.add({ from, to, ports, evidence: [evidence] });
      }
    }
    return undefined;
  }

  /** Those of the rule; where it names none, those that the destination declares, if nothing else is known of the pair. */
  #ports(rule: Rule, from: NeedEnd, to: NeedEnd): Intervals<number> | undefined {
    const declared = to.kind === 'app' ? to.app.pods.flatMap((pod) => this.#inventory.world.pods[pod]?.ports ?? []) : [];
    const all = declared.reduce<Intervals<number>>((ports, { protocol, number }) => union(ports, onePort(protocol, number)), []);
    if (rule.ports !== undefined) {
      const ports = union(rule.ports.numbers, resolve(rule.ports.names, declared));
      // A rule for all pods of a namespace means those that listen there.
      const listens = intersection(all, ports).length > 0;
      return this.#broad && to.kind === 'app' && !listens ? [] : ports;
    }
    if (this.#needs.has(from, to)) return [];
    return all.length === 0 || this.#broad ? undefined : all;
  }

  #peersOf(rule: Rule, direction: Direction, note: (what: string) => void): NeedEnd[] {
    const pods = (rule.peers ?? []).flatMap((peer) => (peer.kind === 'pods' ? this.#podEnds(peer, note) : []));
    return [...pods, ...this.#blocks(rule, direction, note)];
  }

  #podEnds(peer: PodPeer, note: (what: string) => void): NeedEnd[] {
    const apps = this.#selected(peer);
    const namespace = nameOf(peer);
    const isWhole = isEverything(peer.pods);
    if (namespace === undefined && isWhole) {
      note('is for whole namespaces by their labels, and so no reason for anybody in them');
      return [];
    }
    if (isWhole && apps.length > 1) {
      note(`is for all of the namespace ${namespace}, and so no reason for anybody in it`);
      return [];
    }
    if (apps.length > 0) return apps.map((app) => ({ kind: 'app', app }));
    const isHere = namespace !== undefined && this.#inventory.apps.some((app) => app.namespace === namespace);
    const labels = Object.fromEntries(
      peer.pods.requirements.flatMap((one) => (one.operator === 'In' && one.values.length === 1 ? [[one.key, one.values[0] ?? '']] : [])),
    );
    if (namespace === undefined || isHere || Object.keys(labels).length < peer.pods.requirements.length) {
      note(`is for {${peer.pods.key}}${namespace === undefined ? '' : ` in ${namespace}`}, which is nobody`);
      return [];
    }
    return [{ kind: 'pods', namespace, labels }];
  }

  #blocks({ number, ports }: Rule, direction: Direction, note: (what: string) => void): NeedEnd[] {
    const rule = recordsAt(recordAt(this.#raw(), 'spec'), direction)[number - 1];
    return recordsAt(rule ?? {}, direction === 'ingress' ? 'from' : 'to').flatMap((peer): NeedEnd[] => {
      const block = recordAt(peer, 'ipBlock');
      const cidr = textAt(block, 'cidr');
      if (cidr === '') return [];
      const except = Array.isArray(block.except) ? block.except.filter((one) => typeof one === 'string') : [];
      if (ports === undefined) {
        note(`is for ${cidr} on all ports, and so no reason for any`);
        return [];
      }
      if (cidr.endsWith('/0')) note('is for every address: taken over, as who wrote it may have known why');
      return [{ kind: 'addresses', cidr, ...(except.length > 0 && { except }) }];
    });
  }

  #raw(): Raw | undefined {
    return this.#inventory.sources[this.#object]?.object;
  }

  #selected({ namespaces, pods }: PodPeer): App[] {
    const { world, apps } = this.#inventory;
    const inside = (namespace: string): boolean =>
      typeof namespaces === 'string'
        ? namespace === namespaces
        : matches(namespaces, world.namespaces.get(namespace) ?? { [NAME_LABEL]: namespace });
    return apps.filter((app) => !app.host && inside(app.namespace) && app.pods.some((pod) => matches(pods, world.pods[pod]?.labels ?? {})));
  }

  #evidence({ number }: Rule, direction: Direction, what: string): Evidence {
    const { kind, namespace, name } = this.#policy;
    return { ref: `${kind}/${namespace}/${name}`, path: `spec.${direction}[${number - 1}]`, object: this.#object, what };
  }
}

/** The one namespace that is meant, where it is named. */
function nameOf({ namespaces }: PodPeer): string | undefined {
  if (typeof namespaces === 'string') return namespaces;
  const [only, ...more] = namespaces.requirements;
  return more.length === 0 && only?.key === NAME_LABEL && only.operator === 'In' && only.values.length === 1 ? only.values[0] : undefined;
}
