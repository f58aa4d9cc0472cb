/** A test's end of the pipe to the supervisor of its cluster (supervisor.ts). */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Start {
  name: string;
  command: readonly string[];
  env: Record<string, string>;
}

type Wish = { start: Start } | { end: string; signal: NodeJS.Signals } | { group: string };

export type Request = { id: number } & Wish;
export type Report = { id: number; pid?: number | undefined } | { exited: string; how: string };

const PROGRAM = fileURLToPath(new URL('supervisor.ts', import.meta.url));

export class Supervision {
  readonly folder: string;
  /** Its own process; it is gone when all is ended and removed. */
  readonly pid: number | undefined;
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (pid: number | undefined) => void>();
  readonly #exited = new Map<string, string>();
  #next = 1;

  constructor(folder: string) {
    this.folder = folder;
    // A session of its own: a Ctrl-C for the test must not reach the supervisor before it has ended the rest.
    this.#process = spawn(process.execPath, [PROGRAM, folder], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.pid = this.#process.pid;
    this.#process.unref();
    this.#process.stdin?.on('error', () => undefined);
    this.#process.on('exit', () => {
      for (const resolve of this.#waiting.values()) resolve(undefined);
    });
    if (this.#process.stdout !== null) createInterface({ input: this.#process.stdout }).on('line', (line) => this.#hear(line));
    this.#mind(false);
  }

  /** Starts a program in the background; its output goes to `logs/NAME.log`. */
  async start(start: Start): Promise<number> {
    this.#exited.delete(start.name);
    const pid = await this.#ask({ start });
    if (pid === undefined) throw new Error(`${start.command[0] ?? ''} cannot be started`);
    return pid;
  }

  /** Ends one program, and returns when it is gone. */
  async end(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    await this.#ask({ end: name, signal });
  }

  /** A control group that is to be removed at the end. */
  async removeLater(group: string): Promise<void> {
    await this.#ask({ group });
  }

  /** How a program ended, or undefined while it runs. */
  exited(name: string): string | undefined {
    return this.#gone() ? 'its supervisor' : this.#exited.get(name);
  }

  log(name: string): string {
    const file = join(this.folder, 'logs', `${name}.log`);
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Ends everything and removes the folder. */
  async stop(): Promise<void> {
    if (this.#gone()) return;
    const gone = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#mind(true);
    this.#process.ref();
    this.#process.stdin?.end();
    await gone;
  }

  #gone(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #ask(wish: Wish): Promise<number | undefined> {
    const id = this.#next;
    this.#next += 1;
    this.#mind(true);
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.stdin?.write(`${JSON.stringify({ id, ...wish })}\n`);
    });
  }

  #hear(line: string): void {
    const report = JSON.parse(line) as Report;
    if ('exited' in report) {
      this.#exited.set(report.exited, report.how);
      return;
    }
    this.#waiting.get(report.id)?.(report.pid);
    this.#waiting.delete(report.id);
    this.#mind(this.#waiting.size > 0);
  }

  /** A cluster that nobody stops must not keep its test alive. */
  #mind(waiting: boolean): void {
    for (const stream of [this.#process.stdin, this.#process.stdout]) {
      const socket = stream as Socket | null;
      if (waiting) socket?.ref();
      else socket?.unref();
    }
  }
}
