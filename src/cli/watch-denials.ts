/** Follows audit logs after a change was made, and tells what it refuses. */
import { setTimeout as pause } from 'node:timers/promises';
import { deniedSince } from '../changes/index.ts';
import { LogReader, streamOf } from '../collect/logs/index.ts';
import { Ledger, type UseRecord } from '../record/index.ts';
import type { Chosen } from './chosen-fixes.ts';

/** Milliseconds between two looks. */
const PAUSE = 2000;

export class DenialWatch {
  readonly #logs: readonly string[];
  readonly #ledger = new Ledger();
  readonly #reader: LogReader;
  #before: UseRecord | undefined;

  constructor(logs: readonly string[]) {
    this.#logs = logs;
    this.#reader = new LogReader(this.#ledger);
  }

  /** Reads what is there before the change is made. */
  async begin(): Promise<void> {
    this.#before = await this.#read();
  }

  /** Tells each denial once for as often as it comes. Whether there was one. */
  async follow(
    chosen: Chosen,
    { milliseconds, signal, tell }: { milliseconds: number; signal: AbortSignal; tell: (line: string) => void },
  ): Promise<boolean> {
    const end = Date.now() + milliseconds;
    const counts = new Map<string, number>();
    for (;;) {
      const was = this.#before;
      const denied =
        was === undefined ? [] : deniedSince({ before: chosen.state, after: chosen.after }, chosen.change, { was, is: await this.#read() });
      for (const { who, what, count } of denied) {
        const key = `${who}: ${what}`;
        if ((counts.get(key) ?? 0) < count) tell(`refused since: ${key}, ${count === 1 ? 'once' : `${count} times`}`);
        counts.set(key, count);
      }
      const left = end - Date.now();
      if (left <= 0) return counts.size > 0;
      await pause(Math.min(PAUSE, left), undefined, { signal });
    }
  }

  async #read(): Promise<UseRecord> {
    for (const path of this.#logs) await this.#reader.read({ path, stream: streamOf(path) });
    return this.#ledger.record();
  }
}
