/** On which ports of workloads clients from outside come in without another pod between: balancers, ports of nodes, external addresses. */
import { type Conns, Services, type World, connsOf, directEntries, portRange } from '../../engines/network/index.ts';
import { mapIn } from '../../lib/groups.ts';

/** By the name that the network gives the workload, each port once. */
export function entriesOf(world: World): Map<string, Conns[]> {
  const found = new Map<string, Map<string, Conns>>();
  for (const { by, pod, protocol, port } of directEntries(world, new Services(world))) {
    const workload = world.pods[pod]?.workload;
    if (by === 'host-network' || workload === undefined || protocol === undefined || port === undefined) continue;
    mapIn(found, workload).set(`${port}/${protocol}`, connsOf(portRange(protocol, port, port)));
  }
  return new Map([...found].map(([workload, ports]) => [workload, [...ports.values()]]));
}
