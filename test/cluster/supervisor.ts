/**
 * Starts the programs of one cluster and outlives the test that wanted them, if only to end them: when its standard
 * input closes, because the test is done or because it was killed, it ends what it started and removes the folder.
 *
 *   node supervisor.ts FOLDER
 *
 * Requests and answers are lines of JSON; supervision.ts is the other end.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Report, Request } from './supervision.ts';

const [folder = ''] = process.argv.slice(2);
const running = new Map<string, ChildProcess>();
const groups = new Set<string>();
/** The kernel ends a program so started when this process is gone, even by a signal that cannot be caught. */
const LEASH = spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status === 0 ? ['setpriv', '--pdeathsig', 'KILL', '--'] : [];
let finishing: Promise<void> | undefined;

function start({ name, command, env }: { name: string; command: readonly string[]; env: Record<string, string> }): number | undefined {
  const [program = '', ...args] = [...LEASH, ...command];
  const log = openSync(join(folder, 'logs', `${name}.log`), 'a');
  const child = spawn(program, args, { stdio: ['ignore', log, log], env: { ...process.env, ...env }, detached: true });
  closeSync(log);
  running.set(name, child);
  child.on('error', () => running.delete(name));
  child.on('exit', (code, signal) => {
    running.delete(name);
    report({ exited: name, how: code === null ? String(signal) : `status ${code}` });
  });
  return child.pid;
}

async function end(name: string, signal: NodeJS.Signals): Promise<void> {
  const child = running.get(name);
  if (child === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

/** What is in the folder goes with it, so nobody needs time to write anything. */
async function finish(): Promise<void> {
  await Promise.all([...running.keys()].map((name) => end(name, 'SIGKILL')));
  for (const group of groups) await removeGroup(group);
  if ((process.env.CASTELLAN_KEEP_CLUSTERS ?? '') === '') await removeFolder();
}

/** What a node's first process takes with it may take a moment longer than that process itself. */
async function removeFolder(): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch {
      await pause();
    }
  }
}

async function removeGroup(group: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      return removeGroupsIn(group);
    } catch {
      await pause();
    }
  }
}

/** Control groups are removed from the leaves up; their files go by themselves. */
function removeGroupsIn(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeGroupsIn(join(path, entry.name));
  rmdirSync(path);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

function report(message: Report): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function answer(request: Request): Promise<void> {
  if ('start' in request) return report({ id: request.id, pid: start(request.start) });
  if ('end' in request) await end(request.end, request.signal);
  if ('group' in request) groups.add(request.group);
  report({ id: request.id });
}

async function leave(): Promise<void> {
  finishing ??= finish();
  await finishing;
  process.exit();
}

process.stdout.on('error', () => undefined); // nobody reads any more
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void leave());
createInterface({ input: process.stdin })
  .on('line', (line) => void answer(JSON.parse(line) as Request))
  .on('close', () => void leave());
