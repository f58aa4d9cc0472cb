/** On which ports of workloads clients from outside come in without another pod between: balancers, ports of nodes, external addresses. */
import { type Conns, Services, type World, connsOf, directEntries, portRange } from '../../engines/network/index.ts';

/** By the name that the network gives the workload. */
export function entriesOf(world: World): Map<string, Conns[]> {
  const found = new Map<string, Conns[]>();
  for (const { by, pod, protocol, port } of directEntries(world, new Services(world))) {
    const workload = world.pods[pod]?.workload;
    if (by === 'host-network' || workload === undefined || protocol === undefined || port === undefined) continue;
    found.set(workload, [...(found.get(workload) ?? []), connsOf(portRange(protocol, port, port))]);
  }
  return found;
}
