/** When the pods of each workload started, as far as the cluster still has them. */
import type { World } from '../../engines/network/index.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { SourceObject } from '../../snapshot/index.ts';

/** In seconds since 1970, by the name that the network gives the workload. `objects` are those of the world. */
export function startsOf({ pods }: World, objects: readonly SourceObject[]): Map<string, number[]> {
  const starts = new Map<string, number[]>();
  for (const { workload, object } of pods) {
    const status = objects[object]?.object.status;
    const time = isRecord(status) ? Date.parse(textOf(status.startTime)) : Number.NaN;
    if (Number.isNaN(time)) continue;
    const list = starts.get(workload);
    if (list === undefined) starts.set(workload, [time / 1000]);
    else list.push(time / 1000);
  }
  return starts;
}
