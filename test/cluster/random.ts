/** Numbers that look random and are the same for the same seed, on every machine. */
export interface Random {
  /** From 0 up to but not `below`. */
  int(below: number): number;
  chance(of: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** Up to `most` of them, without repetition. */
  some<T>(values: readonly T[], most: number): T[];
}

/** Mulberry32: 32 bits of state are enough for test data. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  function int(below: number): number {
    return Math.floor(next() * below);
  }
  function pick<T>(values: readonly T[]): T {
    const value = values[int(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  }
  function some<T>(values: readonly T[], most: number): T[] {
    const left = [...values];
    return Array.from({ length: int(most + 1) }, () => left.splice(int(left.length), 1)).flat();
  }
  return { int, chance: (of) => next() < of, pick, some };
}
