/** Waiting for something that another program does. */

export interface Waiting {
  /** 60. */
  seconds?: number;
  /** Asked before each attempt; throws when there is nothing left to wait for. */
  check?: () => void;
}

/** Asks until the answer is neither undefined nor false; an error counts as not yet. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { seconds = 60, check }: Waiting = {},
): Promise<T> {
  const until = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    check?.();
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`no ${what} within ${seconds} s`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
