/**
 * The items of a list, one by one while the answer comes in: a page of 500 large ConfigMaps is never held as a whole.
 * Finds only where items begin and end; what is in them is parsed by JSON.parse.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

export class ItemSplitter {
  readonly #listKey: string;
  readonly #item: (json: string) => void;
  /** What is not yet cut off: bytes from the start of an item, a key or the envelope. */
  #rest: Buffer = Buffer.alloc(0);
  /** Up to here `#rest` was looked at. */
  #at = 0;
  #depth = 0;
  #inString = false;
  /** Where the string at hand began, in `#rest`. */
  #stringStart = 0;
  /** The last string directly inside the answer: the key of a value that follows. */
  #lastKey = '';
  #inList = false;
  #itemStart = -1;
  /** Everything but the items: kind, metadata. */
  #envelope = '';

  /** @param listKey `items` of a list, `rows` of a Table */
  constructor(listKey: string, item: (json: string) => void) {
    this.#listKey = listKey;
    this.#item = item;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#scan();
    this.#cut();
  }

  /** The answer without its items. Throws where it is no JSON or ends too early. */
  end(): Record<string, unknown> {
    if (this.#depth !== 0 || this.#inString) throw new Error('the answer ended in the middle');
    this.#envelope += this.#rest.toString('utf8');
    return JSON.parse(this.#envelope) as Record<string, unknown>;
  }

  #scan(): void {
    while (this.#at < this.#rest.length) {
      const bytes = this.#rest;
      if (this.#inString) {
        const end = closingQuote(bytes, this.#at);
        if (end < 0) {
          // A backslash at the very end may belong to what comes next: look at it again then.
          this.#at = Math.max(this.#stringStart + 1, bytes.length - trailingBackslashes(bytes));
          return;
        }
        this.#inString = false;
        this.#at = end + 1;
        if (this.#depth === 1) this.#lastKey = bytes.toString('utf8', this.#stringStart + 1, end);
        continue;
      }
      this.#structure(bytes[this.#at] ?? 0);
      this.#at += 1;
    }
  }

  #structure(byte: number): void {
    if (byte === QUOTE) {
      this.#inString = true;
      this.#stringStart = this.#at;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.#depth += 1;
      if (byte === OPEN_LIST && this.#depth === 2 && this.#lastKey === this.#listKey) {
        this.#inList = true;
        this.#envelope += this.#rest.toString('utf8', 0, this.#at + 1);
        this.#drop(this.#at + 1);
      } else if (this.#inList && this.#depth === 3) this.#itemStart = this.#at;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      this.#depth -= 1;
      if (this.#inList && this.#depth === 2) {
        this.#item(this.#rest.toString('utf8', this.#itemStart, this.#at + 1));
        this.#itemStart = -1;
        // Nobody needs what was handed out; cutting once a chunk is enough.
        this.#lastKey = '';
      } else if (this.#inList && this.#depth === 1) {
        this.#inList = false;
        this.#drop(this.#at);
      }
    }
  }

  /** Bytes that the envelope or an item took over. The position then counts from what is left. */
  #drop(count: number): void {
    this.#rest = this.#rest.subarray(count);
    this.#at -= count;
  }

  /** Between chunks only what is unfinished is kept. */
  #cut(): void {
    let keep = this.#at;
    if (this.#itemStart >= 0) keep = this.#itemStart;
    else if (!this.#inList) return;
    else if (this.#inString) keep = this.#stringStart;
    this.#rest = Buffer.from(this.#rest.subarray(keep));
    this.#at -= keep;
    this.#stringStart -= keep;
    if (this.#itemStart >= 0) this.#itemStart = 0;
  }
}

/** The quote that ends a string: one with an even number of backslashes before it. */
function closingQuote(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (at - slashes > 0 && bytes[at - slashes - 1] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

function trailingBackslashes(bytes: Buffer): number {
  let count = 0;
  while (count < bytes.length && bytes[bytes.length - 1 - count] === BACKSLASH) count += 1;
  return count;
}
