import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, type ConnectionFlags, connect } from './connection.ts';
import { proxyFor } from './proxy.ts';

let folder: string;
const { HOME, KUBECONFIG } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-'));
  process.env.HOME = folder;
  delete process.env.KUBECONFIG;
});
afterEach(() => {
  Object.assign(process.env, { HOME });
  if (KUBECONFIG === undefined) delete process.env.KUBECONFIG;
  else process.env.KUBECONFIG = KUBECONFIG;
  rmSync(folder, { recursive: true });
});

interface Parts {
  server?: string;
  user?: Record<string, unknown>;
  cluster?: Record<string, unknown>;
  current?: string;
  context?: Record<string, unknown>;
}

function config(
  name: string,
  { server = `https://${name}.example:6443`, user = { token: name }, cluster = {}, current, context = {} }: Parts = {},
): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'c', cluster: { server, ...cluster } },
      { name, cluster: { server } },
    ],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: 'c', user: name, ...context } }],
    ...(current !== undefined && { 'current-context': current }),
  });
}
const put = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const headers = async (connection: Connection): Promise<unknown> => (await connection.sign()).headers;
const opened = (flags: ConnectionFlags = {}): Connection => connect(flags);

describe('the kubeconfig', () => {
  it('of the home folder is read where none is named', async () => {
    put('.kube/config', config('home', { current: 'home', context: { namespace: 'shop' } }));
    const connection = opened();
    expect(connection).toMatchObject({ server: 'https://home.example:6443', context: 'home', namespace: 'shop', timeout: undefined });
    expect(await headers(connection)).toEqual({ Authorization: 'Bearer home' });
  });

  it('of several files: what the first says of an entry holds, and files that are not there are passed over', () => {
    const one = put('one', config('one'));
    const two = put('two', config('two', { current: 'two' }));
    process.env.KUBECONFIG = [join(folder, 'none'), one, two].join(delimiter);
    // The cluster "c" is in both; the current context is only in the second.
    expect(opened()).toMatchObject({ context: 'two', server: 'https://one.example:6443' });
    expect(opened({ context: 'one' })).toMatchObject({ context: 'one' });
  });

  it('named by a flag is the only one', () => {
    process.env.KUBECONFIG = put('one', config('one', { current: 'one' }));
    expect(opened({ kubeconfig: put('two', config('two', { current: 'two' })) }).context).toBe('two');
  });

  it.each<[string, ConnectionFlags, string, RegExp]>([
    ['is nowhere', {}, '', /CAS_NO_CLUSTER|no kubeconfig/],
    ['has no such context', { context: 'x' }, config('a', { current: 'a' }), /no context "x"/],
    ['has no current context', {}, config('a'), /no current context/],
    ['names a cluster that is not there', {}, config('a', { current: 'a', context: { cluster: 'gone' } }), /cluster "gone"/],
    ['names a user who is not there', {}, config('a', { current: 'a', context: { user: 'gone' } }), /user "gone"/],
    ['is no YAML', {}, 'a: [b\nc: d', /config:\d+ is no kubeconfig/],
    ['is a list', {}, '- a', /no mapping/],
    ['has no address', {}, config('a', { current: 'a', server: 'ftp://x' }), /no https address/],
  ])('that %s', (_name, flags, text, message) => {
    if (text !== '') put('.kube/config', text);
    expect(() => opened(flags)).toThrow(message);
  });

  it('takes tokens from files, paths from its own folder', async () => {
    put('sub/token', 'from-file');
    put('sub/ca.crt', 'CA');
    const kubeconfig = put(
      'sub/config',
      config('a', { current: 'a', user: { tokenFile: 'token' }, cluster: { 'certificate-authority': 'ca.crt', 'tls-server-name': 'k8s' } }),
    );
    const signed = await opened({ kubeconfig }).sign();
    expect(signed.headers).toEqual({ Authorization: 'Bearer from-file' });
    expect((signed.agent as unknown as { options: unknown }).options).toMatchObject({ ca: Buffer.from('CA'), servername: 'k8s' });
  });

  it('runs the plugin that it names, relative to itself, and tells when that fails', async () => {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: 'from-plugin' } };
    chmodSync(put('sub/plugin', `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`), 0o755);
    const exec = (command: string): string =>
      put(
        `sub/${command.replace('/', '')}.conf`,
        config('a', { current: 'a', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } } }),
      );
    expect(await headers(opened({ kubeconfig: exec('./plugin') }))).toEqual({ Authorization: 'Bearer from-plugin' });
    await expect(opened({ kubeconfig: exec('./gone') }).sign()).rejects.toThrow(/signing in to https:\/\/a.example:6443 failed/);
  });

  it('acts for others', async () => {
    const kubeconfig = put('config', config('a', { current: 'a', user: { token: 't', as: 'jane', 'as-groups': ['dev', 'ops'] } }));
    expect(await headers(opened({ kubeconfig }))).toMatchObject({ 'Impersonate-User': 'jane', 'Impersonate-Group': ['dev', 'ops'] });
    expect(await headers(opened({ kubeconfig, as: 'bob', asGroup: ['x'] }))).toMatchObject({
      'Impersonate-User': 'bob',
      'Impersonate-Group': ['x'],
    });
    expect(() => opened({ kubeconfig, asGroup: ['x'] })).toThrow(/--as-group needs --as/);
  });

  it.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['500ms', 500],
    ['7', 7000],
    ['0', undefined],
    ['0s', undefined],
  ])('a timeout of %s', (requestTimeout, timeout) => {
    put('.kube/config', config('a', { current: 'a' }));
    expect(opened({ requestTimeout }).timeout).toBe(timeout);
  });
  it.each(['', 'x', '1x', '-1s', '1 s'])('a timeout of "%s" is none', (requestTimeout) => {
    put('.kube/config', config('a', { current: 'a' }));
    expect(() => opened({ requestTimeout })).toThrow(/--request-timeout/);
  });
});

describe('the proxy of the environment', () => {
  it.each<[string, NodeJS.ProcessEnv, string | undefined]>([
    ['https://k8s.example:6443', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128'],
    ['https://k8s.example:6443', { https_proxy: 'proxy:3128' }, 'http://proxy:3128'],
    ['http://k8s.example', { HTTPS_PROXY: 'http://proxy:3128' }, undefined],
    ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://proxy:3128' }, undefined],
    ['https://k8s.example:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: 'other, example' }, undefined],
    ['https://k8s.example:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '.example' }, undefined],
    ['https://k8s.example:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: 'k8s.example:443' }, 'http://p'],
    ['https://10.1.2.3:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '10.0.0.0/8' }, undefined],
    ['https://11.1.2.3:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '10.0.0.0/8' }, 'http://p'],
    ['https://k8s.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '*' }, undefined],
  ])('for %s with %j', (server, environment, proxy) => expect(proxyFor(server, environment)).toBe(proxy));
});
