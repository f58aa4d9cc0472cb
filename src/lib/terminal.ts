/** Text for a terminal: what is scanned is hostile, and names may hold escape sequences. */

const UNSAFE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu;

/** The text with every control and format character written as its code point: `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(UNSAFE, (char) => String.raw`\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}

/**
 * The text as it may begin a line: CI runners take a line that begins with `::`, blanks aside, for a command of theirs.
 * Whatever of the input stands first on a line goes through here.
 */
export function lineStart(text: string): string {
  const trimmed = text.trimStart();
  return trimmed.startsWith('::') ? String.raw`\u{3a}${trimmed.slice(1)}` : text;
}

/** Columns that a text takes: two for wide characters, none for combining ones. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x300) width += 1;
    else if (!/\p{M}/u.test(char)) width += isWide(code) ? 2 : 1;
  }
  return width;
}

/** The text in exactly so many columns: filled with blanks, or cut with an ellipsis. */
export function fit(text: string, width: number): string {
  const taken = displayWidth(text);
  if (taken <= width) return text + ' '.repeat(width - taken);
  return clip(text, width);
}

/** The text in at most so many columns. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let cut = '';
  let taken = 0;
  for (const char of text) {
    taken += displayWidth(char);
    if (taken > width - 1) break;
    cut += char;
  }
  return `${cut}…`;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff)
  );
}

/** `1 file`, `2 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The text on lines of at most so many columns, broken at blanks; what more lines would take is cut with an ellipsis. */
export function wrapped(text: string, width: number, most = Infinity): string[] {
  const lines: string[] = [];
  let rest = text;
  while (displayWidth(rest) > width && lines.length + 1 < most) {
    const at = breakIn(rest, width);
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...lines, clip(rest, width)];
}

/** A line on lines of at most so many columns, those that follow four columns further in than the first. */
export function hanging(line: string, width: number): string[] {
  const indent = line.length - line.trimStart().length;
  const room = width - indent - HANG;
  if (displayWidth(line) <= width || room < NARROWEST) return [line];
  return wrapped(line.trimStart(), room).map((each, index) => ' '.repeat(index === 0 ? indent : indent + HANG) + each);
}
const HANG = 4;
const NARROWEST = 20;

/** After the last blank that fits, else after the last comma, else where the width ends. */
function breakIn(text: string, width: number): number {
  let end = 0;
  let taken = 0;
  for (const char of text) {
    taken += displayWidth(char);
    if (taken > width) break;
    end += char.length;
  }
  if (text[end] === ' ') return end;
  const head = text.slice(0, end);
  const blank = head.lastIndexOf(' ');
  if (blank > width / 2) return blank;
  const comma = head.lastIndexOf(',') + 1;
  return comma > 0 ? comma : blank > 0 ? blank : Math.max(1, end);
}
