/**
 * A real etcd, started from a copy of the file and asked what it has. It listens on sockets in a folder that only its
 * owner may enter, so that nobody else reads what it serves; process and folder are gone in the end, whatever happens.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CastellanError } from '../../lib/errors.ts';
import { type EtcdPrograms, findEtcd } from './restore-programs.ts';

export interface Restored {
  /** Of the etcd that was started. */
  version: string;
  revision: number;
  keys: number;
}

export interface RestoreOptions {
  /** The program etcd, or the folder that it is in; looked for where programs are when left out. */
  etcd?: string | undefined;
  /** Is there no checksum that etcdutl could check? */
  isRaw: boolean;
  signal: AbortSignal;
}

const PATIENCE = 60_000;
/** Never connected to: it is the only member, and its clients come through a socket. */
const PEER = 'http://127.0.0.1:2380';
const CLIENT = 'http://127.0.0.1:2379';
const NAME = 'restore-check';

/** Errors: CAS_NO_ETCD without the programs, CAS_RESTORE where etcd does not take the file or does not start. */
export async function restoreEtcd(path: string, options: RestoreOptions): Promise<Restored> {
  const programs = findEtcd(options.etcd);
  const folder = mkdtempSync(join(tmpdir(), 'castellan-etcd-'));
  try {
    await unpack(programs, { path, folder, options });
    return await serve(programs, folder, options.signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Unpacking {
  path: string;
  folder: string;
  options: RestoreOptions;
}

async function unpack({ restorer }: EtcdPrograms, { path, folder, options }: Unpacking): Promise<void> {
  const args = ['snapshot', 'restore', path, '--data-dir', join(folder, 'data'), '--name', NAME];
  const cluster = ['--initial-cluster', `${NAME}=${PEER}`, '--initial-advertise-peer-urls', PEER];
  const child = run(restorer, [...args, ...cluster, ...(options.isRaw ? ['--skip-hash-check'] : [])]);
  const code = await ended(child, options.signal);
  if (code !== 0) throw new CastellanError('CAS_RESTORE', `${restorer} does not restore ${path}: ${lastLine(child.log())}`);
}

async function serve({ etcd }: EtcdPrograms, folder: string, signal: AbortSignal): Promise<Restored> {
  const socket = join(folder, 'client.sock');
  const child = run(etcd, [
    '--name',
    NAME,
    '--data-dir',
    join(folder, 'data'),
    `--listen-client-urls=unix://${socket}`,
    `--advertise-client-urls=${CLIENT}`,
    `--listen-peer-urls=unix://${join(folder, 'peer.sock')}`,
    `--initial-advertise-peer-urls=${PEER}`,
    `--initial-cluster=${NAME}=${PEER}`,
    // What it writes is thrown away.
    '--unsafe-no-fsync',
    '--logger=zap',
    '--log-level=error',
  ]);
  try {
    return await asked(child, socket, signal);
  } finally {
    child.process.kill('SIGKILL');
    await ended(child, AbortSignal.timeout(PATIENCE));
  }
}

/** Asks until it answers, has ended or nobody waits any more. */
async function asked(child: Running, socket: string, signal: AbortSignal): Promise<Restored> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    signal.throwIfAborted();
    if (child.process.exitCode !== null) throw new CastellanError('CAS_RESTORE', `etcd does not start from it: ${lastLine(child.log())}`);
    try {
      return await counted(socket);
    } catch {
      if (Date.now() > end) throw new CastellanError('CAS_RESTORE', `etcd does not answer: ${lastLine(child.log())}`);
      await pause(100);
    }
  }
}

async function counted(socket: string): Promise<Restored> {
  const all = Buffer.from([0]).toString('base64');
  const range = await ask(socket, '/v3/kv/range', { key: all, range_end: all, count_only: true });
  const status = await ask(socket, '/v3/maintenance/status', {});
  const header = range.header as { revision?: string } | undefined;
  if (header?.revision === undefined) throw new Error('no answer yet');
  return { version: String(status.version), revision: Number(header.revision), keys: Number(range.count ?? 0) };
}

function ask(socketPath: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { socketPath, path, method: 'POST', headers: { 'content-type': 'application/json' }, timeout: 5000 },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => (text += piece));
        answer.on('error', reject);
        answer.on('end', () => {
          try {
            resolve(JSON.parse(text) as Record<string, unknown>);
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    asking.on('timeout', () => asking.destroy(new Error('no answer')));
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

interface Running {
  process: ChildProcess;
  /** What it wrote last. */
  log(): string;
}

/** Without the settings of the environment, which etcd reads flags from. */
function run(program: string, args: readonly string[]): Running {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ETCD')));
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => {
      log = (log + piece).slice(-4000);
    });
  child.on('error', (error) => {
    log += `\n${error.message}`;
  });
  return { process: child, log: () => log };
}

/** The exit code; where it is not wanted any more, it is ended first. */
async function ended({ process: child }: Running, signal: AbortSignal): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return child.exitCode;
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(child, 'exit');
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return child.exitCode;
}

/** Of logs of etcd, which are JSON, what they say. */
function lastLine(log: string): string {
  const line = log.trim().split('\n').at(-1) ?? '';
  const said = /"(?:error|msg)":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
  return said === '' ? 'it says nothing' : said.slice(0, 300);
}
