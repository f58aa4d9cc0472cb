/** `castellan net diff BEFORE AFTER`: which connections one state allows and the other does not. */
import { connsText, networkDiff } from '../engines/network/index.ts';
import { gapsField, strictExit } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writeDocument, writeRows } from './net-input.ts';

export interface NetDiffFlags extends Pick<NetFlags, 'format' | 'quiet'> {
  ipv6?: boolean;
  from?: string;
  to?: string;
  strict?: boolean;
}

export async function runNetDiff(before: string, after: string, flags: NetDiffFlags): Promise<number> {
  const format = netFormat('diff', flags, ['table', 'json', 'csv']);
  const [old, now] = [await readNet([before], flags), await readNet([after], flags)];
  const { from, to, ipv6 = false } = flags;
  const changes = networkDiff(old, now, { ipv6, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
  const lowered = gapsField(old, now);
  if (format === 'json') writeDocument('net-diff', { changes, ...lowered });
  else
    writeRows(
      format,
      ['CHANGE', 'SOURCE', 'DESTINATION', 'BEFORE', 'AFTER'],
      changes.map(({ type, src, dst, before, after }) => [type, src, dst, connsText(before), connsText(after)]),
    );
  return strictExit(flags, lowered);
}
