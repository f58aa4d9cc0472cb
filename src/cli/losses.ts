/** What of the input was not read, said before an answer that lacks it. */
import { lineStart, plural, printable } from '../lib/terminal.ts';
import type { Gap, Snapshot } from '../snapshot/index.ts';
import { lossesOf } from './net-gaps.ts';

/** The gaps behind which something was lost; the first is named on standard error. */
export function tellLosses(snapshot: Snapshot, quiet: boolean | undefined): Gap[] {
  const gaps = lossesOf(snapshot);
  const [first, ...more] = gaps;
  if (first !== undefined && quiet !== true) {
    const text = `castellan: ${first.scope} is not in this: ${first.reason}${more.length > 0 ? `; ${plural(more.length, 'more gap')}` : ''}`;
    process.stderr.write(`${lineStart(printable(text))}\n`);
  }
  return gaps;
}
