/** Rules and policies that change nothing, as others say all that they say; and rules that never get to decide. */
import { DIRECTIONS, type Direction, type Policy, type Rule, policyRef } from '../policy.ts';
import { inOrder } from '../signatures.ts';
import type { World } from '../world.ts';
import { type Namespaces, coveredBy, coversPods } from './covered.ts';

export interface Superfluous {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
  /** The rules that say or decide the same before it: all of them together. */
  readonly by: readonly Placed[];
}

interface Placed {
  readonly policy: Policy;
  readonly rule: Rule;
}

export interface SuperfluousPolicy {
  readonly policy: Policy;
  /** The policies that isolate the same pods and allow the same. */
  readonly by: readonly Policy[];
}

/**
 * Of NetworkPolicies: those without which everything stays as it is, and in the others the rules of which that holds.
 * Of two that are equal one is told. A policy without rules is a default deny, which nobody should have to look for.
 */
export function superfluous({ policies, namespaces }: World): { policies: SuperfluousPolicy[]; rules: Superfluous[] } {
  const groups = new Map<string, Policy[]>();
  for (const policy of policies) {
    if (policy.tier !== 'network') continue;
    const group = groups.get(policy.namespace);
    if (group === undefined) groups.set(policy.namespace, [policy]);
    else group.push(policy);
  }
  const found: { policies: SuperfluousPolicy[]; rules: Superfluous[] } = { policies: [], rules: [] };
  for (const group of groups.values()) {
    const kept = new Set(inOrder(group));
    const covering = new Map(
      [...kept].map((policy) => [policy, [...kept].filter((other) => coversPods(other.subject, policy.subject, namespaces))]),
    );
    for (const policy of [...kept].toReversed()) {
      const others = (covering.get(policy) ?? []).filter((other) => other !== policy && kept.has(other));
      const by = standingIn(policy, others, namespaces);
      if (by === undefined) continue;
      kept.delete(policy);
      found.policies.push({ policy, by });
    }
    const gone = new Set<Rule>();
    for (const policy of [...kept].toReversed())
      found.rules.push(
        ...superfluousRules(policy, { gone, others: (covering.get(policy) ?? []).filter((other) => kept.has(other)), namespaces }),
      );
  }
  return found;
}

/** The policies that make this one needless; undefined where it says or isolates something by itself. */
function standingIn(policy: Policy, others: readonly Policy[], namespaces: Namespaces): Policy[] | undefined {
  const used = new Set<Policy>();
  if (DIRECTIONS.every((direction) => (policy[direction] ?? []).length === 0)) return undefined;
  for (const direction of DIRECTIONS) {
    const rules = policy[direction];
    if (rules === undefined) continue;
    const isolating = others.find((other) => other[direction] !== undefined);
    if (isolating === undefined) return undefined;
    const theirs = others.flatMap((other) => (other[direction] ?? []).map((rule) => ({ policy: other, rule })));
    for (const rule of rules) {
      const by = coveredBy(rule, theirs, namespaces);
      if (by === undefined) return undefined;
      for (const one of by) used.add(one.policy);
    }
    if (used.size === 0) used.add(isolating);
  }
  return [...used];
}

interface Beside {
  /** Rules that were told already: they stand for no others. */
  gone: Set<Rule>;
  /** Policies for all the pods that this one is for, itself among them. */
  others: readonly Policy[];
  namespaces: Namespaces;
}

function superfluousRules(policy: Policy, { gone, others, namespaces }: Beside): Superfluous[] {
  return DIRECTIONS.flatMap((direction) =>
    (policy[direction] ?? []).toReversed().flatMap((rule): Superfluous[] => {
      const theirs = others.flatMap((other) => (other[direction] ?? []).map((one) => ({ policy: other, rule: one })));
      const by = coveredBy(
        rule,
        theirs.filter((one) => one.rule !== rule && !gone.has(one.rule)),
        namespaces,
      );
      if (by === undefined) return [];
      gone.add(rule);
      return [{ policy, direction, rule, by }];
    }),
  );
}

/**
 * Rules of admin and baseline policies that earlier ones of the tier decide wholly, of whose order there is no doubt, and rules of NetworkPolicies whose
 * traffic the admin tier denies.
 */
export function shadowed({ policies, namespaces }: World): Superfluous[] {
  const found: Superfluous[] = [];
  const ordered = inOrder(policies);
  for (const direction of DIRECTIONS) {
    for (const tier of ['admin', 'baseline'] as const) {
      const before: Placed[] = [];
      for (const policy of ordered.filter((one) => one.tier === tier)) {
        const earlier = before.filter(
          (one) => one.policy.priority < policy.priority && coversPods(one.policy.subject, policy.subject, namespaces),
        );
        for (const rule of policy[direction] ?? []) {
          const by = coveredBy(rule, earlier, namespaces);
          if (by !== undefined) found.push({ policy, direction, rule, by });
          earlier.push({ policy, rule });
          before.push({ policy, rule });
        }
      }
    }
    const denying = deniedFirst(ordered, direction);
    if (denying.length === 0) continue;
    for (const policy of ordered.filter(({ tier }) => tier === 'network')) {
      const over = denying.filter((one) => coversPods(one.policy.subject, policy.subject, namespaces));
      for (const rule of over.length === 0 ? [] : (policy[direction] ?? [])) {
        const by = coveredBy(rule, over, namespaces);
        if (by !== undefined) found.push({ policy, direction, rule, by });
      }
    }
  }
  return found;
}

/** Denials of the admin tier that nothing before them can take back: no rule of another action comes first. */
function deniedFirst(ordered: readonly Policy[], direction: Direction): Placed[] {
  const found: Placed[] = [];
  for (const policy of ordered) {
    if (policy.tier !== 'admin') continue;
    for (const rule of policy[direction] ?? []) {
      if (rule.action !== 'Deny') return found;
      found.push({ policy, rule });
    }
  }
  return found;
}

/** `AdminNetworkPolicy/a rule 1 and NetworkPolicy/shop/b rule 2`. */
export function rulesText(by: readonly Placed[]): string {
  const words = by.map(({ policy, rule }) => `${policyRef(policy)} rule ${rule.number}`);
  const last = words.at(-1) ?? '';
  if (words.length > 3) return `${words.slice(0, 2).join(', ')} and ${words.length - 2} more`;
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
