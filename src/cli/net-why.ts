/** `castellan net why`: who decides what may flow between two ends, for each direction and port. */
import { ANYBODY, Relation, connsText, whyBetween } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { partText, unaskedText } from '../report/network/index.ts';
import { netQuestion } from './net-ends.ts';
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
  if (flags.port !== undefined) portOf(flags.port);
  const relation = new Relation(await readNet(paths, flags), [ANYBODY]);
  const { ends, only } = netQuestion(relation, { from, to, port: flags.port });
  const found = whyBetween(relation, ends, only);
  if (format === 'json') writeDocument('net-why', { from, to, ...found, ...gapsField(relation.world) });
  else {
    stdout.write(`allowed: ${connsText(found.allowed)}\n`);
    writePieces([...found.parts.map(partText), ...(found.unasked ?? []).map(unaskedText)].map((piece) => `\n${piece}`));
  }
  return 0;
}
