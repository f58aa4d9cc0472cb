/**
 * Connections that only some pods of a workload lose. Pods are told as their workload, which may do what any of them may;
 * a policy for one pod alone, such as the first of a StatefulSet, would close nothing then.
 */
import { type ConnectionChange, type World, divided, networkDiff } from '../../engines/network/index.ts';

/** What changes for parts of workloads, by the names of the workloads; where `touching` names some, for these alone. */
export function lostBySome(before: World, after: World, touching: ReadonlySet<string> | undefined): ConnectionChange[] {
  const parts = divided(before, after);
  if (parts === undefined) return [];
  const { wholes } = parts;
  const wholeOf = (end: string): string => wholes.get(end) ?? end;
  const pods = [...parts.before.pods, ...parts.after.pods].map(({ workload }) => workload);
  const concerned = touching === undefined ? wholes.keys() : pods.filter((name) => touching.has(wholeOf(name)));
  const single = namesOfOne(parts.before);
  return networkDiff(parts.before, parts.after, { ipv6: true, within: true, touching: new Set(concerned) })
    .filter(({ src, dst }) => (wholes.has(src) || wholes.has(dst)) && !(src === dst && single.has(src)))
    .map((change) => ({ ...change, src: wholeOf(change.src), dst: wholeOf(change.dst) }));
}

/** Nobody keeps a pod from itself. */
function namesOfOne({ pods }: World): ReadonlySet<string> {
  const names = new Set<string>();
  const several = new Set<string>();
  for (const { workload } of pods) (names.has(workload) ? several : names).add(workload);
  return new Set([...names].filter((name) => !several.has(name)));
}
