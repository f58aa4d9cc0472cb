import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, type ConnectionFlags, connect } from './connection.ts';

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
    await expect(opened({ kubeconfig: exec('./gone') }).sign()).rejects.toThrow(/the sign-in plugin ".*gone" of the user "a" is not there/);
  });

  it('takes a token from a file without its line end; the file goes before a token, which stands in for it', async () => {
    const path = put('token', 'from-file\n');
    const kubeconfig = put('config', config('a', { current: 'a', user: { token: 'written', tokenFile: 'token' } }));
    const connection = opened({ kubeconfig });
    expect(await headers(connection)).toEqual({ Authorization: 'Bearer from-file' });
    writeFileSync(path, 'newer');
    expect(await headers(connection)).toEqual({ Authorization: 'Bearer from-file' });
    // After a 401 it is read at once.
    expect(connection.renew(await connection.sign())).toBe(true);
    expect(await headers(connection)).toEqual({ Authorization: 'Bearer newer' });
    rmSync(path);
    connection.renew(await connection.sign());
    expect(await headers(connection)).toEqual({ Authorization: 'Bearer newer' });
    expect(await headers(opened({ kubeconfig }))).toEqual({ Authorization: 'Bearer written' });
    const alone = put('alone', config('a', { current: 'a', user: { tokenFile: 'token' } }));
    await expect(opened({ kubeconfig: alone }).sign()).rejects.toMatchObject({ code: 'CAS_SIGN_IN' });
    put('token', ' \n');
    await expect(opened({ kubeconfig: alone }).sign()).rejects.toThrow(/it is empty/);
    put('token', 'a\nb');
    await expect(opened({ kubeconfig: alone }).sign()).rejects.toThrow(/^the token of the user holds what no token can$/);
  });

  it('trims a token; there is no other to be had', async () => {
    const connection = opened({ kubeconfig: put('config', config('a', { current: 'a', user: { token: 't\n' } })) });
    const signed = await connection.sign();
    expect(signed.headers).toEqual({ Authorization: 'Bearer t' });
    expect(connection.renew(signed)).toBe(false);
  });

  it('trusts what the cluster says also where the context names nobody', async () => {
    const cluster = { 'certificate-authority-data': btoa('CA'), 'insecure-skip-tls-verify': true, 'tls-server-name': 'k8s' };
    const kubeconfig = put('config', config('a', { current: 'a', cluster, context: { user: undefined } }));
    const { agent, headers } = await opened({ kubeconfig }).sign();
    expect(headers).toEqual({});
    expect((agent as unknown as { options: unknown }).options).toMatchObject({
      ca: Buffer.from('CA'),
      rejectUnauthorized: false,
      servername: 'k8s',
    });
  });

  it('takes data before files, as kubectl does', async () => {
    const cluster = { 'certificate-authority-data': btoa('CA'), 'certificate-authority': 'gone.crt' };
    const kubeconfig = put('config', config('a', { current: 'a', cluster }));
    expect(((await opened({ kubeconfig }).sign()).agent as unknown as { options: unknown }).options).toMatchObject({
      ca: Buffer.from('CA'),
    });
  });

  it('signs in by name and password, those of the address only where there is nothing else', async () => {
    const server = 'https://bob:s3cret@a.example';
    const signed = async (user: Record<string, unknown>): Promise<unknown> => {
      const connection = opened({ kubeconfig: put('config', config('a', { current: 'a', server, user })) });
      expect(connection.server).toBe('https://a.example');
      const { headers, auth } = await connection.sign();
      return { headers, auth };
    };
    expect(await signed({})).toEqual({ headers: {}, auth: 'bob:s3cret' });
    expect(await signed({ username: 'jane' })).toEqual({ headers: {}, auth: 'jane:' });
    expect(await signed({ token: 't' })).toEqual({ headers: { Authorization: 'Bearer t' }, auth: undefined });
  });

  it('does not tell passwords of addresses', () => {
    for (const parts of [{ server: 'ftp://bob:s3cret@x' }, { cluster: { 'proxy-url': 'http://bob:s3cret@x:y' } }]) {
      let said = '';
      try {
        opened({ kubeconfig: put('config', config('a', { current: 'a', ...parts })) });
      } catch (error) {
        said = String(error);
      }
      expect(said).toMatch(/no https address|no address/);
      expect(said).not.toContain('s3cret');
    }
  });

  it('hands the cluster to a plugin that asks for it, and takes its certificate', async () => {
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=x', '-keyout', '-', '-out', '-'], {
      encoding: 'utf8',
    });
    const [key = '', cert = ''] = made.stdout.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
    const apiVersion = 'client.authentication.k8s.io/v1';
    const credential = { apiVersion, kind: 'ExecCredential', status: { clientCertificateData: cert, clientKeyData: key } };
    put('answer', JSON.stringify(credential));
    chmodSync(put('plugin', `#!/bin/sh\nprintf %s "$KUBERNETES_EXEC_INFO" > "$1/info"; cat "$1/answer"\n`), 0o755);
    put('ca.crt', 'CA');
    const exec = { apiVersion, command: './plugin', args: [folder], provideClusterInfo: true, interactiveMode: 'Never' };
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }];
    const cluster = { 'certificate-authority': 'ca.crt', 'proxy-url': 'socks5://p:1080', extensions };
    const connection = opened({
      kubeconfig: put('config', config('a', { current: 'a', server: 'https://bob:s3cret@a.example', cluster, user: { exec } })),
    });
    const { agent, headers } = await connection.sign();
    expect(headers).toEqual({});
    expect((agent as unknown as { options: unknown }).options).toMatchObject({ cert: Buffer.from(cert), key: Buffer.from(key) });
    expect(JSON.parse(readFileSync(join(folder, 'info'), 'utf8'))).toMatchObject({
      spec: {
        cluster: {
          server: 'https://a.example',
          'certificate-authority-data': btoa('CA'),
          'proxy-url': 'socks5://p:1080',
          config: { audience: 'x' },
        },
      },
    });
    expect((await connection.sign()).agent).toBe(agent);
  });

  it('a plugin is not asked where there is something else to sign in with', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: join(folder, 'none') };
    const kubeconfig = put('config', config('a', { current: 'a', user: { token: 't', exec } }));
    expect(await headers(opened({ kubeconfig }))).toEqual({ Authorization: 'Bearer t' });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ 'auth-provider': { name: 'gcp' } }, /auth-provider "gcp", which Castellan does not have, and neither has kubectl since 1.26/],
    [{ 'auth-provider': { name: 'azure' }, token: 't' }, /"azure".*kubectl since 1.26/],
    [{ 'auth-provider': { name: 'own' } }, /"own", which Castellan does not have$/],
    [{ 'auth-provider': { name: 'oidc' }, exec: {} }, /both an auth-provider and a sign-in plugin/],
  ])('with %j is refused, not taken for nobody', (user, message) => {
    put('.kube/config', config('a', { current: 'a', user }));
    expect(() => opened()).toThrow(message);
  });

  it('with an id-token signs in while it lasts, and says when it has ended', async () => {
    const token = (exp: number): string => [{ alg: 'none' }, { exp }, {}].map((part) => btoa(JSON.stringify(part))).join('.');
    const signed = async (exp: number): Promise<unknown> => {
      const user = { 'auth-provider': { name: 'oidc', config: { 'id-token': token(exp), exec: { command: 'none' } } } };
      return headers(opened({ kubeconfig: put('config', config('a', { current: 'a', user })) }));
    };
    expect(await signed(9e9)).toEqual({ Authorization: `Bearer ${token(9e9)}` });
    const broken = { name: 'oidc', config: { 'id-token': `${btoa('s3cret-1')}.${btoa('s3cret-2')}.x` } };
    const kubeconfig = put('config', config('a', { current: 'a', user: { 'auth-provider': broken } }));
    await expect(opened({ kubeconfig }).sign()).rejects.toThrow(/^signing in to .* failed: the id-token of the user is none$/);
    await expect(signed(1)).rejects.toMatchObject({
      code: 'CAS_SIGN_IN',
      message: expect.stringMatching(/id-token .* has ended/) as string,
    });
  });

  it('acts for others by UID and with what else is known of them', async () => {
    const user = { token: 't', as: 'jané', 'as-uid': '7', 'as-groups': ['dev'], 'as-user-extra': { 'a.example/b%': ['x', 'y'], none: [] } };
    const kubeconfig = put('config', config('a', { current: 'a', user }));
    expect(await headers(opened({ kubeconfig }))).toEqual({
      Authorization: 'Bearer t',
      'Impersonate-User': Buffer.from('jané').toString('latin1'),
      'Impersonate-Uid': '7',
      'Impersonate-Group': ['dev'],
      'Impersonate-Extra-a.example%2Fb%25': ['x', 'y'],
    });
    // A flag takes the place of everything.
    expect(await headers(opened({ kubeconfig, as: 'bob' }))).toEqual({ Authorization: 'Bearer t', 'Impersonate-User': 'bob' });
    expect(() => opened({ kubeconfig, as: '' })).toThrow(/--as is empty/);
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ 'as-uid': '7' }, /no user to act as/],
    [{ as: 'jane', 'as-uid': 7 }, /an as-uid that is no text/],
    [{ as: 'jane', 'as-groups': 'dev' }, /an as-groups that is no list/],
    [{ as: 'jane', 'as-user-extra': { a: 'b' } }, /an as-user-extra that is no list/],
    [{ as: 'jane\r\nX: y' }, /control characters/],
  ])('that acts with %j is refused', (user, message) => {
    put('.kube/config', config('a', { current: 'a', user }));
    expect(() => opened()).toThrow(message);
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
