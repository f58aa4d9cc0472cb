/**
 * Numbers for what policies are made of: selectors and ranges of addresses that are written alike have one. All relations
 * that were made of each other share them, whatever policies are in force in which.
 */
import { type Intervals, union } from './intervals.ts';
import type { Peer, PodPeer, Policy, Rule } from './policy.ts';
import { matches } from './selector.ts';
import type { Node } from './world.ts';

export interface CompiledRule {
  /** Nobody is left out. */
  readonly everybody: boolean;
  readonly selectors: readonly number[];
  /** All addresses that its peers name. */
  readonly range: number | undefined;
}

export class Compiler {
  /** By number. */
  readonly selectors: PodPeer[] = [];
  readonly ranges: Intervals<bigint>[] = [];
  readonly #nodes: readonly Node[];
  readonly #selectorIds = new Map<string, number>();
  readonly #rangeIds = new Map<string, number>();
  readonly #rules = new Map<Rule, CompiledRule>();
  readonly #serials = new Map<Policy, number>();

  constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  rule(rule: Rule): CompiledRule {
    let compiled = this.#rules.get(rule);
    if (compiled === undefined) this.#rules.set(rule, (compiled = this.#compile(rule)));
    return compiled;
  }

  selector(peer: PodPeer): number {
    const { namespaces, pods } = peer;
    const key = `${typeof namespaces === 'string' ? `=${namespaces}` : `~${namespaces.key}`}\0${pods.key}`;
    let id = this.#selectorIds.get(key);
    if (id === undefined) {
      this.#selectorIds.set(key, (id = this.selectors.length));
      this.selectors.push(peer);
    }
    return id;
  }

  /** Each policy has its own, also where another looks the same. */
  serial(policy: Policy): number {
    let serial = this.#serials.get(policy);
    if (serial === undefined) this.#serials.set(policy, (serial = this.#serials.size));
    return serial;
  }

  /** How many policies were ever met. */
  get met(): number {
    return this.#serials.size;
  }

  #compile({ peers }: Rule): CompiledRule {
    if (peers === undefined) return EVERYBODY;
    const selectors = new Set<number>();
    for (const peer of peers) if (peer.kind === 'pods') selectors.add(this.selector(peer));
    const range = rangeNamed(peers, this.#nodes);
    return { everybody: false, selectors: [...selectors], range: range.length === 0 ? undefined : this.#range(range) };
  }

  #range(set: Intervals<bigint>): number {
    const key = set.join();
    let id = this.#rangeIds.get(key);
    if (id === undefined) {
      this.#rangeIds.set(key, (id = this.ranges.length));
      this.ranges.push(set);
    }
    return id;
  }
}

const EVERYBODY: CompiledRule = { everybody: true, selectors: [], range: undefined };

/** All addresses that peers mean: their own, and those of the nodes that they select. */
function rangeNamed(peers: readonly Peer[], nodes: readonly Node[]): Intervals<bigint> {
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
