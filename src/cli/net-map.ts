/** `castellan net map -o map.html`: the network as a page to look at. */
import { type Grouping, Relation, overview } from '../engines/network/index.ts';
import { type NetFlags, readNet, writeTo } from './net-input.ts';
import { type TenantFlags, tenantGrouping } from './net-tenants.ts';

export interface NetMapFlags extends NetFlags, TenantFlags {
  output?: string;
}

/** With more workloads the nodes are namespaces: nobody finds one of thousands on a ring. */
const MOST = 1500;

export async function runNetMap(paths: readonly string[], flags: NetMapFlags): Promise<number> {
  const whose: Grouping = tenantGrouping(flags) ?? { by: 'namespace' };
  await writeTo(flags.output, async (sink) => {
    const drawn = overview(new Relation(await readNet(paths, flags)), whose, MOST);
    const { writeMap } = await import('../report/network-map/index.ts');
    writeMap(sink, drawn, {
      title: paths.join(' ') || (flags.context ?? 'cluster'),
      whose: whose.by === 'namespace' ? 'namespace' : 'tenant',
    });
  });
  return 0;
}
