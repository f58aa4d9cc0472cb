/** How wide the screen is on which an answer stands. */
import { stdout } from './sink.ts';

/** Undefined where the answer goes to a file or another program, in which lines are as long as what they say. */
export function terminalWidth(): number | undefined {
  const { isTTY, columns } = process.stdout;
  return !stdout.isRedirected && isTTY && columns > 0 ? columns : undefined;
}
