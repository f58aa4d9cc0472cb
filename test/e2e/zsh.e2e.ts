/** The completion script in a real zsh: it is valid, and zsh registers it for the command. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUNDLE = join(import.meta.dirname, '../../dist/castellan.js');
const ZSH = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'zsh')));
const REQUIRED = process.env.CASTELLAN_REQUIRE_ZSH === '1';

describe.skipIf(!ZSH && !REQUIRED)('completion in zsh (skipped where it is not installed)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-zsh-'));
    const { stdout } = spawnSync(process.execPath, [BUNDLE, 'completion', 'zsh'], { encoding: 'utf8' });
    writeFileSync(join(folder, '_castellan'), stdout);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function zsh(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync('zsh', ['-f', ...args], { encoding: 'utf8', cwd: folder });
    return { status, stdout, stderr };
  }

  it('is valid', () => {
    expect(zsh('-n', '_castellan')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('is registered for the command', () => {
    const load = 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u; print -r -- $_comps[castellan]';
    expect(zsh('-c', load)).toEqual({ status: 0, stdout: '_castellan\n', stderr: '' });
  });
});
