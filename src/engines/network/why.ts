/** Why something may flow between two ends or not: every port, cut where another policy or rule has the say. */
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { type Direction, type Policy, type Rule, policyRef } from './policy.ts';
import { ALL_PORTS, type Conns, type Protocol, connsOf, portRange } from './ports.ts';
import type { Relation } from './relation.ts';

export interface SideReason {
  readonly verdict: 'allow' | 'deny';
  /** The rules that decide; of a denial by isolation, the policies that isolate. */
  readonly by: readonly string[];
  /** No policy decides: what nobody restricts is allowed. */
  readonly default: boolean;
  /** Of a denial by isolation: rules that would have allowed it, but for their peers or their ports. */
  readonly missed?: readonly Miss[];
}

export interface Miss {
  readonly rule: string;
  readonly on: 'peer' | 'port';
}

export interface Part {
  readonly conns: Conns;
  readonly verdict: 'allow' | 'deny';
  readonly egress: SideReason;
  readonly ingress: SideReason;
}

interface Slice extends SideReason {
  readonly ports: Intervals<number>;
}

/** Parts that together are all ports, those that are allowed first. Both are ids of classes or zones. */
export function partsOf(relation: Relation, source: number, destination: number): (Part & { ports: Intervals<number> })[] {
  const parts = new Map<string, Part & { ports: Intervals<number> }>();
  const into = slices(relation, 'ingress', { subject: destination, peer: source, destination });
  for (const { ports: out, ...egress } of slices(relation, 'egress', { subject: source, peer: destination, destination })) {
    for (const { ports: taken, ...ingress } of into) {
      const both = intersection(out, taken);
      if (both.length === 0) continue;
      const key = JSON.stringify([egress, ingress]);
      const ports = union(parts.get(key)?.ports ?? [], both);
      const verdict = egress.verdict === 'allow' && ingress.verdict === 'allow' ? 'allow' : 'deny';
      parts.set(key, { ports, conns: connsOf(ports), verdict, egress, ingress });
    }
  }
  const all = [...parts.values()];
  return [...all.filter(({ verdict }) => verdict === 'allow'), ...all.filter(({ verdict }) => verdict === 'deny')];
}

export interface Why {
  readonly allowed: Conns;
  readonly parts: readonly Part[];
}

/** Of ends that are several classes, as pods of a workload may be, what holds of any pair of them. */
export function why(
  relation: Relation,
  ends: { from: readonly number[]; to: readonly number[] },
  only?: { protocol: Protocol; port: number },
): Why {
  const parts = new Map<string, Part>();
  const wanted = only === undefined ? ALL_PORTS : portRange(only.protocol, only.port, only.port);
  let allowed: Intervals<number> = [];
  for (const source of ends.from) {
    for (const destination of ends.to) {
      if ((relation.entities.familiesOf(source) & relation.entities.familiesOf(destination)) === 0) continue;
      for (const { ports: all, ...part } of partsOf(relation, source, destination)) {
        const ports = intersection(all, wanted);
        if (ports.length === 0) continue;
        if (part.verdict === 'allow') allowed = union(allowed, ports);
        const told = { ...part, conns: connsOf(ports) };
        parts.set(JSON.stringify(told), told);
      }
    }
  }
  return { allowed: connsOf(allowed), parts: [...parts.values()] };
}

interface Ends {
  subject: number;
  peer: number;
  destination: number;
}

