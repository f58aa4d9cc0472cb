/** Why something may flow between two ends or not: every port, cut where another policy or rule has the say. */
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { type Cited, type Miss, nearest } from './misses.ts';
import type { Peer } from './peers.ts';
import { type Direction, type Policy, type Rule, policyRef, ruleRef } from './policy.ts';
import { ALL_PORTS, type Conns, type Protocol, connsOf, portRange } from './ports.ts';
import { pairsOf, query } from './query.ts';
import type { Relation } from './relation.ts';

export interface SideReason {
  readonly verdict: 'allow' | 'deny';
  /** The rules that decide; of a denial by isolation, the policies that isolate; by default, what passed it on. */
  readonly by: readonly string[];
  /** No policy decides, or one passes it on and no other decides: what nobody restricts is allowed. */
  readonly default: boolean;
  /** Of a denial: rules that would have allowed it, but for one thing; the nearest first, and not the farthest. */
  readonly missed?: readonly Miss[];
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
export function partsOf(relation: Relation, source: number, destination: number): PartWithPorts[] {
  return partsWithin(relation, { source, destination }, ALL_PORTS);
}

type PartWithPorts = Part & { readonly ports: Intervals<number> };

function partsWithin(
  relation: Relation,
  { source, destination }: { source: number; destination: number },
  wanted: Intervals<number>,
): PartWithPorts[] {
  const parts = new Map<string, PartWithPorts>();
  const into = slices(relation, 'ingress', { subject: destination, peer: source, destination, wanted });
  for (const { ports: out, ...egress } of slices(relation, 'egress', { subject: source, peer: destination, destination, wanted })) {
    for (const { ports: taken, ...ingress } of into) {
      const both = intersection(out, taken);
      if (both.length === 0) continue;
      const key = JSON.stringify([egress, ingress]);
      const ports = union(parts.get(key)?.ports ?? [], both);
      const verdict = egress.verdict === 'allow' && ingress.verdict === 'allow' ? 'allow' : 'deny';
      parts.set(key, { ports, conns: connsOf(ports), verdict, egress, ingress });
    }
  }
  return allowedFirst([...parts.values()]);
}

export interface Why {
  readonly allowed: Conns;
  readonly parts: readonly WhyPart[];
}

export interface WhyPart extends Part {
  /** Where more than one pair was asked about: how many it holds of, and one of them. */
  readonly pairs?: { readonly count: number; readonly src: string; readonly dst: string };
}

/** Of ends that are several classes, as pods of a workload may be, what holds of any pair of them. */
export function why(
  relation: Relation,
  ends: { from: readonly number[]; to: readonly number[] },
  only?: { protocol: Protocol; port: number },
): Why {
  return whyOn(relation, ends, only === undefined ? ALL_PORTS : portRange(only.protocol, only.port, only.port));
}

function whyOn(relation: Relation, ends: { from: readonly number[]; to: readonly number[] }, only: Intervals<number>): Why {
  const parts = new Map<string, Part>();
  let allowed: Intervals<number> = [];
  for (const source of ends.from) {
    for (const destination of ends.to) {
      if ((relation.entities.familiesOf(source) & relation.entities.familiesOf(destination)) === 0) continue;
      for (const { ports, ...part } of partsWithin(relation, { source, destination }, only)) {
        if (part.verdict === 'allow') allowed = union(allowed, ports);
        parts.set(JSON.stringify(part), part);
      }
    }
  }
  return { allowed: connsOf(allowed), parts: allowedFirst([...parts.values()]) };
}

/** The same of what two texts name: what holds of several pairs is told once. */
export function whyBetween(
  relation: Relation,
  ends: { from: readonly Peer[]; to: readonly Peer[] },
  only: Intervals<number> = ALL_PORTS,
): Why {
  const pairs = [...pairsOf(ends)];
  const parts = new Map<string, WhyPart>();
  for (const [source, { name: dst, ids, ports }] of pairs) {
    const found = whyOn(relation, { from: source.ids, to: ids }, ports === undefined ? only : intersection(ports, only));
    for (const part of found.parts) {
      const key = JSON.stringify(part);
      const { count = 0, src = source.name, dst: other = dst } = parts.get(key)?.pairs ?? {};
      parts.set(key, { ...part, ...(pairs.length > 1 && { pairs: { count: count + 1, src, dst: other } }) });
    }
  }
  return { allowed: query(relation, ends, only).allowed, parts: allowedFirst([...parts.values()]) };
}

function allowedFirst<T extends Part>(parts: readonly T[]): T[] {
  return [...parts.filter(({ verdict }) => verdict === 'allow'), ...parts.filter(({ verdict }) => verdict === 'deny')];
}

interface Ends {
  subject: number;
  peer: number;
  destination: number;
  /** The ports that are asked about. */
  wanted: Intervals<number>;
}

/** All ports of one direction by who decides. */
function slices(relation: Relation, direction: Direction, ends: Ends): Slice[] {
  const policies = relation.signatureOf(direction, ends.subject)?.policies ?? [];
  const side = new Side(relation, direction, ends);
  const admin = side.inTurn(
    policies.filter(({ tier }) => tier === 'admin'),
    ends.wanted,
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
    const earlier: Cited[] = [];
    for (const { policy, rule } of this.#rules(policies)) {
      const ports = this.#meets(rule) ? intersection(turn.left, this.#portsOf(rule)) : [];
      if (ports.length > 0) {
        turn.left = difference(turn.left, ports);
        const by = [ruleRef(policy, this.#direction, rule)];
        // What would have had the say before, and let it pass, if it had matched.
        if (rule.action === 'Deny') turn.decided.push({ ports, verdict: 'deny', by, default: false, ...this.#missed(earlier, ports) });
        else if (rule.action === 'Pass') turn.passed.push({ ports, verdict: 'allow', by, default: true });
        else turn.decided.push({ ports, verdict: 'allow', by, default: false });
      }
      if (rule.action !== 'Deny') earlier.push({ policy, rule, direction: this.#direction });
    }
    return turn;
  }

  /** What one of the policies allows, by which rules; the rest is denied by all of them. */
  isolated(policies: readonly Policy[], open: Intervals<number>): Slice[] {
    let pieces: { ports: Intervals<number>; by: string[] }[] = [{ ports: open, by: [] }];
    const rules = [...this.#rules(policies)];
    for (const { policy, rule } of rules) {
      if (!this.#meets(rule)) continue;
      const [ports, words] = [this.#portsOf(rule), ruleRef(policy, this.#direction, rule)];
      pieces = pieces.flatMap((piece) => [
        { ports: intersection(piece.ports, ports), by: [...piece.by, words] },
        { ports: difference(piece.ports, ports), by: piece.by },
      ]);
      pieces = pieces.filter((piece) => piece.ports.length > 0);
    }
    const allowed = pieces.filter(({ by }) => by.length > 0).map((piece): Slice => ({ ...piece, verdict: 'allow', default: false }));
    const denied = pieces.filter(({ by }) => by.length === 0).reduce<Intervals<number>>((all, { ports }) => union(all, ports), []);
    if (denied.length === 0) return allowed;
    const cited = rules.map((one): Cited => ({ ...one, direction: this.#direction }));
    return [
      ...allowed,
      {
        ports: denied,
        verdict: 'deny',
        by: policies.map(policyRef),
        default: false,
        ...this.#missed([...cited, ...this.#otherWay()], denied),
      },
    ];
  }

  #missed(rules: readonly Cited[], ports: Intervals<number>): Pick<SideReason, 'missed'> {
    const { subject, peer, destination } = this.#ends;
    return { missed: nearest(this.#relation, rules, { direction: this.#direction, subject, peer, destination, ports }) };
  }

  /** Rules of NetworkPolicies that select the subject, for what is opened the other way. */
  #otherWay(): Cited[] {
    const direction = this.#direction === 'ingress' ? 'egress' : 'ingress';
    const policies = this.#relation.signatureOf(direction, this.#ends.subject)?.policies ?? [];
    return policies.flatMap((policy) =>
      policy.tier === 'network' ? (policy[direction] ?? []).map((rule) => ({ policy, rule, direction }) as const) : [],
    );
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
}
