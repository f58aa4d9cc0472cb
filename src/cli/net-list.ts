/** `castellan net list`: every connection that is allowed, between workloads and with ranges of addresses outside. */
import { type ConnectionRow, connections, connsText } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { type GraphEdge, dotOf, mermaidOf } from '../report/network/index.ts';
import { gapsField } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writePieces, writeRows } from './net-input.ts';

export interface NetListFlags extends NetFlags {
  ipv6?: boolean;
}

export async function runNetList(paths: readonly string[], flags: NetListFlags): Promise<number> {
  const format = netFormat('list', flags, ['table', 'json', 'csv', 'dot', 'mermaid']);
  const world = await readNet(paths, flags);
  const rows = connections(world, { ipv6: flags.ipv6 === true });
  if (format === 'json') writeJson(rows, gapsField(world));
  else if (format === 'dot') writePieces(dotOf(edgesOf(rows)));
  else if (format === 'mermaid') writePieces(mermaidOf(edgesOf(rows)));
  else
    writeRows(
      format,
      ['SOURCE', 'DESTINATION', 'PORTS'],
      rows.map(({ src, dst, conns }) => [src, dst, connsText(conns)]),
    );
  return 0;
}

/** Row by row, as there may be millions. */
function writeJson(rows: readonly ConnectionRow[], { gaps }: ReturnType<typeof gapsField>): void {
  stdout.write('{"schema":"castellan/net-list/v1","connections":[');
  for (const [index, row] of rows.entries()) stdout.write(`${index === 0 ? '' : ','}${JSON.stringify(row)}`);
  stdout.write(gaps === undefined ? ']}\n' : `],"gaps":${JSON.stringify(gaps)}}\n`);
  stdout.end();
}

function edgesOf(rows: readonly ConnectionRow[]): GraphEdge[] {
  return rows.map(({ src, dst, conns }) => ({ from: src, to: dst, label: conns === 'all' ? '' : connsText(conns) }));
}
