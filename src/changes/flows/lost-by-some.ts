/**
 * Connections that only some pods of a workload lose. Pods are told as their workload, which may do what any of them may;
 * a policy for one pod alone, such as the first of a StatefulSet, would close nothing then.
 */
import { type ConnectionChange, Relation, type World, alikeReplicas, networkDiff } from '../../engines/network/index.ts';

type Pod = World['pods'][number];

/** What is lost between workloads some of whose pods are in other classes than the rest, by the names of the workloads. */
export function lostBySome(was: World, is: World, touching: ReadonlySet<string> | undefined): ConnectionChange[] {
  const [before, after] = alikeReplicas(was, is);
  const parts = partsOf(before, after);
  if (parts.size === 0) return [];
  const divided = (world: World): World => ({
    ...world,
    pods: world.pods.map((pod) => ({ ...pod, workload: parts.get(placeOf(pod)) ?? pod.workload })),
  });
  const [old, now] = [divided(before), divided(after)];
  const counts = new Map<string, number>();
  for (const { workload } of old.pods) counts.set(workload, (counts.get(workload) ?? 0) + 1);
  const concerned = [...old.pods, ...now.pods].flatMap(({ workload }) => (touching?.has(wholeOf(workload)) === true ? [workload] : []));
  const changes = networkDiff(old, now, { ipv6: true, within: true, ...(touching !== undefined && { touching: new Set(concerned) }) });
  return changes
    .filter(({ src, dst }) => (isPart(src) || isPart(dst)) && !(src === dst && counts.get(src) === 1))
    .map((change) => ({ ...change, src: wholeOf(change.src), dst: wholeOf(change.dst) }));
}

/** By the place of each pod the part of its workload that it is in; none of workloads whose pods are all alike. */
function partsOf(before: World, after: World): Map<string, string> {
  const keys = new Map<string, { workload: string; key: string }>();
  for (const world of [before, after]) {
    const several = withSeveral(world);
    if (several.size === 0) continue;
    const { classesOf } = new Relation(world).entities;
    for (const [index, pod] of world.pods.entries()) {
      if (!several.has(pod.workload)) continue;
      const place = placeOf(pod);
      const known = keys.get(place)?.key ?? '';
      keys.set(place, { workload: pod.workload, key: `${known} ${(classesOf[index] ?? []).join('+')}` });
    }
  }
  const numbers = new Map<string, Map<string, number>>();
  for (const { workload, key } of keys.values()) {
    const own = numbers.get(workload) ?? new Map<string, number>();
    if (!own.has(key)) own.set(key, own.size);
    numbers.set(workload, own);
  }
  const parts = new Map<string, string>();
  for (const [place, { workload, key }] of keys) {
    const own = numbers.get(workload);
    if (own !== undefined && own.size > 1) parts.set(place, `${workload}#${own.get(key) ?? 0}`);
  }
  return parts;
}

/** Workloads of several pods whose labels differ: without that nothing tells them apart. */
function withSeveral({ pods }: World): Set<string> {
  const first = new Map<string, Pod>();
  const several = new Set<string>();
  for (const pod of pods) {
    const other = first.get(pod.workload);
    if (other === undefined) first.set(pod.workload, pod);
    else if (!several.has(pod.workload) && !isAlike(pod, other)) several.add(pod.workload);
  }
  return several;
}

/** Addresses tell pods apart too, where a policy has ranges. */
function isAlike(one: Pod, other: Pod): boolean {
  const keys = new Set([...Object.keys(one.labels), ...Object.keys(other.labels)]);
  return (
    one.host === other.host &&
    one.addresses.length + other.addresses.length === 0 &&
    [...keys].every((key) => one.labels[key] === other.labels[key])
  );
}

function placeOf({ kind, namespace, name }: Pod): string {
  return `${kind}/${namespace}/${name}`;
}

function isPart(end: string): boolean {
  return end.includes('#');
}

function wholeOf(end: string): string {
  return end.split('#', 1)[0] ?? '';
}
