/** Every command that a list of fixes proposes does what it says: typed as it stands there, it ends well. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectManifests } from '../../src/collect/manifests/index.ts';
import { writeSnapshot } from '../write-snapshot.ts';

const ROOT = join(import.meta.dirname, '../..');
const BUNDLE = join(ROOT, 'dist/castellan.js');
const [, SHOWN = ''] = /\n\$ bin\/(castellan fixes examples\/shop [^\n]+)/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];

let folder = '';
beforeAll(async () => {
  if (!existsSync(BUNDLE)) throw new Error('dist/castellan.js is missing: build it first with npm run build');
  folder = mkdtempSync(join(tmpdir(), 'castellan-next-'));
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/castellan'), `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`);
  chmodSync(join(folder, 'bin/castellan'), 0o755);
  cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  cpSync(join(ROOT, 'examples/shop'), join(folder, 'deploy'), { recursive: true });
  const { objects } = await collectManifests([join(ROOT, 'examples/shop')]);
  const all = [...objects].map(({ object }) => object as { apiVersion: string; kind: string });
  writeSnapshot(join(folder, 'live.snap'), all, { takenAt: new Date().toISOString().replace(/\.\d+Z$/, 'Z') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(line: string): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH ?? ''}`, HOME: folder, COLUMNS: '100' };
  return spawnSync('bash', ['-c', line], { cwd: folder, env, encoding: 'utf8', input: '' });
}

/** What stands behind `next`, one command a line. */
function nextOf(screen: string): string[] {
  const [, block = ''] = /\nnext {6}([^]*)$/.exec(screen) ?? [];
  return block.split(/\n| {4}(?=castellan )/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

const SCREENS: readonly (readonly [what: string, line: string, words: readonly string[]])[] = [
  ['the example with its record', SHOWN, ['explain', 'fixes', 'apply']],
  ['the example alone', 'castellan fixes examples/shop', ['explain', 'fixes', 'apply']],
  // Of a snapshot only what is new can be written.
  ['a snapshot', 'castellan fixes live.snap', ['explain', 'fixes', 'apply']],
  ['a snapshot and where it comes from', 'castellan fixes live.snap --source deploy', ['explain', 'fixes', 'apply']],
  ['nothing that a file takes', 'castellan fixes live.snap --source bin/../examples/shop/ci --top 1', ['explain', 'fixes']],
];

describe('what is proposed for', () => {
  it.each(SCREENS)('%s works', (_what, line, words) => {
    const screen = run(line);
    expect(screen.stderr).toBe('');
    const commands = nextOf(screen.stdout);
    expect(commands.map((command) => command.split(' ')[1])).toEqual(words);
    for (const command of commands) {
      const { status, stderr } = run(command);
      expect({ command, status, stderr: status === 0 ? '' : stderr }).toEqual({ command, status: 0, stderr: '' });
    }
    rmSync(join(folder, 'fix.patch'), { force: true });
  });

  it('a cluster is not changed by what was proved for another day', () => {
    const { status, stderr } = run('castellan apply 1 --on 2026-11-03');
    expect([status, stderr]).toEqual([2, expect.stringContaining('--on is for --to-files and --dry-run')]);
    expect(run('castellan apply 1 --source deploy').status).toBe(2);
  });
});
