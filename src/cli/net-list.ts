/** `castellan net list`: every connection that is allowed, between workloads and with ranges of addresses outside. */
import { type ConnectionRow, connections, connsText, hasIpv6 } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { type GraphEdge, dotOf, mermaidOf } from '../report/network/index.ts';
import { gapsField, noteIpv6 } from './net-gaps.ts';
import { type NetFlags, type NetFormat, netFormat, readNet, rowPieces } from './net-input.ts';

export interface NetListFlags extends NetFlags {
  ipv6?: boolean;
}

export async function runNetList(paths: readonly string[], flags: NetListFlags): Promise<number> {
  const format = netFormat('list', flags, ['table', 'json', 'csv', 'dot', 'mermaid']);
  const world = await readNet(paths, flags);
  if (flags.ipv6 !== true && hasIpv6(world)) noteIpv6(world, 'connections', flags);
  const rows = connections(world, { ipv6: flags.ipv6 === true });
  for (const piece of piecesOf(format, rows, gapsField(world))) stdout.write(piece);
  stdout.end();
  return 0;
}

function piecesOf(format: NetFormat, rows: readonly ConnectionRow[], lowered: ReturnType<typeof gapsField>): Iterable<string> {
  if (format === 'json') return jsonPieces(rows, lowered);
  if (format === 'dot') return dotOf(edgesOf(rows));
  if (format === 'mermaid') return mermaidOf(edgesOf(rows));
  return rowPieces(
    format,
    ['SOURCE', 'DESTINATION', 'PORTS'],
    rows.map(({ src, dst, conns }) => [src, dst, connsText(conns)]),
  );
}

/** Row by row, as there may be millions. */
function* jsonPieces(rows: readonly ConnectionRow[], { gaps }: ReturnType<typeof gapsField>): Generator<string> {
  yield '{"schema":"castellan/net-list/v1","connections":[';
  for (const [index, row] of rows.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(row)}`;
  yield gaps === undefined ? ']}\n' : `],"gaps":${JSON.stringify(gaps)}}\n`;
}

function edgesOf(rows: readonly ConnectionRow[]): GraphEdge[] {
  return rows.map(({ src, dst, conns }) => ({ from: src, to: dst, label: conns === 'all' ? '' : connsText(conns) }));
}
