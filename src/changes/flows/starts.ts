/** When the pods of each workload started, as far as the cluster still has them. */
import { type World, addressText } from '../../engines/network/index.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

/** In seconds since 1970, by the name that the network gives the workload. `objects` are those of the world. */
export function startsOf({ pods }: World, objects: readonly SourceObject[]): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  for (const { workload, object } of pods) {
    const time = startIn(objects[object]);
    if (time === undefined) continue;
    const list = starts.get(workload);
    if (list === undefined) starts.set(workload, [time]);
    else list.push(time);
  }
  return starts;
}

/** Since when the pods of today have their addresses: before, others may have had them. */
export function addressesSince({ pods }: World, objects: readonly SourceObject[]): Map<string, number> {
  const since = new Map<string, number>();
  for (const { host, finished, object, addresses } of pods) {
    const time = host || finished ? undefined : startIn(objects[object]);
    if (time !== undefined) for (const address of addresses) since.set(addressText(address), time);
  }
  return since;
}

/** Nodes that pods with addresses of their own are on; all where the input does not tell. */
export function nodesOf({ pods, nodes }: World): string[] {
  const used = new Set(pods.flatMap(({ host, finished, node }) => (host || finished || node === '' ? [] : [node])));
  return used.size > 0 ? [...used] : nodes.map(({ name }) => name);
}

function startIn(source: SourceObject | undefined): number | undefined {
  const status = source?.object.status;
  const time = isRecord(status) ? Date.parse(textOf(status.startTime)) : Number.NaN;
  return Number.isNaN(time) ? undefined : time / 1000;
}
