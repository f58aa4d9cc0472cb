/**
 * A map of which changed copies are cheap: a copy shares nearly everything with what it was made of, and changes neither.
 * It has two layers, a large one that is shared and a small one of its own, which are made one when the small one grows.
 */
export class LayeredMap<K, V extends object | number | string> {
  readonly #below: ReadonlyMap<K, V>;
  /** Undefined for what is gone. */
  readonly #above: ReadonlyMap<K, V | undefined>;

  constructor(entries: ReadonlyMap<K, V> = new Map(), above: ReadonlyMap<K, V | undefined> = new Map()) {
    this.#below = entries;
    this.#above = above;
  }

  get(key: K): V | undefined {
    const own = this.#above.get(key);
    return own !== undefined || this.#above.has(key) ? own : this.#below.get(key);
  }

  /** A copy with these; undefined takes a key away. */
  with(changes: ReadonlyMap<K, V | undefined>): LayeredMap<K, V> {
    if (changes.size === 0) return this;
    const above = new Map([...this.#above, ...changes]);
    if (above.size <= MOST_ABOVE) return new LayeredMap(this.#below, above);
    return new LayeredMap(new Map(new LayeredMap(this.#below, above)));
  }

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, value] of this.#below) {
      const now = this.#above.has(key) ? this.#above.get(key) : value;
      if (now !== undefined) yield [key, now];
    }
    for (const [key, value] of this.#above) if (value !== undefined && !this.#below.has(key)) yield [key, value];
  }
}

/** Copying so many takes less than a tenth of a millisecond. */
const MOST_ABOVE = 1000;
