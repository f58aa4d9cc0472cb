/** All ports of one direction between two ends, cut by who decides. */
import { type Intervals, difference, intersection, union } from './intervals.ts';
import { type Cited, type Miss, nearest } from './misses.ts';
import { type Direction, type Policy, type Rule, policyRef, ruleRef } from './policy.ts';
import type { Relation } from './relation.ts';

export interface SideReason {
  readonly verdict: 'allow' | 'deny';
  /** The rules that decide; of a denial by isolation, the policies that isolate; by default, what passed it on. */
  readonly by: readonly string[];
  /** No policy decides, or one passes it on and no other decides: what nobody restricts is allowed. */
  readonly default: boolean;
  /** Of a denial: rules that would have allowed it, but for one thing; the nearest first, and not the farthest. */
  readonly missed?: readonly Miss[];
  /** What would have had a say if nothing before it decided: rules, and of isolation the policies. In the order of asking. */
  readonly shadowed?: readonly Shadowed[];
}

/** Somebody who is not asked any more. */
export interface Shadowed {
  readonly rule: string;
  readonly verdict: 'allow' | 'deny' | 'pass';
}

export interface Slice extends SideReason {
  readonly ports: Intervals<number>;
}

interface Ends {
  subject: number;
  peer: number;
  destination: number;
  /** The ports that are asked about. */
  wanted: Intervals<number>;
}

export function slices(relation: Relation, direction: Direction, ends: Ends): Slice[] {
  const policies = relation.signatureOf(direction, ends.subject)?.policies ?? [];
  const of = (wanted: Policy['tier']): Policy[] => policies.filter(({ tier }) => tier === wanted);
  const side = new Side(relation, direction, ends);
  const admin = side.inTurn(of('admin'), ends.wanted);
  const network = of('network');
  const open = union(admin.left, passedOf(admin));
  const baseline = side.inTurn(of('baseline'), network.length > 0 ? [] : open);
  // What no baseline met was let go by the rule that passed it, or by nobody.
  const passed = [...baseline.passed, ...admin.passed.map((slice) => ({ ...slice, ports: intersection(slice.ports, baseline.left) }))];
  const rest = passed.reduce<Intervals<number>>((left, { ports }) => difference(left, ports), baseline.left);
  const unheard: Slice = { ports: rest, verdict: 'allow', by: [], default: true };
  const later = network.length > 0 ? side.isolated(network, open) : [...baseline.decided, ...passed, unheard];
  const heard = new Set([...admin.passed, ...baseline.passed].flatMap(({ by }) => by));
  return [...admin.decided, ...later]
    .filter(({ ports }) => ports.length > 0)
    .map((slice) => {
      const claims = TIERS.flatMap((tier) => side.claims(of(tier), slice.ports));
      const shadowed = claims.filter(({ rule }) => !heard.has(rule) && !slice.by.includes(rule)).slice(0, MOST_SHADOWED);
      return shadowed.length === 0 ? slice : { ...slice, shadowed };
    });
}

const TIERS = ['admin', 'network', 'baseline'] as const;
/** More are of no help. */
const MOST_SHADOWED = 12;

interface Turn {
  decided: Slice[];
  passed: Slice[];
  left: Intervals<number>;
}

function passedOf({ passed }: Turn): Intervals<number> {
  return passed.reduce<Intervals<number>>((all, { ports }) => union(all, ports), []);
}

const VERDICTS = { Accept: 'allow', Deny: 'deny', Pass: 'pass' } as const;

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

  /** All that the policies of a tier have to say of these ports, whether they are asked or not. */
  claims(policies: readonly Policy[], ports: Intervals<number>): Shadowed[] {
    let closed = ports;
    const claims: Shadowed[] = [];
    for (const { policy, rule } of this.#rules(policies)) {
      const common = this.#meets(rule) ? intersection(ports, this.#portsOf(rule)) : [];
      if (common.length === 0) continue;
      closed = difference(closed, common);
      claims.push({ rule: ruleRef(policy, this.#direction, rule), verdict: VERDICTS[rule.action] });
    }
    const isolating = closed.length === 0 ? [] : policies.filter(({ tier }) => tier === 'network');
    return [...claims, ...isolating.map((policy): Shadowed => ({ rule: policyRef(policy), verdict: 'deny' }))];
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
