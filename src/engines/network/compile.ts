/**
 * Numbers for what policies are made of: selectors and ranges of addresses that are written alike have one. All relations
 * that were made of each other share them, whatever policies are in force in which.
 */
import { type Intervals, union } from './intervals.ts';
import { DIRECTIONS, type Direction, type Peer, type PodPeer, type Policy, type Rule } from './policy.ts';
import { matches } from './selector.ts';
import type { Node } from './world.ts';

export interface CompiledRule {
  /** Nobody is left out. */
  readonly everybody: boolean;
  readonly selectors: readonly number[];
  /** All addresses that its peers name. */
  readonly range: number | undefined;
}

export interface CompiledPolicy {
  readonly serial: number;
  /** Of its selector. */
  readonly subject: number;
}

export class Compiler {
  /** By number. */
  readonly selectors: PodPeer[] = [];
  readonly ranges: Intervals<bigint>[] = [];
  readonly #nodes: readonly Node[];
  readonly #selectorIds = new Map<string, number>();
  readonly #rangeIds = new Map<string, number>();
  readonly #rules = new Map<Rule, CompiledRule>();
  readonly #policies = new Map<Policy, CompiledPolicy>();
  readonly #about: Policy[][] = [];
  readonly #usedBy = { ingress: new Uses(), egress: new Uses() };

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

  /** A number that no other policy has, and that of its subject. */
  policy(policy: Policy): CompiledPolicy {
    let compiled = this.#policies.get(policy);
    if (compiled === undefined) {
      this.#policies.set(policy, (compiled = { serial: this.#policies.size, subject: this.selector(policy.subject) }));
      (this.#about[compiled.subject] ??= []).push(policy);
      for (const direction of DIRECTIONS) {
        for (const rule of policy[direction] ?? []) this.#usedBy[direction].add(policy, rule, this.rule(rule));
      }
    }
    return compiled;
  }

  /** The policies ever met that have it as their subject. */
  about(selector: number): readonly Policy[] {
    return this.#about[selector] ?? [];
  }

  /** How many policies were ever met. */
  get met(): number {
    return this.#policies.size;
  }

  /** Those of the policies ever met that name one of these, or everybody with ports that each has by another number. */
  using(direction: Direction, selectors: Iterable<number>, ranges: Iterable<number>): ReadonlySet<Policy> {
    return this.#usedBy[direction].of(selectors, ranges);
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

/** Policies by what their rules of one direction name. */
class Uses {
  readonly #selectors: Policy[][] = [];
  readonly #ranges: Policy[][] = [];
  readonly #everybody: Policy[] = [];

  add(policy: Policy, { ports }: Rule, { everybody, selectors, range }: CompiledRule): void {
    for (const selector of selectors) (this.#selectors[selector] ??= []).push(policy);
    if (range !== undefined) (this.#ranges[range] ??= []).push(policy);
    if (everybody && (ports?.names.length ?? 0) > 0) this.#everybody.push(policy);
  }

  of(selectors: Iterable<number>, ranges: Iterable<number>): Set<Policy> {
    const found = new Set(this.#everybody);
    for (const selector of selectors) for (const policy of this.#selectors[selector] ?? []) found.add(policy);
    for (const range of ranges) for (const policy of this.#ranges[range] ?? []) found.add(policy);
    return found;
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
