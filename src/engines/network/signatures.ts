/** Classes that the same policies select, in a direction, get the same answers: those are worked out once for all of them. */
import type { Entities } from './entities.ts';
import type { Direction, Policy, Tier } from './policy.ts';
import type { Selection } from './selection.ts';
import type { World } from './world.ts';

export interface Signature {
  /** In the order in which they are asked. */
  readonly policies: readonly Policy[];
  /** Of the ports that the classes declare; only ingress depends on it. */
  readonly portsKey: string;
  /** One of the classes. */
  readonly example: number;
}

export interface Signatures {
  readonly all: readonly Signature[];
  /** By class, -1 for pods on the host's network, which no policy selects. */
  readonly of: Int32Array;
}

const TIERS: Readonly<Record<Tier, number>> = { admin: 0, network: 1, baseline: 2 };

/** Same priorities go by name, as nothing defines which is first: the answer is at least the same each time. */
export function inOrder(policies: readonly Policy[]): Policy[] {
  return policies.toSorted(
    (a, b) => TIERS[a.tier] - TIERS[b.tier] || a.priority - b.priority || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0),
  );
}

function nameOf({ kind, namespace, name }: Policy): string {
  return `${kind}/${namespace}/${name}`;
}

export class PolicyTable {
  readonly #ordered: readonly Policy[];
  readonly #entities: Entities;
  readonly #selection: Selection;

  constructor(world: World, entities: Entities, selection: Selection) {
    this.#ordered = inOrder(world.policies);
    this.#entities = entities;
    this.#selection = selection;
  }

  signatures(direction: Direction): Signatures {
    const { classes } = this.#entities;
    const selectedBy = classes.map((): number[] => []);
    const named = this.#ordered.map((policy) => policy[direction]?.some(({ ports }) => (ports?.names.length ?? 0) > 0) ?? false);
    for (const [index, policy] of this.#ordered.entries()) {
      if (!saysAnything(policy, direction)) continue;
      for (const id of this.#selection.pods(policy.subject)) selectedBy[id]?.push(index);
    }
    const all: Signature[] = [];
    const ids = new Map<string, number>();
    const of = new Int32Array(classes.length).fill(-1);
    for (const [id, one] of classes.entries()) {
      if (one.host) continue;
      const policies = selectedBy[id] ?? [];
      const portsKey = direction === 'ingress' && policies.some((index) => named[index]) ? one.portsKey : '';
      const key = `${policies.join()} ${portsKey}`;
      let signature = ids.get(key);
      if (signature === undefined) {
        ids.set(key, (signature = all.length));
        const asked = policies.map((index) => this.#ordered[index]).filter((policy) => policy !== undefined);
        all.push({ policies: asked, portsKey, example: id });
      }
      of[id] = signature;
    }
    return { all, of };
  }
}

/** A NetworkPolicy that covers the direction isolates even without rules; another kind without rules says nothing. */
function saysAnything(policy: Policy, direction: Direction): boolean {
  const rules = policy[direction];
  return policy.tier === 'network' ? rules !== undefined : rules !== undefined && rules.length > 0;
}
