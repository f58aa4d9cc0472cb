/** `castellan net why`: who decides what may flow between two ends, for each direction and port. */
import { ANYBODY, Peers, Relation, connsText, portRange, whyBetween } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { partText } from '../report/network/index.ts';
import { gapsField } from './net-gaps.ts';
import { type NetFlags, bothEnds, netFormat, portOf, readNet, writeDocument, writePieces } from './net-input.ts';

export interface NetWhyFlags extends NetFlags {
  from?: string;
  to?: string;
  port?: string;
}

export async function runNetWhy(paths: readonly string[], flags: NetWhyFlags): Promise<number> {
  const format = netFormat('why', flags, ['table', 'json']);
  const { from, to } = bothEnds('why', flags);
  const port = flags.port === undefined ? undefined : portOf(flags.port);
  const relation = new Relation(await readNet(paths, flags), [ANYBODY]);
  const peers = new Peers(relation);
  const only = port === undefined ? undefined : portRange(port.protocol, port.port, port.port);
  const found = whyBetween(relation, { from: peers.find(from), to: peers.find(to, 'destination') }, only);
  if (format === 'json') writeDocument('net-why', { from, to, ...found, ...gapsField(relation.world) });
  else {
    stdout.write(`allowed: ${connsText(found.allowed)}\n`);
    writePieces(found.parts.map((part) => `\n${partText(part)}`));
  }
  return 0;
}
