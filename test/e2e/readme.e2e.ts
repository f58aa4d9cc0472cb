/** The way that the README shows from a clone to a merged change, line by line as somebody would type it. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const BUNDLE = join(ROOT, 'dist/castellan.js');
const [, BLOCK = ''] = /From a clone to a merged change[^`]*```sh\n([^`]*)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
const LINES = BLOCK.split('\n').filter((line) => line !== '');

let folder = '';
let clone = '';
beforeAll(() => {
  if (!existsSync(BUNDLE)) throw new Error('dist/castellan.js is missing: build it first with npm run build');
  folder = mkdtempSync(join(tmpdir(), 'castellan-readme-'));
  clone = join(folder, 'clone');
  mkdirSync(join(clone, 'bin'), { recursive: true });
  cpSync(join(ROOT, 'examples'), join(clone, 'examples'), { recursive: true });
  const command = join(clone, 'bin/castellan');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`);
  chmodSync(command, 0o755);
  expect(run('git init -q -b main && git add -A && git commit -q -m all').status).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(line: string): { status: number | null; stdout: string; stderr: string } {
  const author = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' };
  const env = { PATH: process.env.PATH ?? '/usr/bin:/bin', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...author };
  return spawnSync('bash', ['-c', line], { cwd: clone, env, encoding: 'utf8', input: '' });
}

it('works, and leaves fewer ways than there were', () => {
  const shown = LINES.map((line) => {
    const { status, stdout, stderr } = run(line);
    expect({ line, status, stderr: status === 0 ? '' : stderr }).toEqual({ line, status: 0, stderr: '' });
    return stdout;
  });
  expect(LINES.length).toBeGreaterThan(8);
  const footholds = (text = ''): number[] => [...(/(\d+) footholds? that outsiders.*; (\d+) more/.exec(text)?.slice(1) ?? [])].map(Number);
  const [before, after] = [footholds(shown[0]), footholds(shown.at(-1))];
  expect([after.length, (after[0] ?? 0) + (after[1] ?? 0)]).toEqual([2, expect.any(Number)]);
  expect((after[0] ?? 0) + (after[1] ?? 0)).toBeLessThan((before[0] ?? 0) + (before[1] ?? 0));
  const file = readFileSync(join(clone, 'examples/shop/ci/runner.yaml'), 'utf8');
  expect(run('git log --oneline main').stdout).toContain('the runner is no administrator');
  expect(file).not.toContain('name: cluster-admin');
});
