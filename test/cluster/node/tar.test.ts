import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tar } from './tar.ts';

it('archives of images are unpacked by tar', () => {
  const input = tar([
    { path: 'tmp', folder: true, mode: 0o1777 },
    { path: 'bin/tool', content: 'x'.repeat(600), mode: 0o755 },
    { path: 'bin/link', target: 'tool' },
    { path: 'empty' },
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'castellan-tar-'));
  expect(spawnSync('tar', ['-xpf', '-', '-C', folder], { input }).status).toBe(0);
  expect(statSync(join(folder, 'tmp')).mode & 0o7777).toBe(0o1777);
  expect(statSync(join(folder, 'bin/tool')).mode & 0o7777).toBe(0o755);
  expect(readFileSync(join(folder, 'bin/link'), 'utf8')).toBe('x'.repeat(600));
  expect(readlinkSync(join(folder, 'bin/link'))).toBe('tool');
  expect(readFileSync(join(folder, 'empty'), 'utf8')).toBe('');
  rmSync(folder, { recursive: true });
});
