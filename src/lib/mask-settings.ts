/** Settings anywhere in a text, such as those of a command that a shell is given as one argument. */
import { promiseOf } from './credential-names.ts';

/** The part of a text that must not be shown: from, to. */
type Range = [from: number, to: number];

/** `--name`, `NAME=`, `name: `, `"name":`, and where the value begins. A name begins where no other goes on. */
const SETTING =
  /(?<![\w.-])(-{0,2})([A-Za-z_][\w.-]{0,199})(\\{0,4}["']?\s{0,8}=\s{0,8}|\\{0,4}["']?\s{0,8}:(?:\s{1,8}|(?=\\{0,4}["']))|\s{1,8})/g;
const HEADER = /(?:bearer|basic)\s{1,8}/iy;
/** Names that promise a secret whose values are none, before a text is taken for one that means harm. */
const MOST_JUDGED = 400;
const LONGEST_VALUE = 1024;

/** Where the secret values of settings stand, in order and apart; undefined where there is too much to look at. */
export function secretRanges(text: string, isSecret: (name: string, value: string) => boolean): Range[] | undefined {
  const ranges: Range[] = [];
  let judged = 0;
  SETTING.lastIndex = 0;
  for (let found = SETTING.exec(text); found !== null; found = SETTING.exec(text)) {
    const [whole, dashes = '', name = '', separator = ''] = found;
    const start = found.index + whole.length;
    // Only a flag is parted from its value by a blank.
    if (separator.trim() === '' && (dashes === '' || text[start] === '-')) continue;
    if (promiseOf(name) === undefined) continue;
    judged += 1;
    if (judged > MOST_JUDGED) return undefined;
    const { from, to } = wordAt(text, start);
    if (isSecret(name, text.slice(from, Math.min(to, from + LONGEST_VALUE)))) add(ranges, from, to);
  }
  return ranges;
}

/** What is taken for a value may hold the name of the next setting: such ranges become one. */
function add(ranges: Range[], from: number, to: number): void {
  const last = ranges.at(-1);
  if (last === undefined || from > last[1]) ranges.push([from, to]);
  else if (to > last[1]) last[1] = to;
}

/** A word as a shell reads it, without its quotes when they are around all of it. */
function wordAt(text: string, start: number): { from: number; to: number } {
  HEADER.lastIndex = start;
  let at = HEADER.test(text) ? HEADER.lastIndex : start;
  const opening = quoteAt(text, at);
  if (opening !== undefined) {
    const from = at + opening.length;
    const close = closingOf(text, opening, from);
    if (close < 0) return { from, to: text.length };
    const end = close + opening.length;
    if (endsWord(text, end)) return { from, to: close };
    at = end;
  }
  while (at < text.length && !isBlank(text.charCodeAt(at))) {
    // Whatever is this long is no word of a command; what follows may belong to it.
    if (at - start > LONGEST_VALUE) return { from: start, to: text.length };
    const quote = quoteAt(text, at);
    if (quote === undefined) {
      at += text[at] === '\\' ? 2 : 1;
      continue;
    }
    // A quote before the end of a word closes one that was opened before the setting.
    if (at > start && endsWord(text, at + quote.length)) break;
    const close = closingOf(text, quote, at + quote.length);
    at = close < 0 ? text.length : close + quote.length;
  }
  return { from: start, to: Math.min(at, text.length) };
}

/** The quote that stands there, with the backslashes before it: `"`, `\\"`. */
function quoteAt(text: string, at: number): string | undefined {
  let end = at;
  while (end - at < 8 && text[end] === '\\') end += 1;
  return text[end] === '"' || text[end] === "'" ? text.slice(at, end + 1) : undefined;
}

/** Where the same quote stands again, with no more backslashes before it than at its opening. */
function closingOf(text: string, quote: string, from: number): number {
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (at - from > 4 * LONGEST_VALUE) return -1;
    if (at === from || quote.startsWith("'") || text[at - 1] !== '\\') return at;
  }
  return -1;
}

function endsWord(text: string, at: number): boolean {
  return at >= text.length || isBlank(text.charCodeAt(at)) || ',;:}])&|'.includes(text.charAt(at));
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
