/** Numbers of pages, kept as bits; only parts that are used take memory, as a file may claim any number. */
const PART = 1 << 15;

export class PageSet {
  readonly #parts = new Map<number, Uint32Array>();
  size = 0;

  has(page: number): boolean {
    const part = this.#parts.get(Math.floor(page / PART));
    const at = page % PART;
    return part !== undefined && ((part[at >> 5] ?? 0) & (1 << (at & 31))) !== 0;
  }

  /** False where it was there before. */
  add(page: number): boolean {
    if (this.has(page)) return false;
    const number = Math.floor(page / PART);
    let part = this.#parts.get(number);
    if (part === undefined) this.#parts.set(number, (part = new Uint32Array(PART >> 5)));
    const at = page % PART;
    part[at >> 5] = (part[at >> 5] ?? 0) | (1 << (at & 31));
    this.size += 1;
    return true;
  }
}
