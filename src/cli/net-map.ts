/** `castellan net map -o map.html`: the network as a page to look at. */
import { type Grouping, Relation, overview } from '../engines/network/index.ts';
import { stdout } from '../lib/sink.ts';
import { type NetFlags, readNet } from './net-input.ts';
import { type TenantFlags, tenantGrouping } from './net-tenants.ts';

export type NetMapFlags = NetFlags & TenantFlags;

/** With more workloads the nodes are namespaces: nobody finds one of thousands on a ring. */
const MOST = 1500;

export async function runNetMap(paths: readonly string[], flags: NetMapFlags): Promise<number> {
  const whose: Grouping = tenantGrouping(flags) ?? { by: 'namespace' };
  const drawn = overview(new Relation(await readNet(paths, flags)), whose, MOST);
  const { writeMap } = await import('../report/network-map/index.ts');
  writeMap(stdout, drawn, {
    title: paths.join(' ') || (flags.context ?? 'cluster'),
    whose: whose.by === 'namespace' ? 'namespace' : 'tenant',
  });
  stdout.end();
  return 0;
}
