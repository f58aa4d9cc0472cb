/** `castellan net list`: every connection that is allowed, between workloads and with ranges of addresses outside. */
import { type ConnectionRow, type Conns, connections } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { type NetFlags, netFormat, readNet, writeTable } from './net-input.ts';

export interface NetListFlags extends NetFlags {
  ipv6?: boolean;
}

export async function runNetList(paths: readonly string[], flags: NetListFlags): Promise<number> {
  const format = netFormat('list', flags);
  const rows = connections(await readNet(paths, flags), { ipv6: flags.ipv6 === true });
  if (format === 'json') writeJson(rows);
  else
    writeTable(
      ['SOURCE', 'DESTINATION', 'PORTS'],
      rows.map(({ src, dst, conns }) => [src, dst, connsText(conns)]),
    );
  return 0;
}

/** Row by row, as there may be millions. */
function writeJson(rows: readonly ConnectionRow[]): void {
  stdout.write('{"schema":"castellan/net-list/v1","connections":[');
  for (const [index, row] of rows.entries()) stdout.write(`${index === 0 ? '' : ','}${JSON.stringify(row)}`);
  stdout.write(']}\n');
  stdout.end();
}

export function connsText(conns: Conns): string {
  if (conns === 'all') return 'all';
  const parts = Object.entries(conns).map(([protocol, ports]) => `${protocol} ${ports?.join(',')}`);
  return parts.length === 0 ? 'none' : parts.join('; ');
}
