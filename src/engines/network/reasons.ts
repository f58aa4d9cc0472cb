/** What the input does not tell, and answers may depend on: one sentence each. */
import { unplaced } from './anywhere.ts';
import { doubtsOf } from './doubts.ts';
import type { Choices } from './open-between.ts';
import { type Policy, policyRef } from './policy.ts';
import type { Relation } from './relation.ts';
import { unsureOf } from './unsure.ts';
import type { World } from './world.ts';

/** Of everything. */
function reasonsOf(world: World): string[] {
  return [...doubtsOf(world).map(({ message }) => message), ...placeReasons(unplaced(world)?.rules ?? [])];
}

/**
 * What concerns some pairs of ends; of everything where that cannot be told. `world` is the one that was read, in which
 * pods without a known address have none.
 */
export function reasonsFor(world: World, relation: Relation, pairs: Iterable<{ readonly from: Choices; readonly to: Choices }>): string[] {
  const unsure = unsureOf(relation);
  const found = new Set<string>();
  const rules = unplaced(world)?.rules ?? [];
  for (const { from, to } of pairs) {
    const isPlaced = from.length <= 1 && to.length <= 1;
    for (const source of from.flat()) {
      for (const destination of to.flat()) {
        for (const at of [
          { direction: 'egress', subject: source, peer: destination } as const,
          { direction: 'ingress', subject: destination, peer: source } as const,
        ]) {
          for (const { message } of unsure.doubts(at)) found.add(message);
          if (!isPlaced) for (const one of placeReasons(rules.filter((rule) => isOf(rule, unsure.policies(at))))) found.add(one);
        }
      }
    }
  }
  return found.size === 0 ? reasonsOf(world) : [...found];
}

function placeReasons(rules: readonly string[]): string[] {
  return rules.map((rule) => `${rule} may hold pods whose addresses are not in the input (--pod-addresses tells where pods are)`);
}

function isOf(rule: string, policies: readonly Policy[]): boolean {
  return policies.some((policy) => rule.startsWith(`${policyRef(policy)} `));
}

/** The first, and how many more. */
export function reasonsText(reasons: readonly string[]): string {
  const [first = '', ...more] = reasons;
  return more.length === 0 ? first : `${first}; and ${more.length} more`;
}