/** All ports of one direction by who decides. */
function slices(relation: Relation, direction: Direction, ends: Ends): Slice[] {
  const policies = relation.signatureOf(direction, ends.subject)?.policies ?? [];
  const side = new Side(relation, direction, ends);
  const admin = side.inTurn(
    policies.filter(({ tier }) => tier === 'admin'),
    ALL_PORTS,
  );
  const network = policies.filter(({ tier }) => tier === 'network');
  if (network.length > 0) return [...admin.decided, ...side.isolated(network, union(admin.left, passedOf(admin)))];
  const open = union(admin.left, passedOf(admin));
  const baseline = side.inTurn(
    policies.filter(({ tier }) => tier === 'baseline'),
    open,
  );
  // What no baseline met was let go by the rule that passed it, or by nobody.
  const passed = [...baseline.passed, ...admin.passed.map((slice) => ({ ...slice, ports: intersection(slice.ports, baseline.left) }))];
  const rest = passed.reduce<Intervals<number>>((left, { ports }) => difference(left, ports), baseline.left);
  const unheard: Slice = { ports: rest, verdict: 'allow', by: [], default: true };
  return [...admin.decided, ...baseline.decided, ...passed, unheard].filter(({ ports }) => ports.length > 0);
}

interface Turn {
  decided: Slice[];
  passed: Slice[];
  left: Intervals<number>;
}

function passedOf({ passed }: Turn): Intervals<number> {
  return passed.reduce<Intervals<number>>((all, { ports }) => union(all, ports), []);
}

class Side {
  readonly #relation: Relation;
  readonly #direction: Direction;
  readonly #ends: Ends;

  constructor(relation: Relation, direction: Direction, ends: Ends) {
    this.#relation = relation;
    this.#direction = direction;
    this.#ends = ends;
  }

  inTurn(policies: readonly Policy[], open: Intervals<number>): Turn {
    const turn: Turn = { decided: [], passed: [], left: open };
    for (const { policy, rule } of this.#rules(policies)) {
      const ports = this.#meets(rule) ? intersection(turn.left, this.#portsOf(rule)) : [];
      if (ports.length === 0) continue;
      turn.left = difference(turn.left, ports);
      const slice: Slice = { ports, verdict: rule.action === 'Deny' ? 'deny' : 'allow', by: [this.#words(policy, rule)], default: false };
      (rule.action === 'Pass' ? turn.passed : turn.decided).push(slice);
    }
    return turn;
  }

  /** What one of the policies allows, by which rules; the rest is denied by all of them. */
  isolated(policies: readonly Policy[], open: Intervals<number>): Slice[] {
    let pieces: { ports: Intervals<number>; by: string[] }[] = [{ ports: open, by: [] }];
    const rules = [...this.#rules(policies)];
    for (const { policy, rule } of rules) {
      if (!this.#meets(rule)) continue;
      const [ports, words] = [this.#portsOf(rule), this.#words(policy, rule)];
      pieces = pieces.flatMap((piece) => [
        { ports: intersection(piece.ports, ports), by: [...piece.by, words] },
        { ports: difference(piece.ports, ports), by: piece.by },
      ]);
      pieces = pieces.filter((piece) => piece.ports.length > 0);
    }
    const allowed = pieces.filter(({ by }) => by.length > 0).map((piece): Slice => ({ ...piece, verdict: 'allow', default: false }));
    const denied = pieces.filter(({ by }) => by.length === 0).reduce<Intervals<number>>((all, { ports }) => union(all, ports), []);
    if (denied.length === 0) return allowed;
    const missed = rules.flatMap(({ policy, rule }): Miss[] => [
      { rule: this.#words(policy, rule), on: this.#meets(rule) ? 'port' : 'peer' },
    ]);
    return [...allowed, { ports: denied, verdict: 'deny', by: policies.map(policyRef), default: false, missed }];
  }

  *#rules(policies: readonly Policy[]): Generator<{ policy: Policy; rule: Rule }> {
    for (const policy of policies) for (const rule of policy[this.#direction] ?? []) yield { policy, rule };
  }

  #meets(rule: Rule): boolean {
    return this.#relation.isPeer(rule, this.#ends.peer);
  }

  #portsOf(rule: Rule): Intervals<number> {
    const { rulePorts, ports } = this.#relation;
    const { destination } = this.#ends;
    return ports.set(rulePorts.whereSame(rule, this.#direction, destination) ?? rulePorts.of(rule, destination));
  }

  #words(policy: Policy, rule: Rule): string {
    return `${policyRef(policy)} ${this.#direction} rule ${rule.number}`;
  }
}
