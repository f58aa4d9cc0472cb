/** Files share a process: each leaves it as it found it, or else what the next one proves would depend on their order. */
import { afterAll, expect } from 'vitest';
import { stdout } from '../src/lib/sink.ts';
import { standardError } from '../src/lib/standard-error.ts';

// Node loads parts of itself when first asked for. One that a test interrupts, as those do that run out of stack, may stay
// half loaded for all that come after: this one was found so once.
await import('node:tls');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function state(): Record<string, unknown> {
  return {
    folder: process.cwd(),
    environment: { ...process.env },
    umask: process.umask(),
    listeners: SIGNALS.map((signal) => process.listenerCount(signal)),
    prototype: Object.getOwnPropertyNames(Object.prototype),
  };
}

/** What tests put something else in the place of, to see what is written. */
function ways(): unknown[] {
  // Not asked for: to look at standard input would open it.
  const input = Object.getOwnPropertyDescriptor(process, 'stdin');
  return [input?.get, process.stdout, process.stdout.write, process.stderr, process.stderr.write, stdout.write, standardError.write];
}

const [found, foundWays] = [state(), ways()];
afterAll(() => {
  expect(state()).toEqual(found);
  expect(
    ways().every((way, index) => way === foundWays[index]),
    'standard streams are as they were',
  ).toBe(true);
});
