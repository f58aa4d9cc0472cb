/** `castellan net diff BEFORE AFTER`: which connections one state allows and the other does not. */
import { type ConnectionChange, changedForSome, connsText, networkDiff } from '../engines/network/index.ts';
import { plural } from '../lib/terminal.ts';
import { gapsField, noteIpv6, noteLeftOut, strictExit } from './net-gaps.ts';
import { type NetFlags, netFormat, readNet, writeDocument, writeRows } from './net-input.ts';

export interface NetDiffFlags extends Pick<NetFlags, 'format' | 'quiet' | 'podAddresses'> {
  ipv6?: boolean;
  from?: string;
  to?: string;
  strict?: boolean;
}

export async function runNetDiff(before: string, after: string, flags: NetDiffFlags): Promise<number> {
  const format = netFormat('diff', flags, ['table', 'json', 'csv']);
  const [old, now] = [await readNet([before], flags), await readNet([after], flags)];
  const { from, to, ipv6 = false } = flags;
  const options = { ipv6: true, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const all = networkDiff(old, now, options);
  const changes = ipv6 ? all : all.filter(({ src, dst }) => !isIpv6(src) && !isIpv6(dst));
  if (changes.length < all.length) noteIpv6(now, plural(all.length - changes.length, 'change'), flags);
  const bySome = changedForSome([old, now], all, options).filter(({ src, dst }) => ipv6 || (!isIpv6(src) && !isIpv6(dst)));
  if (bySome.length > 0) noteLeftOut(now, { code: 'pods-differ', message: bySomeText(bySome) }, flags);
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

function isIpv6(end: string): boolean {
  return end.startsWith('ip6:');
}

function bySomeText([first, ...more]: readonly ConnectionChange[]): string {
  const { type, src, dst, before, after } = first ?? { type: 'changed', src: '', dst: '', before: {}, after: {} };
  const rest = more.length === 0 ? '' : ` and ${more.length} more`;
  return `left out: what changes for some pods of a workload only: ${type} ${src} > ${dst} (${connsText(before)} before, ${connsText(after)} after)${rest}; a workload may do what any of its pods may (net compare tells whether both states are the same)`;
}
