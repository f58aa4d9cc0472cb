/**
 * Where a text stops being JSON, in words of our own. The message of the engine quotes the text around the place, and
 * what stands there may be a credential.
 */
export interface JsonFault {
  /** What is wrong, without a word of the text. */
  reason: string;
  /** From 0. */
  offset: number;
  /** From 1. */
  line: number;
}

/** The first fault of a text that JSON.parse refused. */
export function jsonFault(text: string): JsonFault {
  const { reason, offset } = new Check(text).run();
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return { reason, offset, line };
}

const SPACE = /[ \t\n\r]*/y;
const WORD = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** Goes through the text once, without recursion: a hostile one nests as deeply as it likes. */
class Check {
  readonly #text: string;
  #at = 0;
  /** The brackets that are open. */
  readonly #open: ('{' | '[')[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): { reason: string; offset: number } {
    const reason = this.#value() ?? this.#rest();
    return { reason: this.#at >= this.#text.length ? 'the text ends too early' : reason, offset: Math.min(this.#at, this.#text.length) };
  }

  /** What follows the first value, or the first key or element of one. */
  #rest(): string {
    for (;;) {
      const inside = this.#open.at(-1);
      const next = this.#peek();
      if (inside === undefined) return 'something follows the end of the value';
      if (next === (inside === '{' ? '}' : ']')) {
        this.#at += 1;
        this.#open.pop();
        continue;
      }
      if (next !== ',') return `a comma or the closing ${inside === '{' ? 'brace' : 'bracket'} is missing`;
      this.#at += 1;
      const fault = inside === '{' ? this.#member() : this.#value();
      if (fault !== undefined) return fault;
    }
  }

  /** A value up to its end, or up to its first part when it holds some. */
  #value(): string | undefined {
    for (;;) {
      const first = this.#peek();
      if (first === '"') return this.#quoted();
      if (first !== '{' && first !== '[') return this.#take(WORD) ? undefined : 'a value is expected';
      this.#at += 1;
      this.#open.push(first);
      const next = this.#peek();
      if (next === (first === '{' ? '}' : ']')) return undefined;
      if (first === '{') return this.#member();
    }
  }

  #member(): string | undefined {
    for (;;) {
      if (this.#peek() !== '"') return 'a name in double quotes is expected';
      const fault = this.#quoted();
      if (fault !== undefined) return fault;
      if (this.#peek() !== ':') return 'a colon is missing after a name';
      this.#at += 1;
      const first = this.#peek();
      if (first !== '{') return this.#value();
      this.#at += 1;
      this.#open.push('{');
      if (this.#peek() === '}') return undefined;
    }
  }

  #quoted(): string | undefined {
    this.#at = endOfText(this.#text, this.#at);
    if (this.#text[this.#at] === '"') {
      this.#at += 1;
      return undefined;
    }
    return this.#text[this.#at] === '\\' ? 'a backslash stands before a character that needs none' : 'a control character stands in a text';
  }

  /** The next character that is no blank. */
  #peek(): string | undefined {
    this.#take(SPACE);
    return this.#text[this.#at];
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** The place of the quote that closes the text beginning at `start`, or of what must not stand in it. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34 || code < 32) return at;
    if (code === 92) {
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return at;
      at = ESCAPE.lastIndex;
    } else at += 1;
  }
  return at;
}
