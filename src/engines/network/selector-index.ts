/** Selectors by the namespaces that they look into, so that one more class is not asked about each of them. */
import type { PodPeer } from './policy.ts';
import type { Selector } from './selector.ts';

interface Asked {
  /** By number. */
  readonly selectors: readonly (PodPeer | undefined)[];
  /** Those that somebody will ask about. */
  readonly namespaces: ReadonlySet<string>;
  /** The namespaces that a selector selects. */
  namesOf(selector: Selector): ReadonlySet<string>;
}

export class SelectorIndex {
  /** Selectors that look into the same namespaces share a list. */
  readonly #lists = new Map<string, (readonly number[])[]>();

  constructor({ selectors, namespaces, namesOf }: Asked) {
    const groups = new Map<string, { into: Selector | string; numbers: number[] }>();
    for (const [number, peer] of selectors.entries()) {
      if (peer === undefined || (typeof peer.namespaces === 'string' && !namespaces.has(peer.namespaces))) continue;
      const key = typeof peer.namespaces === 'string' ? `=${peer.namespaces}` : peer.namespaces.key;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { into: peer.namespaces, numbers: [number] });
      else group.numbers.push(number);
    }
    for (const { into, numbers } of groups.values()) {
      const names = typeof into === 'string' ? new Set([into]) : namesOf(into);
      const [fewer, others] = names.size < namespaces.size ? [names, namespaces] : [namespaces, names];
      for (const name of fewer) if (others.has(name)) this.#add(name, numbers);
    }
  }

  lookingInto(namespace: string): readonly number[] {
    return (this.#lists.get(namespace) ?? []).flat();
  }

  #add(namespace: string, numbers: readonly number[]): void {
    const lists = this.#lists.get(namespace);
    if (lists === undefined) this.#lists.set(namespace, [numbers]);
    else lists.push(numbers);
  }
}
