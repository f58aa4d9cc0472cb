/** A number of API servers that is smaller than the input tells of is passed over, and not without a word. */
import type { Evidence, State } from '../changes/index.ts';
import { plural } from '../lib/terminal.ts';

export function tellServers({ servers: told }: Evidence, { servers }: State, quiet: boolean | undefined): void {
  if (told === undefined || servers === undefined || told >= servers || quiet === true) return;
  process.stderr.write(`castellan: the input tells of ${plural(servers, 'API server')}, so that --servers ${told} is passed over\n`);
}
