/** Other words for words: the same for the same, and without the key nobody can tell or try which stands for which. */
import { type Hash, createHash } from 'node:crypto';

const CONSONANTS = 'bdfgklmnprstvz';
const VOWELS = 'aeiou';
/** Three syllables are enough for half a million words; who meets one that is taken gets a longer one. */
const SYLLABLES = 3;

export class Pseudonyms {
  /** The two halves of HMAC-SHA-256 with the key taken in: to take it in anew for each word costs more than all the rest. */
  readonly #inner: Hash;
  readonly #outer: Hash;
  readonly #words = new Map<string, string>();
  readonly #taken = new Set<string>();

  constructor(key: Uint8Array) {
    const block = Buffer.alloc(64);
    block.set(key.length > 64 ? createHash('sha256').update(key).digest() : key);
    this.#inner = createHash('sha256').update(block.map((byte) => byte ^ 0x36));
    this.#outer = createHash('sha256').update(block.map((byte) => byte ^ 0x5c));
  }

  /** A word that can be spoken, in the case of the original: `shop` and `SHOP` stay the same word. */
  word(original: string): string {
    const lower = original.toLowerCase();
    let word = this.#words.get(lower);
    if (word === undefined) this.#words.set(lower, (word = this.#newWord(lower)));
    if (original === lower) return word;
    return original === original.toUpperCase() ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1);
  }

  /** As many digits, the first of them no zero unless it was one. */
  digits(original: string): string {
    const bytes = this.#bytes(`digits ${original}`);
    const digits = [...original].map((_, index) => String((bytes[index % bytes.length] ?? 0) % 10)).join('');
    return original.startsWith('0') ? `0${digits.slice(1)}` : digits.replace(/^0/, '1');
  }

  hex(original: string): string {
    const lower = original.toLowerCase();
    return this.#bytes(`hex ${lower}`)
      .toString('hex')
      .repeat(Math.ceil(original.length / 64))
      .slice(0, original.length);
  }

  uuid(original: string): string {
    const hex = this.hex(original.replaceAll('-', ''));
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /**
   * Numbers of an address, most significant first. Two that begin alike still begin alike, down to the bit, so that
   * a network still holds the addresses that it held.
   */
  address(numbers: readonly number[], bits: number, kept: number): number[] {
    return numbers.map((number, index) => {
      if (index < kept) return number;
      const mask = this.#bytes(`address ${numbers.slice(0, index).join('.')}`).readUInt16BE(0) & (2 ** bits - 1);
      return number ^ mask;
    });
  }

  #newWord(original: string): string {
    for (let syllables = SYLLABLES; ; syllables += 1) {
      const bytes = this.#bytes(`word ${syllables} ${original}`);
      let word = '';
      for (let index = 0; index < syllables; index += 1) {
        word += CONSONANTS.charAt((bytes[index * 2] ?? 0) % CONSONANTS.length) + VOWELS.charAt((bytes[index * 2 + 1] ?? 0) % VOWELS.length);
      }
      if (this.#taken.has(word)) continue;
      this.#taken.add(word);
      return word;
    }
  }

  #bytes(text: string): Buffer {
    return this.#outer.copy().update(this.#inner.copy().update(text).digest()).digest();
  }
}
