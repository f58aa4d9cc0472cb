import { type AddressInfo, type Server, type Socket, connect as dial, createServer } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeApiServer } from '../../../test/fakes/api-server.ts';
import { Client } from './client.ts';
import { connect } from './connection.ts';
import { proxyFor } from './proxy.ts';

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
    ['https://k8s.corp.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.corp.example' }, undefined],
    ['https://corp.example', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.corp.example' }, 'http://p'],
    ['https://k8s.corp.example:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.corp.example:6443' }, undefined],
    ['https://k8s.corp.example:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '*.corp.example:443' }, 'http://p'],
    ['https://[fd00::1]:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00:0::1' }, undefined],
    ['https://[fd00::1]:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '[fd00::1]:6443' }, undefined],
    ['https://[fd00::1]:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: '[fd00::1]:443' }, 'http://p'],
    ['https://[fd00::1]:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::/8' }, undefined],
    ['https://[fe00::1]:6443', { HTTPS_PROXY: 'http://p', NO_PROXY: 'fd00::/8, 10.0.0.0/8' }, 'http://p'],
    ['https://[::1]:6443', { HTTPS_PROXY: 'http://p' }, undefined],
    ['https://127.example', { HTTPS_PROXY: 'http://p' }, 'http://p'],
    ['https://10.1.2.3', { HTTPS_PROXY: 'http://p', NO_PROXY: '2.3, 10.0.0.0/33, x/8, :443' }, 'http://p'],
  ])('for %s with %j', (server, environment, proxy) => expect(proxyFor(server, environment)).toBe(proxy));
});

describe('a SOCKS proxy', () => {
  let folder: string;
  let proxy: Server;
  const api = new FakeApiServer([]);
  const asked: string[] = [];
  const sockets: Socket[] = [];

  /** The least of RFC 1928 and 1929: a name and password, then the one connection that is wanted. */
  async function start(target: number): Promise<number> {
    proxy = createServer((socket) => {
      sockets.push(socket);
      const steps: ((bytes: Buffer) => void)[] = [
        () => socket.write(Buffer.from([5, 2])),
        (bytes) => {
          const [, length = 0] = bytes;
          asked.push(bytes.toString('utf8', 2, 2 + length), bytes.toString('utf8', 3 + length));
          socket.write(Buffer.from([1, 0]));
        },
        (bytes) => {
          // 3 is a name, which the proxy looks up.
          asked.push(`${bytes[3]} ${bytes.toString('utf8', 5, 5 + (bytes[4] ?? 0))}`);
          const upstream = dial(target, '127.0.0.1', () => {
            socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
            socket.pipe(upstream).pipe(socket);
          });
        },
      ];
      const next = (): void => {
        const step = steps.shift();
        if (step !== undefined)
          socket.once('data', (bytes: Buffer) => {
            step(bytes);
            next();
          });
      };
      next();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return (proxy.address() as AddressInfo).port;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-'));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  it('reaches the server, by a name that only it knows', async () => {
    const port = await start(Number(new URL(await api.start()).port));
    const cluster = { server: 'http://k8s.invalid:8080', 'proxy-url': `socks5://bob:s3cret@127.0.0.1:${port}` };
    const kubeconfig = join(folder, 'config');
    const contexts = [{ name: 'x', context: { cluster: 'c' } }];
    writeFileSync(kubeconfig, JSON.stringify({ clusters: [{ name: 'c', cluster }], contexts, 'current-context': 'x' }));
    expect(await new Client(connect({ kubeconfig })).json('/version')).toEqual({ gitVersion: 'v1.34.1' });
    expect(asked).toEqual(['bob', 's3cret', '3 k8s.invalid']);
  });
});
