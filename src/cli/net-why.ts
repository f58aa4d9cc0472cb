/** `castellan net why`: who decides what may flow between two ends, for each direction and port. */
import { ANYBODY, type Conns, type Part, type Peer, Peers, Relation, connsText, why } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { sideText } from '../report/network/index.ts';
import { gapsField } from './net-gaps.ts';
import { type NetFlags, bothEnds, netFormat, portOf, readNet, writeDocument, writeTable } from './net-input.ts';

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
  const found = why(relation, { from: idsOf(peers.find(from)), to: idsOf(peers.find(to)) }, port);
  if (format === 'json') {
    writeDocument('net-why', { from, to, ...found, ...gapsField(relation.world) });
  } else writeAnswer(found);
  return 0;
}

function writeAnswer({ allowed, parts }: { allowed: Conns; parts: readonly Part[] }): void {
  stdout.write(`allowed: ${connsText(allowed)}\n\n`);
  writeTable(
    ['PORTS', 'VERDICT', 'EGRESS', 'INGRESS'],
    parts.map(({ conns, verdict, egress, ingress }) => [connsText(conns), verdict, sideText(egress), sideText(ingress)]),
  );
}

function idsOf(peers: readonly Peer[]): number[] {
  return [...new Set(peers.flatMap(({ ids }) => ids))];
}
