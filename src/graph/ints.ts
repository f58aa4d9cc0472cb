/** A list of 32-bit integers that grows: a graph of a million edges as plain arrays of numbers would not fit. */
export class Ints {
  #values = new Int32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): number {
    if (this.#length === this.#values.length) {
      const wider = new Int32Array(this.#values.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
    return this.#length - 1;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** A view on what was pushed; the list must not grow afterwards. */
  done(): Int32Array {
    return this.#values.subarray(0, this.#length);
  }
}

/** Lists by key in one array: those of key `k` are `items[at[k]]` up to `items[at[k + 1]]`. */
export interface Grouped {
  readonly at: Int32Array;
  readonly items: Int32Array;
}

/** Groups the items by their keys, keeping their order; without items the indexes of the keys. */
export function grouped(groups: number, keys: Int32Array, items?: Int32Array): Grouped {
  const at = new Int32Array(groups + 1);
  // Not by an iterator, which makes an object for each key as long as the engine has not optimised it: 16 MB of a graph.
  for (let index = 0; index < keys.length; index += 1) {
    const above = (keys[index] ?? 0) + 1;
    at[above] = (at[above] ?? 0) + 1;
  }
  for (let key = 0; key < groups; key += 1) at[key + 1] = (at[key + 1] ?? 0) + (at[key] ?? 0);
  const next = at.slice(0, groups);
  const list = new Int32Array(keys.length);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? 0;
    const place = next[key] ?? 0;
    list[place] = items === undefined ? index : (items[index] ?? 0);
    next[key] = place + 1;
  }
  return { at, items: list };
}

/** The items of one key. */
export function itemsOf({ at, items }: Grouped, key: number): Int32Array {
  return items.subarray(at[key] ?? 0, at[key + 1] ?? 0);
}
