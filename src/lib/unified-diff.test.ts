import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RUNS } from '../../test/runs.ts';
import { lineDiff } from './line-diff.ts';
import { unifiedDiff } from './unified-diff.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const line = fc.constantFrom('a', 'b', 'c', 'd', '', ' a');
const lines = fc.array(line, { maxLength: 14 });

describe('the difference of lines', () => {
  test('makes the other of the one, and nothing shorter does', () => {
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const replaced = lineDiff(one, other);
        const made: string[] = [];
        let at = 0;
        for (const part of replaced) {
          expect(part.otherAt - made.length).toBe(part.at - at);
          made.push(...one.slice(at, part.at), ...other.slice(part.otherAt, part.otherAt + part.otherCount));
          at = part.at + part.count;
        }
        expect([...made, ...one.slice(at)]).toEqual(other);
        const changed = replaced.reduce((sum, { count, otherCount }) => sum + count + otherCount, 0);
        expect(changed).toBe(one.length + other.length - 2 * longestCommon(one, other));
      }),
      { numRuns: RUNS },
    );
  });

  test('of texts that share nothing is all of them', () => {
    const [one, other] = [Array.from({ length: 5000 }, (_, index) => `a${index}`), Array.from({ length: 5000 }, (_, index) => `b${index}`)];
    expect(lineDiff(one, other)).toEqual([{ at: 0, count: 5000, otherAt: 0, otherCount: 5000 }]);
  });
});

function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, () => 0);
  for (const a of one) {
    const next = [0];
    for (const [index, b] of other.entries()) next.push(a === b ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Each tool in a folder of its own that holds the file as it was. */
const TOOLS: [string, string[]][] = [
  ['git', ['apply', '--whitespace=nowarn', '-']],
  ['patch', ['-p1', '--binary', '-s']],
];

describe.each(TOOLS)('%s', (tool, args) => {
  let count = 0;
  const applied = (path: string, before: string | undefined, after: string | undefined): string | undefined => {
    count += 1;
    const cwd = join(folder, `${tool}-${count}`);
    const file = join(cwd, path);
    mkdirSync(dirname(file), { recursive: true });
    if (before !== undefined) writeFileSync(file, before);
    const input = `# castellan: a remark\n${unifiedDiff({ path, before, after })}`;
    // Without it a folder inside of a repository would be looked for there.
    execFileSync(tool, args, { cwd, input, env: { ...process.env, GIT_CEILING_DIRECTORIES: folder } });
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };

  test.each<[string, string, string | undefined, string | undefined]>([
    ['an edit', 'a.yaml', 'a: 1\nb: 2\n', 'a: 1\nb: 3\n'],
    ['an edit at the end without a line end', 'a.yaml', 'a: 1\nb: 2', 'a: 1\nb: 3'],
    ['a line end that comes', 'a.yaml', 'a: 1', 'a: 1\n'],
    ['a new file', 'new/b.yaml', undefined, 'kind: X\n'],
    ['a file that goes', 'a.yaml', 'a: 1\nb\n', undefined],
    ['a name with blanks', 'my app/a b.yaml', 'a: 1\n', 'a: 2\n'],
    ['a name with quotes and letters beyond ASCII', 'a"ü\\b.yaml', 'a: 1\n', 'a: 2\n'],
    ['lines that end as on Windows', 'a.yaml', 'a: 1\r\nb: 2\r\nc: 3\r\n', 'a: 1\r\nb: 4\r\nc: 3\r\n'],
  ])('takes %s', (_what, path, before, after) => {
    expect(applied(path, before, after)).toBe(after);
  });

  test('takes any edit', () => {
    fc.assert(
      fc.property(lines, lines, fc.boolean(), (one, other, ends) => {
        const [before, after] = [one, other].map((list) => list.map((text) => `${text}\n`).join('') + (ends ? 'end' : 'end\n')) as [
          string,
          string,
        ];
        if (before !== after) expect(applied('x/a.yaml', before, after)).toBe(after);
      }),
      // Each starts a program.
      { numRuns: 40 },
    );
  });
});
