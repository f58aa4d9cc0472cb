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
  /** Another way leads to pods of the workload, and is open. */
  readonly otherwiseOpen: boolean;
}

/**
 * A workload is blocked where none of the ways to it is surely open. Where one is, others count by port, and only those
 * that are surely shut.
 */
export function blockedEntrances(relation: Relation): BlockedEntrance[] {
  if (relation.world.entrances.length === 0 || relation.world.policies.length === 0) return [];
  const led = ledEntryPoints(relation).filter(({ container }) => container !== undefined);
  const open = new Set(led.filter(({ verdict }) => verdict.allowed === 'yes').map(({ workload }) => workload));
  const found = new Map<string, BlockedEntrance>();
  for (const entry of led) {
    const { workload, protocol, port, verdict, via } = entry;
    const otherwiseOpen = open.has(workload);
    if (otherwiseOpen ? verdict.allowed !== 'no' : isUndecided(entry)) continue;
    const place = via.find(({ ref }) => !/^(?:Gateway|Service)\//.test(ref));
    if (place === undefined || protocol === undefined || port === undefined) continue;
    const key = `${place.object} ${workload}${otherwiseOpen ? ` ${protocol} ${port}` : ''}`;
    const known = found.get(key);
    const ports = union(known?.ports ?? [], portRange(protocol, port, port));
    const first = { object: place.object, path: place.path, workload, pod: entry.pods[0] ?? -1, only: verdict.reason, otherwiseOpen };
    found.set(key, { ...first, ...known, ports });
  }
  return [...found.values()];
}

/** The Gateway is not in the input, so that nobody knows whether anything is sent on at all. */
function isUndecided({ by, verdict }: EntryPoint): boolean {
  return by === 'gateway' && verdict.allowed === 'unknown';
}
