/** `castellan net query`: whether some ends may talk to others, and on which ports. */
import { ANYBODY, Peers, Relation, connsText, portRange, query } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { plural } from '../lib/terminal.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, bothEnds, netFormat, portOf, readNet, writeDocument, writeTable } from './net-input.ts';

export interface NetQueryFlags extends NetFlags {
  from?: string;
  to?: string;
  port?: string;
  strict?: boolean;
}

/** Rows that the screen shows; the document has all. */
const SHOWN = 40;

export async function runNetQuery(paths: readonly string[], flags: NetQueryFlags): Promise<number> {
  const format = netFormat('query', flags, ['table', 'json']);
  const { from, to } = bothEnds('query', flags);
  const port = flags.port === undefined ? undefined : portOf(flags.port);
  const relation = new Relation(await readNet(paths, flags), [ANYBODY]);
  const peers = new Peers(relation);
  const only = port === undefined ? undefined : portRange(port.protocol, port.port, port.port);
  const found = query(relation, { from: peers.find(from), to: peers.find(to) }, only);
  const lowered = gapsField(relation.world);
  const exit = strictExit(flags, lowered);
  if (format === 'json') {
    writeDocument('net-query', { from, to, ...(flags.port !== undefined && { port: flags.port }), ...found, ...lowered });
    return exit;
  }
  const { answer, pairs, allowed, connections } = found;
  const first = connections[0];
  const [what = answer] = answer === 'no' ? [] : [`${answer}: ${connsText(allowed)}`];
  stdout.write(`${what}${pairs.asked === 1 ? '' : ` (${pairs.open} of ${plural(pairs.asked, 'pair')})`}\n`);
  if (pairs.asked > 1 && first !== undefined) {
    stdout.write('\n');
    const rows = connections.slice(0, SHOWN).map(({ src, dst, conns }) => [src, dst, connsText(conns)]);
    const more = connections.length > SHOWN ? [[`and ${connections.length - SHOWN} more (-f json)`, '', '']] : [];
    writeTable(['SOURCE', 'DESTINATION', 'PORTS'], [...rows, ...more]);
  } else stdout.end();
  return exit;
}
