/**
 * What somebody needs, from what he was seen doing. Nothing is widened but by the rules that stand here:
 * - verbs that always go together (an informer's list and watch, a lock's get and update) are all needed once one was
 *   seen, as `impliedVerbs` has it; one that was seen itself stays as it was seen;
 * - names stay where every request had one, there are few, and none looks like one that Kubernetes made up;
 * - subresources, groups, paths and namespaces stay exactly as they were.
 */
import { type User, isNeverNamed, withImplicitGroups } from '../../engines/rbac/index.ts';
import type { Asked, RequestUse, UseRecord } from '../../record/index.ts';
import { resourceOf } from '../requests/uses.ts';
import { impliedVerbs } from '../requests/together.ts';

export interface Seen {
  readonly count: number;
  /** Seconds since 1970. */
  readonly first: number;
  readonly last: number;
}

/** One verb on one resource in one scope, or on one path. */
export interface Need {
  readonly verb: string;
  readonly apiGroup: string;
  /** With its subresource, as rules write it; '' for a path. */
  readonly resource: string;
  /** '' in the whole cluster. */
  readonly namespace: string;
  /** Undefined for objects of any name. */
  readonly names: readonly string[] | undefined;
  readonly path: string;
  /** Of what was recorded; for a verb that goes with another, of that one. */
  readonly seen: Seen;
  /** The verb that was seen, where this one was not. */
  readonly goesWith: string | undefined;
}

export interface NeedOptions {
  /** Beyond so many names a rule is for all of them. */
  readonly mostNames?: number;
  /** Also what was refused: what somebody tried and did not get. */
  readonly withDenied?: boolean;
}

/** Somebody asked the server whether he may do everything: a question, and no use of a right. */
function isStarred({ through, verb, apiGroup, resource, subresource, path }: Asked): boolean {
  return through === 'review' && [verb, apiGroup, resource, subresource, path].some((part) => part.includes('*'));
}

/** The verbs that go with a use, as requests of their own. */
export function together(asked: Asked): Asked[] {
  return impliedVerbs(asked).map((verb) => ({
    ...asked,
    verb,
    name: isNeverNamed({ verb, subresource: asked.subresource }) ? '' : asked.name,
  }));
}

const MOST_NAMES = 4;
/** What the API server appends to a generateName, and controllers to the names of what they make. */
const MADE_UP = /-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

interface Draft extends Wanted {
  readonly names: Set<string>;
  unnamed: boolean;
  seen: Seen;
}

/** How often a use counts; 0 where it is not to be allowed. */
export function countOf({ asked, allowed, unclear, denied }: RequestUse, { withDenied = false }: NeedOptions): number {
  return isStarred(asked) ? 0 : allowed + unclear + (withDenied ? denied : 0);
}

/** The needs of one subject, with the verbs that go together. */
export function needsOf(uses: readonly RequestUse[], options: NeedOptions = {}): Need[] {
  const seen = new Set(uses.map(({ asked }) => verbKey(asked)));
  const implied = uses.flatMap((use) =>
    together(use.asked)
      .filter((asked) => !seen.has(verbKey(asked)))
      .map((asked): Wanted => ({ use: { ...use, asked }, goesWith: use.asked.verb })),
  );
  return needsFor([...uses.map((use): Wanted => ({ use, goesWith: undefined })), ...implied], options);
}

/** A use, or a verb that goes with it as if it had been used. */
export interface Wanted {
  readonly use: RequestUse;
  readonly goesWith: string | undefined;
}

/** Which verb on what, wherever and whatever its name. */
export function verbKey({ verb, apiGroup, resource, subresource }: Asked): string {
  return JSON.stringify([verb, apiGroup, resource, subresource]);
}

/** Exactly what is wanted. Paths of which there were too many to keep are left out: no rule without a star is for them. */
export function needsFor(wanted: readonly Wanted[], options: NeedOptions = {}): Need[] {
  const drafts = new Map<string, Draft>();
  for (const { use, goesWith } of wanted) {
    const count = countOf(use, options);
    const { asked } = use;
    if (count === 0 || (asked.resource === '' && asked.path === '')) continue;
    const seen = { count, first: use.first, last: use.last };
    const key = keyOf({ ...asked, resource: resourceOf(asked) });
    let draft = drafts.get(key);
    if (draft === undefined) drafts.set(key, (draft = { use, goesWith, names: new Set(), unnamed: false, seen }));
    else draft.seen = bothSeen(draft.seen, seen);
    if (asked.name === undefined || asked.name === '' || isNeverNamed(asked)) draft.unnamed = true;
    else draft.names.add(asked.name);
  }
  const { mostNames = MOST_NAMES } = options;
  return withoutCovered([...drafts.values()].map((draft) => needOf(draft, mostNames)));
}

function needOf({ use: { asked }, goesWith, names, unnamed, seen }: Draft, mostNames: number): Need {
  const { verb, apiGroup, namespace, path } = asked;
  const isAny = unnamed || names.size > mostNames || [...names].some((name) => MADE_UP.test(name));
  const kept = asked.resource === '' || isAny ? undefined : [...names].toSorted();
  return { verb, apiGroup, resource: resourceOf(asked), namespace, names: kept, path, seen, goesWith };
}

/** What is allowed in the whole cluster need not be allowed in a namespace again. */
function withoutCovered(needs: readonly Need[]): Need[] {
  const whole = new Map(needs.filter(({ namespace }) => namespace === '').map((need) => [keyOf(need), need]));
  return needs.filter((need) => {
    const over = need.namespace === '' ? undefined : whole.get(keyOf({ ...need, namespace: '' }));
    if (over === undefined) return true;
    return over.names !== undefined && !(need.names?.every((name) => over.names?.includes(name)) ?? false);
  });
}

function keyOf({ verb, apiGroup, resource, namespace, path }: Pick<Need, 'verb' | 'apiGroup' | 'resource' | 'namespace' | 'path'>): string {
  return JSON.stringify([verb, apiGroup, resource, namespace, path]);
}

function bothSeen(one: Seen, other: Seen): Seen {
  return { count: one.count + other.count, first: Math.min(one.first, other.first), last: Math.max(one.last, other.last) };
}

/** Whoever acts in a record, under the groups that the server adds; one entry for each actor of the record. */
export function usersOf({ actors }: Pick<UseRecord, 'actors'>): User[] {
  return actors.map(({ name, groups }) => withImplicitGroups({ name, groups }));
}
