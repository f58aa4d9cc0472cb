/** The one well-known add-on that the most ways are owed to: who runs it hardly counts those as his own. */
import type { AttackGraph, ClassMask } from '../../graph/index.ts';
import { addOnOf } from '../../rules/add-ons/index.ts';

export interface AddOnShare {
  readonly name: string;
  /** Entries that reach the target only because the add-on is there: its own containers, and whoever comes by it alone. */
  readonly reaching: number;
  /** Entries that reach the target without it as well. */
  readonly without: number;
}

/** Undefined where no recognised add-on holds more than half of the entries that reach the target. */
export function addOnShare(
  attack: AttackGraph,
  { entries, target, classes }: { entries: readonly number[]; target: number; classes: ClassMask },
): AddOnShare | undefined {
  const reach = attack.entriesThatReach(entries, target, classes);
  const reaching = entries.filter((_, index) => reach[index] === 1);
  let most: AddOnShare | undefined;
  if (reaching.length === 0) return undefined;
  for (const [name, vertices] of verticesOfAddOns(attack)) {
    const without = attack.reachingWithout({ entries: reaching, target, classes }, vertices);
    const held = reaching.length - without;
    if (held * 2 > reaching.length && held > (most?.reaching ?? 0)) most = { name, reaching: held, without };
  }
  return most;
}

/** By the name of the add-on: its containers, and the accounts that nothing but it runs as. */
function verticesOfAddOns({ scene }: AttackGraph): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const accountOf = ({ root, container }: (typeof scene.units)[number]): number =>
    scene.account(root.namespace, container.workload.serviceAccount);
  const accounts = new Map<number, Set<string | undefined>>();
  for (const unit of scene.units) {
    const name = addOnOf(unit.root)?.name;
    if (name === undefined) continue;
    found.set(name, (found.get(name) ?? new Set()).add(unit.vertex));
    accounts.set(accountOf(unit), new Set());
  }
  if (found.size === 0) return found;
  for (const unit of scene.units) accounts.get(accountOf(unit))?.add(addOnOf(unit.root)?.name);
  for (const [account, [name, ...others]] of accounts) if (name !== undefined && others.length === 0) found.get(name)?.add(account);
  return found;
}
