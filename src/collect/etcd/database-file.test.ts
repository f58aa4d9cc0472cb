import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DatabaseFile } from './database-file.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'castellan-etcd-file-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

describe('what is no file', () => {
  it('a pipe into which nobody writes is not waited for', () => {
    const path = join(FOLDER, 'pipe');
    execFileSync('mkfifo', [path]);
    // In a process of its own: whoever waits here would not even notice that time is up.
    const script = `const { DatabaseFile } = await import(${JSON.stringify(new URL('database-file.ts', import.meta.url).href)});
      try { new DatabaseFile(${JSON.stringify(path)}); } catch ({ code, message }) { console.log(code, message); }`;
    const { stdout, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 8000 });
    expect({ stdout, signal }).toEqual({ stdout: `CAS_UNREADABLE ${path} is no file\n`, signal: null });
  }, 20_000);

  it('a folder, and nothing', () => {
    expect(() => new DatabaseFile(FOLDER)).toThrow(`${FOLDER} is no file`);
    expect(() => new DatabaseFile(join(FOLDER, 'absent'))).toThrow('there is no file');
  });
});
