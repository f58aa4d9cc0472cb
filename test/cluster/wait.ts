/** Waiting for something that another program does. */
import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE = 3000;

export interface Waiting {
  /** 60. */
  seconds?: number;
  /** Asked before each attempt; throws when there is nothing left to wait for. */
  check?: () => void;
}

/** Asks until the answer is neither undefined nor false; an error counts as not yet, and so does no answer for some seconds. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined> | T | undefined, waiting: Waiting = {}): Promise<T> {
  const { seconds = 60, check } = waiting;
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    check?.();
    try {
      const answer = await Promise.race([ask(), pause(PATIENCE, undefined, { ref: false })]);
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`no ${what} within ${seconds} s`, { cause: last });
    await pause(50);
  }
}
