/** What two states let only some pods of a workload do differently. */
import { type ConnectionChange, type DiffOptions, networkDiff } from './diff.ts';
import { divided } from './divided.ts';
import { type PeerFilter, peerFilter } from './peer-filter.ts';
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
  const parts = divided(before, after);
  if (parts === undefined) return [];
  const { wholes } = parts;
  const { from, to, ...rest } = options;
  const [sources, targets] = [peerFilter([before, after], from, 'source'), peerFilter([before, after], to, 'destination')];
  const told = new Set(known.map(({ src, dst }) => pairOf(src, dst)));
  const found = networkDiff(parts.before, parts.after, { ...rest, touching: new Set(wholes.keys()) }).filter(({ src, dst }) => {
    const [source, target] = [wholes.get(src) ?? src, wholes.get(dst) ?? dst];
    return isAsked(source, sources) && isAsked(target, targets) && !told.has(pairOf(source, target));
  });
  const isWithin = ({ src, dst }: ConnectionChange): boolean => wholes.get(src) === (wholes.get(dst) ?? '');
  return [...found.filter((change) => !isWithin(change)), ...found.filter(isWithin)];
}

function isAsked(end: string, { names, addresses }: PeerFilter): boolean {
  return isOutside(end) ? addresses.length > 0 : names?.has(end) !== false;
}

/** Addresses outside are one end, however they are cut. */
function pairOf(src: string, dst: string): string {
  return [src, dst].map((end) => (isOutside(end) ? 'outside' : end)).join(' > ');
}

function isOutside(end: string): boolean {
  return /^ip6?:/.test(end);
}
