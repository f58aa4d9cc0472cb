/** What changes when generated policies are applied to the cluster as it is, with the policies that it has. */
import {
  type ConnectionChange,
  type Conns,
  Relation,
  type World,
  connsOf,
  difference,
  intersection,
  networkDiff,
  readWorld,
  why,
  portAt,
} from '../../engines/network/index.ts';
import type { Intended } from './intended.ts';
import type { Inventory } from './inventory.ts';
import { objectsIn, withoutPolicies } from './self-check.ts';

export interface Effect {
  /** Connections of today that would be closed, or narrowed. */
  readonly blocks: readonly ConnectionChange[];
  /** NetworkPolicies of today that would have the place of a generated one of their name. */
  readonly replaces: readonly string[];
  /** Those that stay, and what they keep open beyond what is generated. */
  readonly stay: readonly string[];
  readonly keepOpen: readonly ConnectionChange[];
  /** What is meant to be open, but a policy of an administrator denies it. */
  readonly denied: readonly { readonly src: string; readonly dst: string; readonly conns: Conns; readonly by: readonly string[] }[];
}

export function effectOf(inventory: Inventory, yaml: string, intended: Intended): Effect {
  const made = objectsIn(yaml);
  const objects = inventory.sources.map(({ object }) => object);
  // A later object of the same name is the one that counts, as it is when it is applied.
  const after = readWorld([...objects, ...made]);
  const policed = new Set(inventory.apps.filter((app) => app.policed).map(({ namespace }) => namespace));
  const own = inventory.world.policies.filter(({ kind, namespace }) => kind === 'NetworkPolicy' && policed.has(namespace));
  const names = new Set(made.map((object) => nameOf(object)));
  const refs = own.map(({ namespace, name }) => `${namespace}/${name}`);
  const admin = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
  const alone = readWorld([...admin, ...made]);
  return {
    blocks: networkDiff(inventory.world, after).filter(({ type }) => type !== 'added'),
    replaces: refs.filter((ref) => names.has(ref)),
    stay: refs.filter((ref) => !names.has(ref)),
    keepOpen: networkDiff(alone, after).filter(({ type }) => type !== 'removed'),
    denied: withoutPolicies(inventory).length === admin.length ? [] : deniedIn(after, intended),
  };
}

function nameOf({ metadata }: Readonly<Record<string, unknown>>): string {
  const { namespace = '', name = '' } = metadata as { namespace?: string; name?: string };
  return `${namespace}/${name}`;
}

/** Pairs of workloads only: who is outside is not asked for. */
function deniedIn(world: World, intended: Intended): Effect['denied'] {
  const relation = new Relation(world);
  const found = new Map<string, Effect['denied'][number]>();
  for (const [source, from] of world.pods.entries()) {
    for (const [destination, to] of world.pods.entries()) {
      const key = `${from.workload} ${to.workload}`;
      if (
        source === destination ||
        found.has(key) ||
        intended.unitOf(source)?.policed !== true ||
        intended.unitOf(destination)?.policed !== true
      )
        continue;
      const want = intended.between(source, destination);
      if (want.length === 0) continue;
      const ends = { from: relation.entities.classesOf[source] ?? [], to: relation.entities.classesOf[destination] ?? [] };
      const open = ends.from.reduce(
        (all, one) => ends.to.reduce((sum, other) => relation.ports.union(sum, relation.allowed(one, other)), all),
        relation.ports.none,
      );
      const missing = difference(want, intersection(want, relation.ports.set(open)));
      if (missing.length === 0) continue;
      const { parts } = why(relation, ends, portAt(missing[0] ?? 0));
      const denial = parts.find(({ verdict }) => verdict === 'deny');
      const by = [denial?.egress, denial?.ingress].flatMap((side) => (side?.verdict === 'deny' ? side.by : []));
      found.set(key, { src: from.workload, dst: to.workload, conns: connsOf(missing), by });
    }
  }
  return [...found.values()];
}
