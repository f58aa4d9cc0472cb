/** What the policies of a cluster can tell pods apart by: keys of labels, and ranges of addresses. */
import type { Compiler } from './compile.ts';
import type { PodPeer, Policy, Rule } from './policy.ts';

/** A key of labels that counts in one namespace, or in all. */
export interface NewKey {
  readonly namespace: string | undefined;
  readonly key: string;
}

/** It never forgets a word: to tell apart what no policy does any more is only work, and no error. */
export class Vocabulary {
  /** Numbers of the compiler. */
  readonly ranges: readonly number[];
  readonly #everywhere: readonly string[];
  /** For namespaces with keys of their own all that count there. */
  readonly #in: ReadonlyMap<string, readonly string[]>;

  constructor(
    ranges: readonly number[] = [],
    everywhere: readonly string[] = [],
    inside: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    this.ranges = ranges;
    this.#everywhere = everywhere;
    this.#in = inside;
  }

  /** In an order that stays: what is new comes last. */
  keysOf(namespace: string): readonly string[] {
    return this.#in.get(namespace) ?? this.#everywhere;
  }

  /** With the words of further policies, and what of them is new. */
  with(policies: readonly Policy[], compiler: Compiler): { vocabulary: Vocabulary; keys: readonly NewKey[]; ranges: readonly number[] } {
    const ranges = new Set(this.ranges);
    const everywhere = new Set(this.#everywhere);
    const inside = new Map<string, Set<string>>();
    const keys: NewKey[] = [];
    const learn = ({ namespaces, pods }: PodPeer): void => {
      for (const { key } of pods.requirements) {
        if (everywhere.has(key)) continue;
        if (typeof namespaces !== 'string') everywhere.add(key);
        else {
          let own = inside.get(namespaces);
          if (own === undefined) inside.set(namespaces, (own = new Set(this.#in.get(namespaces))));
          if (own.has(key)) continue;
          own.add(key);
        }
        keys.push({ namespace: typeof namespaces === 'string' ? namespaces : undefined, key });
      }
    };
    for (const policy of policies) {
      compiler.policy(policy);
      learn(policy.subject);
      for (const rule of rulesOf(policy)) {
        for (const peer of rule.peers ?? []) if (peer.kind === 'pods') learn(peer);
        const { range } = compiler.rule(rule);
        if (range !== undefined) ranges.add(range);
      }
    }
    const added = [...ranges].slice(this.ranges.length);
    if (keys.length === 0 && added.length === 0) return { vocabulary: this, keys, ranges: added };
    const known = new Set([...this.#in.keys(), ...inside.keys()]);
    const all = new Map(
      [...known].map((name) => [
        name,
        [...new Set([...(this.#in.get(name) ?? this.#everywhere), ...(inside.get(name) ?? []), ...everywhere])],
      ]),
    );
    return { vocabulary: new Vocabulary([...ranges], [...everywhere], all), keys, ranges: added };
  }
}

export function rulesOf({ ingress = [], egress = [] }: Pick<Policy, 'ingress' | 'egress'>): Rule[] {
  return [...ingress, ...egress];
}
