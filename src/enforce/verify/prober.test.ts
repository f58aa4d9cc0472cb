/** The text that runs in the pods, run here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { PROBER, type ProberConfig, type Round } from './prober.ts';

const children: ChildProcess[] = [];
const endings: (() => void)[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const end of endings.splice(0)) end();
});

function run(config: Partial<ProberConfig>): ChildProcess {
  const whole = { name: 'x', tcp: [], udp: [], probes: [], limit: 500, every: 20, ...config };
  const child = spawn(process.execPath, ['-e', PROBER, JSON.stringify(whole)], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

/** The first round in which it is as it should be; the last that there was where it never is. */
async function results(
  probes: ProberConfig['probes'],
  until: (results: Round['results']) => boolean = () => true,
): Promise<Round['results']> {
  const { stdout } = run({ probes });
  if (stdout === null) throw new Error('it has no output');
  let last: Round['results'] = {};
  for await (const line of createInterface({ input: stdout })) {
    const { round, results: met } = JSON.parse(line) as Round;
    last = met;
    if (until(met) || round > 200) break;
  }
  return last;
}

async function freePort(protocol: 'TCP' | 'UDP'): Promise<number> {
  if (protocol === 'UDP') {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, resolve));
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    return port;
  }
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const probe = (key: string, port: number, protocol: 'TCP' | 'UDP', host = '127.0.0.1'): ProberConfig['probes'][number] => ({
  key,
  name: 'server',
  host,
  port,
  protocol,
});

describe('who answers with the name', () => {
  it.each(['127.0.0.1', '::1'])('is open at %s, over both protocols', async (host) => {
    const [tcp, udp] = [await freePort('TCP'), await freePort('UDP')];
    run({ name: 'server', tcp: [tcp], udp: [udp] });
    const wanted = { tcp: 'open', udp: 'open' };
    const met = await results(
      [probe('tcp', tcp, 'TCP', host), probe('udp', udp, 'UDP', host)],
      ({ tcp, udp }) => tcp === 'open' && udp === 'open',
    );
    expect(met).toEqual(wanted);
  });

  it('with another one is not', async () => {
    const [tcp, udp] = [await freePort('TCP'), await freePort('UDP')];
    run({ name: 'somebody', tcp: [tcp], udp: [udp] });
    const met = await results(
      [probe('tcp', tcp, 'TCP'), probe('udp', udp, 'UDP')],
      ({ tcp, udp }) => tcp === 'stranger' && udp === 'stranger',
    );
    expect(met).toEqual({ tcp: 'stranger', udp: 'stranger' });
  });
});

describe('who does not answer', () => {
  it('refuses', async () => {
    const [tcp, udp] = [await freePort('TCP'), await freePort('UDP')];
    expect(await results([probe('tcp', tcp, 'TCP'), probe('udp', udp, 'UDP')])).toEqual({ tcp: 'refused', udp: 'refused' });
  });

  it('is silent, or lets time pass', async () => {
    const server = createServer(() => undefined);
    const socket = createSocket('udp4');
    endings.push(
      () => server.close(),
      () => socket.close(),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const met = await results([probe('tcp', (server.address() as AddressInfo).port, 'TCP'), probe('udp', socket.address().port, 'UDP')]);
    expect(met).toEqual({ tcp: 'silent', udp: 'timeout' });
  });

  it('breaks off', async () => {
    const server = createServer((connection) => void connection.resetAndDestroy());
    endings.push(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { tcp } = await results([probe('tcp', (server.address() as AddressInfo).port, 'TCP')]);
    expect(tcp).toBe('reset');
  });
});

it('ends when it is asked to, and at once where its port is taken', async () => {
  const port = await freePort('TCP');
  const first = run({ name: 'server', tcp: [port] });
  await results([probe('tcp', port, 'TCP')], ({ tcp }) => tcp === 'open');
  const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('exit', resolve));
  expect(await ended(run({ name: 'server', tcp: [port] }))).toBe(1);
  first.kill('SIGTERM');
  expect(await ended(first)).toBe(0);
});
