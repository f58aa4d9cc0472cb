/** What the engine finds superfluous, by the object that it is written in. */
import { type Superfluous, type SuperfluousPolicy, shadowed, superfluous } from '../../engines/network/index.ts';
import { memo } from '../../lib/memo.ts';
import type { ApiObject } from '../../model/index.ts';
import type { Network } from './network.ts';

type ByObject<T> = ReadonlyMap<ApiObject, T>;

export const superfluousIn = memo(
  (network: Network): { policies: ByObject<SuperfluousPolicy>; rules: ByObject<readonly Superfluous[]> } => {
    const found = superfluous(network.world);
    const policies = new Map<ApiObject, SuperfluousPolicy>();
    for (const one of found.policies) {
      const object = network.objectOf(one.policy);
      if (object !== undefined) policies.set(object, one);
    }
    return { policies, rules: grouped(network, found.rules) };
  },
);

export const shadowedIn = memo((network: Network): ByObject<readonly Superfluous[]> => grouped(network, shadowed(network.world)));

function grouped(network: Network, found: readonly Superfluous[]): ByObject<readonly Superfluous[]> {
  const rules = new Map<ApiObject, Superfluous[]>();
  for (const one of found) {
    const object = network.objectOf(one.policy);
    const others = object === undefined ? undefined : rules.get(object);
    if (others !== undefined) others.push(one);
    else if (object !== undefined) rules.set(object, [one]);
  }
  return rules;
}
