/** Pods as the workloads that people know: what any pod of one may do, the workload may. */
import type { Entities } from './entities.ts';
import type { World } from './world.ts';

export interface NetWorkload {
  /** `ns/name[Kind]` */
  readonly name: string;
  /** The classes of its pods, rising. */
  readonly classes: readonly number[];
  /** Of its pods in the world. */
  readonly pods: readonly number[];
}

/** By name. */
export function workloadsOf(world: World, entities: Entities): NetWorkload[] {
  const byName = new Map<string, number[]>();
  for (const [index, { workload }] of world.pods.entries()) {
    const pods = byName.get(workload);
    if (pods === undefined) byName.set(workload, [index]);
    else pods.push(index);
  }
  return [...byName]
    .map(([name, pods]) => {
      const [only, ...more] = pods;
      const first = entities.classesOf[only ?? 0] ?? [];
      if (more.length === 0 && first.length === 1) return { name, pods, classes: first };
      return { name, pods, classes: [...new Set(pods.flatMap((pod) => entities.classesOf[pod] ?? []))].toSorted((a, b) => a - b) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
