/** The programs of one cluster: started, watched, ended one by one or all at once. */
import type { Start, Supervision } from './supervision.ts';

export class Programs {
  readonly #supervision: Supervision;
  readonly #starts = new Map<string, Start>();
  /** Those that should run. */
  readonly #wanted = new Set<string>();
  readonly #pids = new Map<string, number>();

  constructor(supervision: Supervision) {
    this.#supervision = supervision;
  }

  /** The process that starts and ends the others. */
  get supervisor(): number | undefined {
    return this.#supervision.pid;
  }

  /** Starts any program, to be ended with the cluster; its output goes to `logs/NAME.log`. */
  async launch(name: string, command: readonly string[], env: Record<string, string> = {}): Promise<void> {
    this.#starts.set(name, { name, command, env });
    await this.again(name);
  }

  /** Starts a program as it was started before. */
  async again(name: string): Promise<void> {
    const start = this.#starts.get(name);
    if (start === undefined) throw new Error(`${name} has not been started before`);
    this.#wanted.add(name);
    this.#pids.set(name, await this.#supervision.start(start));
  }

  /** Sends a signal at once and waits for nothing: in the middle of something, or to stop a program for a while. */
  signal(name: string, signal: NodeJS.Signals): void {
    const pid = this.#pids.get(name);
    if (pid === undefined || !this.runs(name)) throw new Error(`${name} does not run`);
    if (signal === 'SIGKILL' || signal === 'SIGTERM') this.#wanted.delete(name);
    process.kill(pid, signal);
  }

  /** Ends one program, as a crash or an upgrade would, and returns when it is gone. */
  async end(name: string, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.#wanted.delete(name);
    await this.#supervision.end(name, signal);
  }

  runs(name: string): boolean {
    return this.#wanted.has(name) && this.#supervision.exited(name) === undefined;
  }

  log(name: string): string {
    return this.#supervision.log(name);
  }

  /** Throws when a program has ended by itself. */
  check(): void {
    for (const name of this.#wanted) {
      const how = this.#supervision.exited(name);
      if (how !== undefined) throw new Error(`${name} ended with ${how}:\n${this.log(name).slice(-2000)}`);
    }
  }

  /** Did one find its port taken? */
  lostPort(): boolean {
    return [...this.#wanted].some((name) => this.log(name).includes('address already in use'));
  }

  /** A control group that is to be removed in the end. */
  async removeLater(group: string): Promise<void> {
    await this.#supervision.removeLater(group);
  }

  /** Ends all, and removes what they wrote. */
  async stop(): Promise<void> {
    await this.#supervision.stop();
  }
}
