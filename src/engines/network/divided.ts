/**
 * Two states with their workloads cut into parts, each of pods that neither state tells apart. Rows are about workloads,
 * which may do what any of their pods may: a policy for one replica changes no row, but one of a part.
 */
import { groupBy } from '../../lib/groups.ts';
import { Compiler } from './compile.ts';
import { Entities } from './entities.ts';
import { type Pod, alikeReplicas } from './pods.ts';
import type { World } from './world.ts';

export interface Divided {
  readonly before: World;
  readonly after: World;
  /** Of which workload each part is, which has the name of its first pod, `ns/name[Pod]`. Workloads of one part stay whole. */
  readonly wholes: ReadonlyMap<string, string>;
}

/** Undefined where no workload has parts. A pod that is in one of the states only is in no part, and rows tell of it. */
export function divided(before: World, after: World): Divided | undefined {
  const [old, now] = alikeReplicas(before, after);
  const parts = partsOf(old, now);
  if (parts.size === 0) return undefined;
  const wholes = new Map([...parts.values()].map(({ part, workload }) => [part, workload]));
  const cut = new Set(wholes.values());
  const podsIn = ({ pods }: World): Pod[] =>
    pods.flatMap((pod) => {
      const part = parts.get(placeOf(pod))?.part;
      return part !== undefined ? [{ ...pod, workload: part }] : cut.has(pod.workload) ? [] : [pod];
    });
  return { before: { ...old, pods: podsIn(old) }, after: { ...now, pods: podsIn(now) }, wholes };
}

interface Part {
  readonly part: string;
  readonly workload: string;
}

/** By the place of each pod the part of its workload that it is in; nothing of workloads whose pods are all alike. */
function partsOf(before: World, after: World): Map<string, Part> {
  const [old, now] = [before, after].map((world) => (maybeDivided(world) ? classesIn(world) : undefined));
  const parts = new Map<string, Part>();
  if (old === undefined && now === undefined) return parts;
  const keyOf = (pod: Pod): string => `${old?.get(placeOf(pod))} ${now?.get(placeOf(pod))}`;
  const here = new Set(before.pods.map(placeOf));
  const both = after.pods.filter((pod) => here.has(placeOf(pod)));
  for (const [workload, pods] of groupBy(both, (pod) => pod.workload)) {
    const firsts = new Map<string, string>();
    for (const pod of pods) if (!firsts.has(keyOf(pod))) firsts.set(keyOf(pod), `${pod.namespace}/${pod.name}[Pod]`);
    if (firsts.size > 1) for (const pod of pods) parts.set(placeOf(pod), { part: firsts.get(keyOf(pod)) ?? '', workload });
  }
  return parts;
}

/** By the place of each pod the classes that it is in. */
function classesIn(world: World): ReadonlyMap<string, string> {
  const { classesOf } = Entities.of(world, new Compiler(world.nodes));
  return new Map(world.pods.map((pod, index) => [placeOf(pod), (classesOf[index] ?? []).join('+')]));
}

/** Whether pods of one workload differ in anything at all that puts them into classes, which is quickly seen. */
function maybeDivided({ pods }: World): boolean {
  const firsts = new Map<string, Pod>();
  return pods.some((pod) => {
    const first = firsts.get(pod.workload);
    if (first === undefined) firsts.set(pod.workload, pod);
    return first !== undefined && !isAlike(pod, first);
  });
}

/** Addresses tell pods apart where a policy has ranges. */
function isAlike(one: Pod, other: Pod): boolean {
  const keys = new Set([...Object.keys(one.labels), ...Object.keys(other.labels)]);
  return (
    one.host === other.host &&
    one.addresses.length + other.addresses.length === 0 &&
    [...keys].every((key) => one.labels[key] === other.labels[key]) &&
    (one.ports === other.ports || JSON.stringify(one.ports) === JSON.stringify(other.ports))
  );
}

function placeOf({ kind, namespace, name }: Pod): string {
  return `${kind}/${namespace}/${name}`;
}
