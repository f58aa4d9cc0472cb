/** What the input does not tell, and answers may depend on: one sentence each. */
import { unplaced } from './anywhere.ts';
import { doubtsOf } from './doubts.ts';
import type { World } from './world.ts';

export function reasonsOf(world: World): string[] {
  const rules = unplaced(world)?.rules ?? [];
  return [
    ...doubtsOf(world).all.map(({ message }) => message),
    ...rules.map((rule) => `${rule} may hold pods whose addresses are not in the input (--pod-addresses tells where pods are)`),
  ];
}

/** The first, and how many more. */
export function reasonsText(reasons: readonly string[]): string {
  const [first = '', ...more] = reasons;
  return more.length === 0 ? first : `${first}; and ${more.length} more`;
}
