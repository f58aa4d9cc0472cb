/** Connections at a measured pace: who probes a control plane must not be what slows it down. */
import { setTimeout as pause } from 'node:timers/promises';

export class Pace {
  readonly #gap: number;
  readonly #signal: AbortSignal | undefined;
  #next = 0;
  /** How many connections were begun. */
  connections = 0;

  constructor(perSecond: number, signal?: AbortSignal) {
    this.#gap = 1000 / perSecond;
    this.#signal = signal;
  }

  /** Resolves when the next connection may be begun. */
  async turn(): Promise<void> {
    this.#signal?.throwIfAborted();
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gap;
    this.connections += 1;
    if (at > now) await pause(at - now, undefined, this.#signal === undefined ? {} : { signal: this.#signal });
    this.#signal?.throwIfAborted();
  }
}
