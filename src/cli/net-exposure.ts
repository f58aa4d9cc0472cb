/** `castellan net exposure`: what workloads are open to beyond those that exist. */
import { connsText, exposure, hasIpv6 } from '../engines/network/index.ts';
import type { NetListFlags } from './net-list.ts';
import { gapsField, noteIpv6 } from './net-gaps.ts';
import { netFormat, readNet, writeDocument, writeRows } from './net-input.ts';

export async function runNetExposure(paths: readonly string[], flags: NetListFlags): Promise<number> {
  const format = netFormat('exposure', flags, ['table', 'json', 'csv']);
  const world = await readNet(paths, flags);
  if (flags.ipv6 !== true && hasIpv6(world)) noteIpv6(world, 'rows', flags);
  const found = exposure(world, { ipv6: flags.ipv6 === true });
  if (format === 'json') {
    writeDocument('net-exposure', { ...found, ...gapsField(world) });
    return 0;
  }
  const { ingress, egress, unprotected } = found;
  const bare = new Set(unprotected.map(({ workload, direction }) => `${direction} ${workload}`));
  writeRows(
    format,
    ['WORKLOAD', 'DIRECTION', 'PEER', 'PORTS', 'POLICIES'],
    [
      ...ingress.map(({ src, dst, conns }) => [dst, 'ingress', src, connsText(conns), bare.has(`Ingress ${dst}`) ? 'none' : 'some']),
      ...egress.map(({ src, dst, conns }) => [src, 'egress', dst, connsText(conns), bare.has(`Egress ${src}`) ? 'none' : 'some']),
    ],
  );
  return 0;
}
