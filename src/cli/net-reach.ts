/** `castellan net reach WORKLOAD`: how far somebody gets who holds it. */
import { existsSync } from 'node:fs';
import { ANYBODY, Peers, type Reached, Relation, connsText, hasIpv6, reach } from '../engines/network/index.ts';
import { CastellanError } from '../lib/errors.ts';
import { stdout } from '../lib/sink.ts';
import { plural, printable } from '../lib/terminal.ts';
import type { NetListFlags } from './net-list.ts';
import { gapsField, noteIpv6 } from './net-gaps.ts';
import { netFormat, readNet, writeDocument, writeRows } from './net-input.ts';

export async function runNetReach(from: string, paths: readonly string[], flags: NetListFlags): Promise<number> {
  const format = netFormat('reach', flags, ['table', 'json', 'csv']);
  checkPeer(from, paths, flags);
  const world = await readNet(paths, flags);
  if (flags.ipv6 !== true && hasIpv6(world)) noteIpv6(world, 'ways', flags);
  const relation = new Relation(world, [ANYBODY]);
  const found = reach(relation, new Peers(relation).find(from), { ipv6: flags.ipv6 === true });
  if (format === 'json') {
    writeDocument('net-reach', { from, ...found, ...gapsField(relation.world) });
    return 0;
  }
  const { hops, workloads, outside, never } = found;
  if (format === 'table') {
    const counts = hops.map(({ hop, workloads }) => `${workloads} in ${plural(hop, 'hop')}`);
    const all = workloads.length + never.length;
    stdout.write(
      `${printable(from)} reaches ${workloads.length} of ${plural(all, 'workload')}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}\n\n`,
    );
  }
  const rows = [...workloads, ...outside].map((one) => [`${one.hop}`, one.name, portsInto(one), through(one)]);
  writeRows(format, ['HOP', 'REACHED', 'PORTS', 'THROUGH'], rows);
  return 0;
}

/** Who forgets the workload would be told of a cluster that they never meant. */
function checkPeer(from: string, paths: readonly string[], { context, kubeconfig }: NetListFlags): void {
  if (paths.length > 0 || context !== undefined || kubeconfig !== undefined || !existsSync(from)) return;
  throw new CastellanError('CAS_USAGE', `net reach takes a workload before the paths, and "${from}" is a path`, {
    remedy: `Name the workload first: castellan net reach NAMESPACE/NAME ${from}. For one of the cluster, give --context.`,
  });
}

function portsInto({ chain }: Reached): string {
  return connsText(chain.at(-1)?.conns ?? {});
}

/** What lies between, with what has to be open on the way there. */
function through({ chain }: Reached): string {
  return chain
    .slice(0, -1)
    .map(({ dst, conns }) => `${dst} (${connsText(conns)})`)
    .join(' > ');
}
