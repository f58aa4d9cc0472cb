/** What is wrong of several policies together, and which of them are in force. */
import { Report } from './field.ts';
import { type Policy, type Problem, type Sourced, policyRef } from './policy.ts';

export function tableProblems(policies: readonly Sourced[]): { inForce: Policy[]; problems: Problem[] } {
  const last = new Map(policies.map((one) => [policyRef(one.policy), one]));
  const inForce = policies.filter((one) => last.get(policyRef(one.policy)) === one);
  const problems = [...sameName(policies), ...severalBaselines(policies), ...samePriority(inForce)];
  return { inForce: inForce.map(({ policy }) => policy), problems };
}

/** The server keeps one of a name; who applies both is left with the later. */
function sameName(policies: readonly Sourced[]): Problem[] {
  const seen = new Map<string, Sourced>();
  return policies.flatMap((one) => {
    const ref = policyRef(one.policy);
    const other = seen.get(ref);
    seen.set(ref, one);
    if (other === undefined) return [];
    const message = `there are two of ${ref}, and this one counts: applied in this order it replaces the other`;
    return problem(one, { category: 'duplicate-policy-name', path: 'metadata.name', message }).map((found) => ({
      ...found,
      other: other.object,
    }));
  });
}

function severalBaselines(policies: readonly Sourced[]): Problem[] {
  const [, ...more] = policies.filter(({ policy }) => policy.kind === 'BaselineAdminNetworkPolicy');
  const message = 'a cluster has one BaselineAdminNetworkPolicy';
  return more.flatMap((one) => problem(one, { category: 'banp-more-than-one', path: 'metadata.name', message }));
}

/** A BaselineAdminNetworkPolicy comes as if it had 0. */
function hasPriority({ policy }: Sourced): boolean {
  return policy.kind !== 'BaselineAdminNetworkPolicy';
}

/** Legal, but which of them is asked first is left to whoever enforces them, of one kind or of two. */
function samePriority(policies: readonly Sourced[]): Problem[] {
  const first = new Map<string, Sourced>();
  return policies.flatMap((one) => {
    const { tier, priority } = one.policy;
    if (tier === 'network') return [];
    const key = `${tier} ${priority}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, one);
      return [];
    }
    // The field to change is of the one that has it.
    const [changed, stays] = hasPriority(one) ? [one, other] : [other, one];
    const has = hasPriority(stays) ? `has the priority ${priority} too` : `has no priority, and stands where ${priority} is`;
    const message = `${policyRef(stays.policy)} ${has}: which of them is asked first is not defined`;
    return problem(changed, { category: 'duplicate-priority', path: 'spec.priority', message });
  });
}

function problem({ object, policy }: Sourced, what: { category: string; path: string; message: string }): Problem[] {
  const report = new Report(object, policyRef(policy));
  report.add({ ...what, refused: false });
  return report.problems;
}
