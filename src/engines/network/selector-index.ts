/** Selectors by the namespaces that they look into, so that one more class is not asked about each of them. */
import type { PodPeer } from './policy.ts';
import type { Selector } from './selector.ts';

export class SelectorIndex {
  readonly #byName = new Map<string, number[]>();
  readonly #bySelector = new Map<string, { namespaces: Selector; numbers: number[] }>();

  /** By number. */
  constructor(selectors: readonly (PodPeer | undefined)[]) {
    for (const [number, peer] of selectors.entries()) {
      if (peer === undefined) continue;
      const { namespaces } = peer;
      if (typeof namespaces === 'string') {
        const numbers = this.#byName.get(namespaces);
        if (numbers === undefined) this.#byName.set(namespaces, [number]);
        else numbers.push(number);
        continue;
      }
      const group = this.#bySelector.get(namespaces.key);
      if (group === undefined) this.#bySelector.set(namespaces.key, { namespaces, numbers: [number] });
      else group.numbers.push(number);
    }
  }

  /** Numbers of those that look into the namespace. */
  *thatMaySelect(namespace: string, namesOf: (selector: Selector) => ReadonlySet<string>): Generator<number> {
    yield* this.#byName.get(namespace) ?? [];
    for (const { namespaces, numbers } of this.#bySelector.values()) if (namesOf(namespaces).has(namespace)) yield* numbers;
  }
}
