/** Where the reader of plain YAML stands in a text, and the events that it has noted so far. */
import { CHOMPING_MODE, EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import { type PackedEvents, documentHead, scalarHead } from './yaml-events.ts';

const EMPTY = scalarHead(SCALAR_STYLE.PLAIN, false, CHOMPING_MODE.CLIP, -1);

/** Shared by all readings, as each is done with it before the next one begins. */
let scratch = new Int32Array(1 << 14);

/** Thrown where a text is not plain: see yaml-plain.ts. */
const NOT_PLAIN = new Error('not plain');

export function giveUp(): never {
  throw NOT_PLAIN;
}

export function isGivingUp(error: unknown): boolean {
  return error === NOT_PLAIN;
}

export class Cursor {
  /** What values are cut from. */
  readonly text: string;
  /** What is looked at: the text with a NUL behind it, so that every look gives a number. */
  readonly input: string;
  at = 0;
  /** Where the line that `at` is on begins, and the blanks that it begins with. */
  lineStart = 0;
  indent = 0;
  /** Where the first key begins that its mapping has already; -1 where there is none. */
  twice = -1;
  /** Where the last scalar begins: that of a key, until its value is read. */
  keyStart = 0;
  #length = 0;
  /** Where the collections begin that are not closed yet. */
  readonly #open: number[] = [];

  constructor(text: string) {
    this.text = text;
    this.input = `${withoutEnd(text)}\0`;
  }

  /** The character at this place; 0 at the end. */
  get code(): number {
    return this.input.charCodeAt(this.at);
  }

  /** Goes to the next thing that is neither blank nor comment, and tells whether that is on another line. */
  skip(): boolean {
    const line = this.lineStart;
    this.skipAll();
    if (this.at === this.lineStart && isMarker(this.input, this.at)) giveUp();
    return this.lineStart !== line;
  }

  /** As `skip`, where a marker may follow. */
  skipAll(): void {
    const { input } = this;
    let code = this.#skipBlanks();
    while (code === 35 /* # */) {
      if (this.at > 0 && !endsIndicator(input.charCodeAt(this.at - 1))) giveUp();
      const end = input.indexOf('\n', this.at);
      this.at = end < 0 ? input.length - 1 : end;
      code = this.#skipBlanks();
    }
  }

  /** Goes over blanks and line breaks only: inside a scalar of several lines. */
  skipBreaks(): number {
    return this.#skipBlanks();
  }

  #skipBlanks(): number {
    const { input } = this;
    let { at } = this;
    let code = input.charCodeAt(at);
    while (code === 32 || code === 10 || code === 13) {
      at += 1;
      if (code === 10) {
        this.lineStart = at;
        while (input.charCodeAt(at) === 32) at += 1;
        this.indent = at - this.lineStart;
      }
      code = input.charCodeAt(at);
    }
    // Where a tab may stand, and what it then means, is left to the general parser.
    if (code === 9) giveUp();
    this.at = at;
    return code;
  }

  /** A mapping or a sequence begins. */
  open(type: number, style: number, start: number): void {
    const at = this.#grow(3);
    scratch[at] = type | (style << 3);
    scratch[at + 1] = start;
    this.#open.push(at);
  }

  /** Takes back an `open` after which nothing was noted. */
  takeBack(): void {
    this.#length -= 3;
    this.#open.pop();
  }

  close(): void {
    const at = this.#grow(1);
    scratch[at] = EVENT_ID.POP;
    scratch[(this.#open.pop() ?? 0) + 2] = at + 1;
  }

  scalar(head: number, start: number, end: number): void {
    this.keyStart = start;
    const at = this.#grow(3);
    scratch[at] = head;
    scratch[at + 1] = start;
    scratch[at + 2] = end;
  }

  /** To be called before an entry is set: `start` is where its key begins. The last of two equal keys wins. */
  noteKey(mapping: Record<string, unknown>, key: string, start: number): void {
    if (this.twice < 0 && Object.hasOwn(mapping, key)) this.twice = start;
  }

  /** A value of which nothing is written. */
  empty(): null {
    this.scalar(EMPTY, -1, -1);
    return null;
  }

  beginDocument(): void {
    const at = this.#grow(1);
    scratch[at] = documentHead(false);
  }

  endDocument(): void {
    const at = this.#grow(1);
    scratch[at] = EVENT_ID.POP;
  }

  events(): PackedEvents {
    if (this.twice >= 0) scratch[0] = documentHead(true);
    return scratch.slice(0, this.#length);
  }

  /** Makes room; `scratch` is another array after it, perhaps. */
  #grow(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > scratch.length) {
      const larger = new Int32Array(scratch.length * 2);
      larger.set(scratch);
      scratch = larger;
    }
    return at;
  }
}

/** The text without the `...` that some generators write behind every document. */
function withoutEnd(text: string): string {
  return text.endsWith('\n...\n') ? text.slice(0, -4) : text;
}

/** After a dash or a colon, before a comment: white space, or the end of the text. */
export function endsIndicator(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 0;
}

/** `---` or `...` by itself: another document, or the end of this one. */
export function isMarker(input: string, at: number): boolean {
  const code = input.charCodeAt(at);
  if (code !== 45 && code !== 46) return false;
  return input.charCodeAt(at + 1) === code && input.charCodeAt(at + 2) === code && endsIndicator(input.charCodeAt(at + 3));
}
