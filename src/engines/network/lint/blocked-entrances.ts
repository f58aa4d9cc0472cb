/** Ingresses and routes that lead to pods whose policies let nobody in who could be their controller. */
import { type EntryPoint, ledEntryPoints } from '../entry-points.ts';
import { type Intervals, union } from '../intervals.ts';
import { portRange } from '../ports.ts';
import type { Relation } from '../relation.ts';

export interface BlockedEntrance {
  /** Of the Ingress or route among the objects that were read, and the field that leads on. */
  readonly object: number;
  readonly path: string;
  readonly workload: string;
  /** Index of a pod that it leads to in vain. */
  readonly pod: number;
  readonly ports: Intervals<number>;
  /** Who is let in on these ports: one of them may be the controller. Undefined where nobody is who could be. */
  readonly only: string | undefined;
}

/** A workload is blocked where none of the ways to it is surely open. */
export function blockedEntrances(relation: Relation): BlockedEntrance[] {
  if (relation.world.entrances.length === 0 || relation.world.policies.length === 0) return [];
  const led = ledEntryPoints(relation).filter(({ container }) => container !== undefined);
  const open = new Set(led.filter(({ verdict }) => verdict.allowed === 'yes').map(({ workload }) => workload));
  const found = new Map<string, BlockedEntrance>();
  for (const entry of led) {
    if (open.has(entry.workload) || isUndecided(entry)) continue;
    const { workload, protocol, port, verdict, via } = entry;
    const place = via.find(({ ref }) => !/^(?:Gateway|Service)\//.test(ref));
    if (place === undefined || protocol === undefined || port === undefined) continue;
    const key = `${place.object} ${workload}`;
    const known = found.get(key);
    const ports = union(known?.ports ?? [], portRange(protocol, port, port));
    found.set(key, { object: place.object, path: place.path, workload, pod: entry.pods[0] ?? -1, only: verdict.reason, ...known, ports });
  }
  return [...found.values()];
}

/** The Gateway is not in the input, so that nobody knows whether anything is sent on at all. */
function isUndecided({ by, verdict }: EntryPoint): boolean {
  return by === 'gateway' && verdict.allowed === 'unknown';
}
