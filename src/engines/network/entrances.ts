/**
 * What an ingress controller may reach, by way of Ingresses, of OpenShift's Routes and of Gateway API: the ports behind
 * the Services that they name. TCP and UDP as they say, and only what a container says it listens on.
 */
import { type Intervals, union } from './intervals.ts';
import { backendsOf, leadsOf } from './leads.ts';
import { portRange } from './ports.ts';
import { Services } from './services.ts';
import type { World } from './world.ts';

/** For each pod that an entrance leads to its ports, by index. */
export function enteredPorts(world: World): Map<number, Intervals<number>> {
  const entered = new Map<number, Intervals<number>>();
  if (world.entrances.length === 0) return entered;
  const services = new Services(world);
  for (const lead of leadsOf(world)) {
    for (const { pod, number, container } of backendsOf(lead, services)) {
      if (container !== undefined) entered.set(pod, union(entered.get(pod) ?? [], portRange(lead.protocol, number, number)));
    }
  }
  return entered;
}
