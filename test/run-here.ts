/** Runs the command from its sources and waits for its end: in this process, or as one of its own. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCommand } from '../src/cli/run-command.ts';

const MAIN = join(import.meta.dirname, '../src/cli/main.ts');

export interface RanHere {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Surroundings {
  /** The current folder. */
  cwd?: string;
  /** What `process.stdin` gives; commands that read the descriptor itself (`scan -`) need a process. */
  input?: string;
}

let isRunning = false;

/**
 * In this process, which costs a hundredth of a new one, and does all that the command does between its arguments and its
 * exit code. The folder and the streams are those of the process, so only one runs at a time; nobody waits for what it
 * leaves open, and signals and heaps need a process of their own.
 */
export async function runHere(args: readonly string[], { cwd, input = '' }: Surroundings = {}): Promise<RanHere> {
  if (isRunning) throw new Error('another command is running here');
  isRunning = true;
  const folder = process.cwd();
  const written = new Streams(input);
  try {
    if (cwd !== undefined) process.chdir(cwd);
    const status = await runCommand(args, 'castellan');
    return { status, ...written.text() };
  } finally {
    written.restore();
    process.chdir(folder);
    isRunning = false;
  }
}

/** As a process of its own, as people run it. */
export function runProcess(args: readonly string[], { cwd, input = '' }: Surroundings = {}): Promise<RanHere> {
  const child = startProcess(args, cwd);
  child.stdin.end(input);
  return endOf(child);
}

/** The same, to be interrupted, or told something meanwhile. */
export function startProcess(args: readonly string[], cwd?: string): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], cwd === undefined ? {} : { cwd });
}

/** What it has written when it is over; `status` is null where a signal ended it. */
export function endOf(child: ChildProcessWithoutNullStreams): Promise<RanHere> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}

/** Takes what is written to the descriptors 1 and 2, by whichever way, and gives what is read from standard input. */
class Streams {
  readonly #written: Record<number, Buffer[]> = { 1: [], 2: [] };
  readonly #writeSync = fs.writeSync;
  readonly #kept = (['stdin', 'stdout', 'stderr'] as const).map((name) => [name, Object.getOwnPropertyDescriptor(process, name)] as const);

  constructor(input: string) {
    const writeSync = (descriptor: number, bytes: Uint8Array, ...rest: [number?, number?, number?]): number => {
      if (this.#written[descriptor] === undefined) return this.#writeSync(descriptor, bytes, ...rest);
      return this.#take(descriptor, bytes.subarray(rest[0] ?? 0));
    };
    fs.writeSync = writeSync as typeof fs.writeSync;
    syncBuiltinESMExports();
    const stream = (descriptor: number): object => ({
      write: (text: string) => this.#take(descriptor, Buffer.from(text)) > 0,
      isTTY: false,
    });
    const replaced = { stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]), stdout: stream(1), stderr: stream(2) };
    for (const [name, value] of Object.entries(replaced)) Object.defineProperty(process, name, { value, configurable: true });
  }

  text(): { stdout: string; stderr: string } {
    const [stdout = '', stderr = ''] = [1, 2].map((descriptor) => Buffer.concat(this.#written[descriptor] ?? []).toString());
    return { stdout, stderr };
  }

  restore(): void {
    fs.writeSync = this.#writeSync;
    syncBuiltinESMExports();
    for (const [name, descriptor] of this.#kept) if (descriptor !== undefined) Object.defineProperty(process, name, descriptor);
  }

  /** A copy: buffers are used again. */
  #take(descriptor: number, bytes: Uint8Array): number {
    this.#written[descriptor]?.push(Buffer.from(bytes));
    return bytes.length;
  }
}
