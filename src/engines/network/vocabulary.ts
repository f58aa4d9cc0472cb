/** What the policies of a cluster can tell pods apart by: keys of labels, names of ports, ranges of addresses. */
import { type Intervals, union } from './intervals.ts';
import type { Peer, Policy, Rule } from './policy.ts';
import { type Selector, matches } from './selector.ts';
import type { Node, World } from './world.ts';

export interface Vocabulary {
  readonly labelKeys: readonly string[];
  readonly portNames: ReadonlySet<string>;
  /** Each once; those that nodes stand for are among them. */
  readonly ranges: readonly Intervals<bigint>[];
  /** The range that the peers of a rule name, as an index into `ranges`. */
  readonly rangeOf: ReadonlyMap<Rule, number>;
}

export function vocabularyOf({ policies, nodes }: Pick<World, 'policies' | 'nodes'>): Vocabulary {
  const labelKeys = new Set<string>();
  const portNames = new Set<string>();
  const ranges: Intervals<bigint>[] = [];
  const ids = new Map<string, number>();
  const rangeOf = new Map<Rule, number>();
  const learn = ({ requirements }: Selector): void => requirements.forEach(({ key }) => labelKeys.add(key));
  for (const policy of policies) {
    learn(policy.subject.pods);
    for (const rule of rulesOf(policy)) {
      for (const peer of rule.peers ?? []) if (peer.kind === 'pods') learn(peer.pods);
      for (const { name } of rule.ports?.names ?? []) portNames.add(name);
      const range = rangeNamed(rule.peers ?? [], nodes);
      if (range.length === 0) continue;
      const key = range.join();
      let id = ids.get(key);
      if (id === undefined) ids.set(key, (id = ranges.push(range) - 1));
      rangeOf.set(rule, id);
    }
  }
  return { labelKeys: [...labelKeys], portNames, ranges, rangeOf };
}

export function rulesOf({ ingress = [], egress = [] }: Pick<Policy, 'ingress' | 'egress'>): Rule[] {
  return [...ingress, ...egress];
}

/** All addresses that peers mean: their own, and those of the nodes that they select. */
export function rangeNamed(peers: readonly Peer[], nodes: readonly Node[]): Intervals<bigint> {
  let range: Intervals<bigint> = [];
  for (const peer of peers) {
    if (peer.kind === 'addresses') range = union(range, peer.set);
    if (peer.kind !== 'nodes') continue;
    for (const node of nodes) {
      if (!matches(peer.nodes, node.labels)) continue;
      for (const address of node.addresses) range = union(range, [address, address + 1n]);
    }
  }
  return range;
}
