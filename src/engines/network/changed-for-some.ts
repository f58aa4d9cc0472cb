/**
 * What two states let only some pods of a workload do differently. Rows are about workloads, which may do what any of
 * their pods may: a policy for one replica changes no row.
 */
import { Compiler } from './compile.ts';
import { type ConnectionChange, type DiffOptions, networkDiff } from './diff.ts';
import { Entities } from './entities.ts';
import { type PeerFilter, peerFilter } from './peer-filter.ts';
import { type Pod, alikeReplicas } from './pods.ts';
import type { World } from './world.ts';

/**
 * Changes of which an end is a part of a workload, under the name of its first pod, `ns/name[Pod]`; none between
 * workloads whose connections are among those that are `known` to change. Those among the pods of one workload come last.
 */
export function changedForSome(
  [before, after]: readonly [World, World],
  known: readonly ConnectionChange[],
  options: DiffOptions = {},
): ConnectionChange[] {
  const [old, now] = alikeReplicas(before, after);
  const parts = partsOf(old, now);
  if (parts.size === 0) return [];
  const wholes = new Map([...parts.values()].map(({ part, workload }) => [part, workload]));
  const divided = (world: World): World => ({
    ...world,
    pods: world.pods.map((pod) => ({ ...pod, workload: parts.get(placeOf(pod))?.part ?? pod.workload })),
  });
  const { from, to, ...rest } = options;
  const [sources, targets] = [peerFilter([before, after], from, 'source'), peerFilter([before, after], to, 'destination')];
  const told = new Set(known.map(({ src, dst }) => pairOf(src, dst)));
  const found = networkDiff(divided(old), divided(now), { ...rest, touching: new Set(wholes.keys()) }).filter(({ src, dst }) => {
    const [source, target] = [wholes.get(src) ?? src, wholes.get(dst) ?? dst];
    return isAsked(source, sources) && isAsked(target, targets) && !told.has(pairOf(source, target));
  });
  const isWithin = ({ src, dst }: ConnectionChange): boolean => wholes.get(src) === (wholes.get(dst) ?? '');
  return [...found.filter((change) => !isWithin(change)), ...found.filter(isWithin)];
}

function isAsked(end: string, { names, addresses }: PeerFilter): boolean {
  return isOutside(end) ? addresses.length > 0 : names?.has(end) !== false;
}

interface Part {
  readonly part: string;
  readonly workload: string;
}

/** By the place of each pod the part of its workload that it is in; nothing of workloads whose pods are all alike. */
function partsOf(before: World, after: World): Map<string, Part> {
  const classes = new Map<string, { pod: Pod; key: string }>();
  const [old, now] = [classesIn(before), classesIn(after)];
  for (const [place, { pod }] of [...old, ...now]) classes.set(place, { pod, key: `${old.get(place)?.key} ${now.get(place)?.key}` });
  const firsts = new Map<string, Map<string, string>>();
  for (const [, { pod, key }] of classes) {
    const own = firsts.get(pod.workload) ?? new Map<string, string>();
    if (!own.has(key)) own.set(key, `${pod.namespace}/${pod.name}[Pod]`);
    firsts.set(pod.workload, own);
  }
  const parts = new Map<string, Part>();
  for (const [place, { pod, key }] of classes) {
    const own = firsts.get(pod.workload);
    if (own !== undefined && own.size > 1) parts.set(place, { part: own.get(key) ?? '', workload: pod.workload });
  }
  return parts;
}

function classesIn(world: World): Map<string, { pod: Pod; key: string }> {
  const { classesOf } = Entities.of(world, new Compiler(world.nodes));
  return new Map(world.pods.map((pod, index) => [placeOf(pod), { pod, key: (classesOf[index] ?? []).join('+') }]));
}

function placeOf({ kind, namespace, name }: Pod): string {
  return `${kind}/${namespace}/${name}`;
}

/** Addresses outside are one end, however they are cut. */
function pairOf(src: string, dst: string): string {
  return [src, dst].map((end) => (isOutside(end) ? 'outside' : end)).join(' > ');
}

function isOutside(end: string): boolean {
  return /^ip6?:/.test(end);
}
