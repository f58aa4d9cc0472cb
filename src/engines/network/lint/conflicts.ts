/** Policies of one priority whose rules disagree about some connection: which of them decides is not defined. */
import { addressText } from '../addresses.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule, policyRef } from '../policy.ts';
import type { Relation } from '../relation.ts';
import { podsByClass } from './unmatched.ts';

export interface Conflict {
  readonly one: Policy;
  readonly other: Policy;
  readonly direction: Direction;
  readonly oneRule: Rule;
  readonly otherRule: Rule;
  /** Of a pod and a peer that both rules are about. */
  readonly subject: string;
  readonly peer: string;
}

/** The first disagreement of each two policies of a tier, of one kind or of two; the later by kind and name is `other`. */
export function conflicts(relation: Relation): Conflict[] {
  const groups = new Map<string, Policy[]>();
  for (const policy of relation.world.policies) {
    if (policy.tier === 'network') continue;
    const key = `${policy.tier} ${policy.priority}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [policy]);
    else group.push(policy);
  }
  return [...groups.values()].flatMap((group) => {
    const sorted = group.toSorted((a, b) => (policyRef(a) < policyRef(b) ? -1 : 1));
    return sorted.flatMap((other, index) =>
      sorted.slice(0, index).flatMap((one) => {
        const conflict = conflictOf(relation, one, other);
        return conflict === undefined ? [] : [conflict];
      }),
    );
  });
}

function conflictOf(relation: Relation, one: Policy, other: Policy): Conflict | undefined {
  const [subject] = common(relation.selection.pods(one.subject), relation.selection.pods(other.subject));
  if (subject === undefined) return undefined;
  for (const direction of DIRECTIONS) {
    for (const oneRule of one[direction] ?? []) {
      for (const otherRule of other[direction] ?? []) {
        if (oneRule.action === otherRule.action) continue;
        const peer = disputed(relation, [ruleIn(one, oneRule), ruleIn(other, otherRule)], { direction, subject });
        if (peer === undefined) continue;
        return { one, other, direction, oneRule, otherRule, subject: nameOf(relation, subject), peer: nameOf(relation, peer) };
      }
    }
  }
  return undefined;
}

interface RuleIn {
  readonly policy: Policy;
  readonly rule: Rule;
}

function ruleIn(policy: Policy, rule: Rule): RuleIn {
  return { policy, rule };
}

/** A peer that both rules decide about on some port: rules before them in their policies leave it to them. */
function disputed(
  relation: Relation,
  [one, other]: readonly [RuleIn, RuleIn],
  { direction, subject }: { direction: Direction; subject: number },
): number | undefined {
  const { ports, rulePorts } = relation;
  const portsOf = (rule: Rule, peer: number): number => rulePorts.whereSame(rule, direction, subject) ?? rulePorts.of(rule, peer);
  const decided = ({ policy, rule }: RuleIn, peer: number): number =>
    (policy[direction] ?? [])
      .filter(({ number }) => number < rule.number)
      .reduce(
        (left, earlier) => (relation.isPeer(earlier, peer) ? ports.without(left, portsOf(earlier, peer)) : left),
        portsOf(rule, peer),
      );
  const all = Int32Array.from({ length: relation.entities.count }, (_, id) => id);
  const peers = common(relation.peersOf(one.rule) ?? all, relation.peersOf(other.rule) ?? all);
  return peers.find((peer) => ports.common(decided(one, peer), decided(other, peer)) !== ports.none);
}

/** What is in both, which rise. */
function common(one: Int32Array, other: Int32Array): number[] {
  const found: number[] = [];
  let at = 0;
  for (const id of one) {
    while (at < other.length && (other[at] ?? 0) < id) at += 1;
    if (other[at] === id) found.push(id);
  }
  return found;
}

function nameOf(relation: Relation, id: number): string {
  const { world, entities } = relation;
  const zone = entities.zones.all[id - entities.firstZone];
  if (zone !== undefined) return addressText(zone.set[0] ?? 0n);
  return world.pods[podsByClass(relation)[id]?.[0] ?? -1]?.workload ?? '';
}
