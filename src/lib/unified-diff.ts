/** Changes of files as `git apply` and `patch -p1` read them. */
import { lineDiff } from './line-diff.ts';

export interface FileChange {
  /** Relative, with slashes. */
  readonly path: string;
  /** Undefined where there is no such file. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const CONTEXT = 3;

/** '' where nothing changes. */
export function unifiedDiff({ path, before, after }: FileChange): string {
  if (before === after) return '';
  const [from, to] = [quoted(`a/${path}`), quoted(`b/${path}`)];
  const head = [`diff --git ${from} ${to}`];
  if (before === undefined) head.push('new file mode 100644');
  if (after === undefined) head.push('deleted file mode 100644');
  const body = hunks(linesOf(before ?? ''), linesOf(after ?? ''));
  // A file that is or becomes empty has no lines to show.
  if (body.length === 0) return `${head.join('\n')}\n`;
  head.push(`--- ${before === undefined ? '/dev/null' : named(from)}`, `+++ ${after === undefined ? '/dev/null' : named(to)}`);
  return `${head.join('\n')}\n${body.join('')}`;
}

/** Each with its line end, where it has one. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function hunks(one: readonly string[], other: readonly string[]): string[] {
  const replaced = lineDiff(one, other);
  const texts: string[] = [];
  for (let first = 0; first < replaced.length;) {
    let last = first;
    // What stands nearer than two contexts is shown together.
    while (last + 1 < replaced.length && (replaced[last + 1]?.at ?? 0) - endOf(replaced[last]) <= 2 * CONTEXT) last += 1;
    const group = replaced.slice(first, last + 1);
    const start = Math.max(0, (group[0]?.at ?? 0) - CONTEXT);
    const end = Math.min(one.length, endOf(group.at(-1)) + CONTEXT);
    const lines: string[] = [];
    let at = start;
    for (const { at: from, count, otherAt, otherCount } of group) {
      for (const line of one.slice(at, from)) lines.push(marked(' ', line));
      for (const line of one.slice(from, from + count)) lines.push(marked('-', line));
      for (const line of other.slice(otherAt, otherAt + otherCount)) lines.push(marked('+', line));
      at = from + count;
    }
    for (const line of one.slice(at, end)) lines.push(marked(' ', line));
    const shift = (group[0]?.otherAt ?? 0) - (group[0]?.at ?? 0);
    const grown = group.reduce((sum, { count, otherCount }) => sum + otherCount - count, 0);
    texts.push(`@@ -${range(start, end - start)} +${range(start + shift, end - start + grown)} @@\n${lines.join('')}`);
    first = last + 1;
  }
  return texts;
}

function endOf(replaced: { at: number; count: number } | undefined): number {
  return (replaced?.at ?? 0) + (replaced?.count ?? 0);
}

/** Of no lines the line before is named. */
function range(start: number, count: number): string {
  const first = count === 0 ? start : start + 1;
  return count === 1 ? `${first}` : `${first},${count}`;
}

function marked(mark: string, line: string): string {
  return line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
}

/** As git writes names that a line could not hold otherwise: in quotes, with escapes of C. */
function quoted(path: string): string {
  if (/^[^\p{Cc}"\\\u0080-\u{10ffff}]*$/u.test(path)) return path;
  const bytes = [...new TextEncoder().encode(path)].map((byte) => {
    const char = String.fromCharCode(byte);
    if (char === '"' || char === '\\') return `\\${char}`;
    return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : char;
  });
  return `"${bytes.join('')}"`;
}

/** A name with blanks ends at a tab. */
function named(path: string): string {
  return /\s/.test(path) && !path.startsWith('"') ? `${path}\t` : path;
}
