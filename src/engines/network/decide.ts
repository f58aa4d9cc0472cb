/** One connection: whether each side lets it pass, and which policies and rules say so. */
import { contains } from './intervals.ts';
import { type Direction, type Policy, type Rule, policyRef, ruleRef } from './policy.ts';
import { type Protocol, placeOf } from './ports.ts';
import type { Relation } from './relation.ts';

export interface Verdict {
  readonly allowed: boolean;
  /** Empty where no policy has a say: `NetworkPolicy/shop/web ingress rule 1`. Without a rule it denies by isolating. */
  readonly by: readonly string[];
}

export interface Decision {
  readonly allowed: boolean;
  readonly ingress: Verdict;
  readonly egress: Verdict;
}

export interface Connection {
  /** Classes or zones; see Entities. */
  readonly source: number;
  readonly destination: number;
  readonly protocol: Protocol;
  readonly port: number;
}

export function decide(relation: Relation, connection: Connection): Decision {
  const egress = verdict(relation, 'egress', connection);
  const ingress = verdict(relation, 'ingress', connection);
  return { allowed: egress.allowed && ingress.allowed, ingress, egress };
}

function verdict(relation: Relation, direction: Direction, connection: Connection): Verdict {
  const { source, destination } = connection;
  const policies = relation.signatureOf(direction, direction === 'ingress' ? destination : source)?.policies ?? [];
  const matching = (policy: Policy): Rule[] =>
    (policy[direction] ?? []).filter((rule) => concerns(relation, rule, { direction, connection }));
  const admin = firstRule(
    policies.filter(({ tier }) => tier === 'admin'),
    matching,
  );
  if (admin !== undefined && admin.rule.action !== 'Pass') return decided(admin, direction);
  const network = policies.filter(({ tier }) => tier === 'network');
  if (network.length > 0) {
    const by = network.flatMap((policy) => matching(policy).map((rule) => ruleRef(policy, direction, rule)));
    return by.length > 0 ? { allowed: true, by } : { allowed: false, by: network.map(policyRef) };
  }
  const baseline = firstRule(
    policies.filter(({ tier }) => tier === 'baseline'),
    matching,
  );
  const last = baseline ?? admin;
  return last === undefined ? { allowed: true, by: [] } : decided(last, direction);
}

interface Hit {
  policy: Policy;
  rule: Rule;
}

function firstRule(policies: readonly Policy[], matching: (policy: Policy) => Rule[]): Hit | undefined {
  for (const policy of policies) {
    const [rule] = matching(policy);
    if (rule !== undefined) return { policy, rule };
  }
  return undefined;
}

/** What is passed and met by nothing further is allowed. */
function decided({ policy, rule }: Hit, direction: Direction): Verdict {
  return { allowed: rule.action !== 'Deny', by: [ruleRef(policy, direction, rule)] };
}

function concerns(relation: Relation, rule: Rule, at: { direction: Direction; connection: Connection }): boolean {
  const { source, destination, protocol, port } = at.connection;
  if (!relation.isPeer(rule, at.direction === 'ingress' ? source : destination)) return false;
  const ports = relation.rulePorts.whereSame(rule, at.direction, destination) ?? relation.rulePorts.of(rule, destination);
  return contains(relation.ports.set(ports), placeOf(protocol, port));
}
