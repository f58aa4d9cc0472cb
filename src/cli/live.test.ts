import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A scan that signs in by a plugin that never ends; `interrupt` is called when it hangs. */
async function scanned(
  script: string,
  interrupt: (kill: () => void) => void,
): Promise<{ code: number | NodeJS.Signals | null; said: string }> {
  const started = join(folder, 'started');
  const args = ['-c', `echo > '${started}'; ${script}`];
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args, interactiveMode: 'Never' } };
  const kubeconfig = join(folder, 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: 'https://bob:s3cret@127.0.0.1:1/?s3cret' } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const child = spawn(process.execPath, [MAIN, 'scan', '--kubeconfig', kubeconfig, '--request-timeout', '20s'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const watch = setInterval(() => {
    if (!existsSync(started)) return;
    clearInterval(watch);
    interrupt(() => child.kill('SIGINT'));
  }, 20);
  const code = await new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on('exit', (status, signal) => resolve(status ?? signal)),
  );
  clearInterval(watch);
  return { code, said };
}

describe('Ctrl-C while a sign-in plugin hangs', { timeout: 20_000 }, () => {
  it('ends it and the reading', async () => {
    const { code, said } = await scanned('exec sleep 15', (kill) => kill());
    expect(said).toContain('CAS_INTERRUPTED');
    expect(said).not.toContain('s3cret');
    expect(code).toBe(3);
  });

  it('asked twice does not wait for one that does not want to end', async () => {
    const { code } = await scanned("trap '' TERM INT; sleep 15 & wait; sleep 15", (kill) => {
      kill();
      setTimeout(kill, 300);
    });
    // By itself where it still waits for the reading, else as any program that is asked.
    expect([130, 'SIGINT']).toContain(code);
  });
});
