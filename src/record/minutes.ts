/** A set of minutes, kept as one row of bits for each day that has any. */

const PER_DAY = 1440;
const BYTES = PER_DAY / 8;

/** Half open, in seconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export class Minutes {
  readonly #days = new Map<number, Uint8Array>();
  /** Events come in the order of time, so that most fall into the minute of the one before. */
  #latest = -1;

  /** `seconds` since 1970. */
  add(seconds: number): void {
    const minute = Math.floor(seconds / 60);
    if (minute === this.#latest) return;
    this.#latest = minute;
    const [day, at] = [Math.floor(minute / PER_DAY), minute % PER_DAY];
    const bits = this.#of(day);
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }

  addAll(other: Minutes): void {
    for (const [day, from] of other.#days) {
      const bits = this.#of(day);
      for (let index = 0; index < BYTES; index += 1) bits[index] = (bits[index] ?? 0) | (from[index] ?? 0);
    }
  }

  get isEmpty(): boolean {
    return this.#days.size === 0;
  }

  /** From the first minute to the last, both whole. */
  get span(): Span | undefined {
    const days = this.#sorted();
    const [first, last] = [days[0], days.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const from = first[0] * PER_DAY + firstBit(first[1]);
    const to = last[0] * PER_DAY + lastBit(last[1]) + 1;
    return { from: from * 60, to: to * 60 };
  }

  /** Runs of minutes inside of its span that it lacks, of those that are at least so many minutes long. */
  holes(least: number): Span[] {
    const holes: Span[] = [];
    let before = -1;
    for (const [day, bits] of this.#sorted()) {
      for (let index = 0; index < BYTES; index += 1) {
        const byte = bits[index] ?? 0;
        const start = day * PER_DAY + index * 8;
        // Most of a log has no hole: eight minutes at once.
        if (byte === 0xff && before === start - 1) before = start + 7;
        else if (byte !== 0) before = holesIn(byte, { start, before, least, holes });
      }
    }
    return holes;
  }

  toJson(): [day: number, bits: string][] {
    return this.#sorted().map(([day, bits]) => [day, Buffer.from(bits).toString('base64')]);
  }

  /** Undefined where it is not what `toJson` gives. */
  static fromJson(value: unknown): Minutes | undefined {
    if (!Array.isArray(value)) return undefined;
    const minutes = new Minutes();
    for (const entry of value as unknown[]) {
      if (!Array.isArray(entry)) return undefined;
      const [day, bits] = entry as unknown[];
      if (typeof day !== 'number' || !Number.isSafeInteger(day) || typeof bits !== 'string') return undefined;
      const bytes = Buffer.from(bits, 'base64');
      if (bytes.length !== BYTES) return undefined;
      minutes.#days.set(day, new Uint8Array(bytes));
    }
    return minutes;
  }

  #of(day: number): Uint8Array {
    let bits = this.#days.get(day);
    if (bits === undefined) this.#days.set(day, (bits = new Uint8Array(BYTES)));
    return bits;
  }

  #sorted(): [number, Uint8Array][] {
    return [...this.#days].toSorted(([a], [b]) => a - b);
  }
}

/** Adds the holes before the minutes of a byte; the last of these minutes. */
function holesIn(byte: number, { start, before, least, holes }: { start: number; before: number; least: number; holes: Span[] }): number {
  let last = before;
  for (let bit = 0; bit < 8; bit += 1) {
    if (((byte >> bit) & 1) === 0) continue;
    const minute = start + bit;
    if (last >= 0 && minute - last > least) holes.push({ from: (last + 1) * 60, to: minute * 60 });
    last = minute;
  }
  return last;
}

/** A day is only kept for a minute that it has. */
function firstBit(bits: Uint8Array): number {
  const index = bits.findIndex((byte) => byte !== 0);
  const byte = bits[index] ?? 0;
  return index * 8 + (31 - Math.clz32(byte & -byte));
}

function lastBit(bits: Uint8Array): number {
  const index = bits.findLastIndex((byte) => byte !== 0);
  return index * 8 + (31 - Math.clz32(bits[index] ?? 0));
}
