import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Plugin, type PluginOptions } from './exec.ts';

type Fields = Record<string, unknown>;

const VERSION = 'client.authentication.k8s.io/v1';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const answer = (status: Fields, more: Fields = {}): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion: VERSION, status, ...more });

/** A plugin that runs this script; each run adds a line to `runs`. */
function plugin(script: string, entry: Fields = {}, options: Partial<PluginOptions> = {}): Plugin {
  const command = join(folder, 'plugin');
  writeFileSync(command, `#!/bin/sh\necho run >> '${join(folder, 'runs')}'\n${script}\n`);
  chmodSync(command, 0o755);
  return new Plugin(
    { apiVersion: VERSION, command, ...entry },
    { user: 'jane', limit: 20_000, cluster: () => ({ server: 'https://x' }), isTerminal: () => false, ...options },
  );
}
const prints = (output: string): string => `cat <<'END'\n${output}\nEND`;
const runs = (): number => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n').length;
const told = (): unknown => JSON.parse(readFileSync(join(folder, 'info'), 'utf8'));
const TELLS = () => `printf %s "$KUBERNETES_EXEC_INFO" > '${join(folder, 'info')}'`;

describe('a sign-in plugin', () => {
  it('is run once for all who ask at the same time, and for the process where it names no end', async () => {
    const source = plugin(`sleep 0.1; ${prints(answer({ token: 't\n' }))}`);
    expect(await Promise.all([source.get(), source.get(), source.get()])).toEqual([{ token: 't' }, { token: 't' }, { token: 't' }]);
    await source.get();
    expect(runs()).toBe(1);
  });

  it('is run again when what it gave has ended, or was refused', async () => {
    const ended = plugin(prints(answer({ token: 't', expirationTimestamp: '2020-01-01T00:00:00Z' })));
    await ended.get();
    await ended.get();
    expect(runs()).toBe(2);
    const lasting = plugin(prints(answer({ token: 't', expirationTimestamp: '2999-01-01T00:00:00Z' })));
    const first = await lasting.get();
    expect(runs()).toBe(3);
    expect(lasting.forget(first)).toBe(true);
    const second = await lasting.get();
    // Somebody else, whose request was on its way longer.
    lasting.forget(first);
    expect(await lasting.get()).toBe(second);
    expect(runs()).toBe(4);
  });

  it('is told what is asked, and of the cluster where it wants that', async () => {
    const script = `${TELLS()}\n${prints(answer({ token: 't' }))}`;
    await plugin(script).get();
    expect(told()).toEqual({ kind: 'ExecCredential', apiVersion: VERSION, spec: { interactive: false } });
    const beta = 'client.authentication.k8s.io/v1beta1';
    await plugin(`${TELLS()}\n${prints(answer({ token: 't' }, { apiVersion: beta }))}`, {
      apiVersion: beta,
      provideClusterInfo: true,
    }).get();
    expect(told()).toEqual({ kind: 'ExecCredential', apiVersion: beta, spec: { interactive: false, cluster: { server: 'https://x' } } });
  });

  it('gets arguments, the environment and what the entry adds to it', async () => {
    const script = `printf '{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"%s"}}' '${VERSION}' "$1-$NAME-\${HOME:+home}"`;
    const source = plugin(script, { args: ['one'], env: [{ name: 'NAME', value: 'two' }, { value: 'nameless' }] });
    expect(await source.get()).toEqual({ token: 'one-two-home' });
  });

  it('may ask only at a terminal', async () => {
    const script = `${TELLS()}\n${prints(answer({ token: 't' }))}`;
    const at = { isTerminal: () => true };
    await plugin(script, { interactiveMode: 'Never' }, at).get();
    expect(told()).toMatchObject({ spec: { interactive: false } });
    const always = plugin(script, { interactiveMode: 'Always', installHint: 'Use a terminal.' });
    await expect(always.get()).rejects.toMatchObject({
      code: 'CAS_SIGN_IN',
      message: expect.stringMatching(/plugin" of the user "jane" wants to ask something, but standard input is no terminal$/) as string,
      remedy: 'Use a terminal.',
    });
  });

  it('that is not there tells how to install it', async () => {
    const source = plugin('', { command: join(folder, 'none'), installHint: 'brew install none' });
    await expect(source.get()).rejects.toMatchObject({ code: 'CAS_SIGN_IN', remedy: 'brew install none' });
  });

  it('may give a certificate', async () => {
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=x', '-keyout', '-', '-out', '-'], {
      encoding: 'utf8',
    });
    const [key = '', cert = ''] = made.stdout.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
    const source = plugin(prints(answer({ clientCertificateData: cert, clientKeyData: key })));
    expect(await source.get()).toEqual({ certificate: { cert, key } });
  });

  it.each<[string, string, RegExp]>([
    ['prints a bare token', 's3cret', /printed something else than an ExecCredential in JSON$/],
    ['prints other JSON', '{"token":"s3cret"}', /printed JSON that is no ExecCredential$/],
    ['answers in another version', answer({ token: 's3cret' }, { apiVersion: 's3cret' }), /answered in another version than client/],
    ['gives no status', answer({}, { status: null, s3cret: 1 }), /gave no status$/],
    ['gives nothing', answer({ s3cret: 1 }), /gave neither a token nor a certificate$/],
    ['gives half a certificate', answer({ clientCertificateData: 's3cret' }), /but not both$/],
    ['gives what is no certificate', answer({ clientCertificateData: 's3cret', clientKeyData: 's3cret' }), /are no PEM/],
    ['gives no time', answer({ token: 's3cret', expirationTimestamp: 's3cret' }), /that is no time$/],
  ])('that %s is an error without its output', async (_name, output, message) => {
    const error: unknown = await plugin(prints(output))
      .get()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CAS_SIGN_IN', message: expect.stringMatching(message) as string });
    expect(JSON.stringify([error, String(error), (error as Error).cause])).not.toContain('s3cret');
  });

  it('that fails says so on standard error; it is not run again for every request', async () => {
    const source = plugin('echo s3cret; exit 3');
    await expect(source.get()).rejects.toThrow(/failed with exit code 3$/);
    await expect(source.get()).rejects.toThrow(/failed with exit code 3$/);
    expect(runs()).toBe(1);
  });

  it('that hangs is ended by its limit', async () => {
    await expect(plugin('exec sleep 60', {}, { limit: 300 }).get()).rejects.toThrow(/gave no answer within 0.3 s$/);
  });

  it('that hangs is ended when nobody waits any more, also where it does not want to', async () => {
    const stop = new AbortController();
    const alive = join(folder, 'alive');
    const source = plugin(`trap '' TERM; while :; do echo > '${alive}'; sleep 0.05; done`);
    const got = source.get(stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(got).rejects.toThrow('enough');
    await new Promise((resolve) => setTimeout(resolve, 1300));
    rmSync(alive, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(existsSync(alive)).toBe(false);
  });

  it.each<[Fields, RegExp]>([
    [{ command: '' }, /has no command/],
    [{ apiVersion: 'client.authentication.k8s.io/v1alpha1' }, /none of the apiVersions/],
    [{ interactiveMode: 'Sometimes' }, /interactiveMode/],
  ])('with %j is refused', (entry, message) => expect(() => plugin('', entry)).toThrow(message));
});
