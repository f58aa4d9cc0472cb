/** Follows audit logs after a change was made, and tells what it refuses. */
import { setTimeout as pause } from 'node:timers/promises';
import { deniedSince, requestsSince } from '../changes/index.ts';
import { LogReader, streamOf } from '../collect/logs/index.ts';
import { Ledger, type UseRecord } from '../record/index.ts';
import type { Chosen } from './chosen-fixes.ts';

/** Milliseconds between two looks. */
const PAUSE = 2000;

const TOLD = { denied: 'refused since', unclear: 'perhaps refused since (the log does not say by whom)' } as const;

export interface Watched {
  readonly isDenied: boolean;
  /** How many requests came into the log at all. */
  readonly requests: number;
}

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

  /** Tells each denial once for as often as it comes. */
  async follow(
    chosen: Chosen,
    { milliseconds, signal, tell }: { milliseconds: number; signal: AbortSignal; tell: (line: string) => void },
  ): Promise<Watched> {
    const end = Date.now() + milliseconds;
    const counts = new Map<string, number>();
    for (;;) {
      const is = await this.#read();
      const looks = { was: this.#before ?? is, is };
      for (const refusal of ['denied', 'unclear'] as const) {
        for (const { who, what, count } of deniedSince({ before: chosen.state, after: chosen.after }, looks, refusal)) {
          const key = `${TOLD[refusal]}: ${who}: ${what}`;
          if ((counts.get(key) ?? 0) < count) tell(`${key}, ${count === 1 ? 'once' : `${count} times`}`);
          counts.set(key, count);
        }
      }
      const left = end - Date.now();
      if (left <= 0) return { isDenied: counts.size > 0, requests: requestsSince(looks) };
      await pause(Math.min(PAUSE, left), undefined, { signal });
    }
  }

  async #read(): Promise<UseRecord> {
    for (const path of this.#logs) await this.#reader.read({ path, stream: streamOf(path) });
    return this.#ledger.record();
  }
}
