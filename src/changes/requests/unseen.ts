/**
 * How much of the use of some subjects the record may not hold, by what it holds: where much was seen on one day alone,
 * more is to come that was never seen (Good and Turing, of samples that say what was met and not how often: I. J. Good,
 * Biometrika 40, 1953; A. Chao and others, Methods in Ecology and Evolution 8, 2017). Days are the samples, since what is
 * asked for comes in bursts. It is told and decides nothing: the seasons of a year show on no such number.
 */
import { withImplicitGroups } from '../../engines/rbac/index.ts';
import { plural } from '../../lib/terminal.ts';
import type { UseRecord } from '../../record/index.ts';
import type { LostRight } from './lost.ts';

export interface UnseenUse {
  /** About so much of what a day shows is of a kind that was not seen before; from 0 to 1. */
  readonly share: number;
  /** Kinds of requests that were seen: who, verb, resource, namespace. */
  readonly kinds: number;
  /** Those seen on one day alone. */
  readonly once: number;
}

/** Of all that lose a right. Undefined where nothing of them was seen. */
export function unseenUse({ actors, requests }: Pick<UseRecord, 'actors' | 'requests'>, lost: readonly LostRight[]): UnseenUse | undefined {
  const groups = new Set(lost.flatMap(({ subject }) => (subject.kind === 'Group' ? subject.name : [])));
  const users = new Set(lost.flatMap(({ subject }) => (subject.kind === 'Group' ? [] : subject.userName)));
  const isConcerned = actors.map((actor) => users.has(actor.name) || withImplicitGroups(actor).groups.some((group) => groups.has(group)));
  const days = new Map<string, Set<number>>();
  for (const { actor, asked, days: own } of requests) {
    if (isConcerned[actor] !== true || own.length === 0 || asked.through === 'review' || asked.through === 'implied') continue;
    const { verb, apiGroup, resource, subresource, namespace, path } = asked;
    const kind = JSON.stringify([actors[actor]?.name, verb, apiGroup, resource, subresource, namespace, path]);
    const known = days.get(kind);
    if (known === undefined) days.set(kind, new Set(own));
    else for (const day of own) known.add(day);
  }
  if (days.size === 0) return undefined;
  const counts = [...days.values()].map(({ size }) => size);
  const once = counts.filter((count) => count === 1).length;
  return { share: once / counts.reduce((sum, count) => sum + count, 0), kinds: days.size, once };
}

/** `about 2 % of a day's requests are of a kind not seen before (3 of 41 kinds came on one day alone)`. */
export function unseenText({ share, kinds, once }: UnseenUse): string {
  const percent = share < 0.01 ? 'less than 1' : `about ${Math.round(share * 100)}`;
  return `${percent} % of a day's requests are of a kind not seen before (${once} of ${plural(kinds, 'kind')} came on one day alone)`;
}
