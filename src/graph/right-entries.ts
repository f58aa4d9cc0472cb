/** Rules of bindings that give rights: what is asked of them, and which of them suffice together. */
import type { Binding, RoleRule } from '../engines/rbac/index.ts';
import type { Where } from './drawing.ts';
import type { Right } from './right.ts';

/** A binding, or a role that somebody can bind to himself, which is no object yet. */
export interface Bound extends Pick<Binding, 'ref' | 'namespace' | 'subjects'> {
  /** That of the binding; undefined for what is none. */
  readonly id?: number;
  readonly object: Binding['object'] | undefined;
}

/** A rule of a binding that gives a right. */
export interface Entry {
  readonly binding: Bound;
  readonly roleRule: RoleRule;
  readonly names: readonly string[] | undefined;
}

export type RuleOfBinding = Pick<Entry, 'binding' | 'roleRule'>;

/** What is asked of one subject: a right in a namespace, '' for the cluster, of one object or of all. */
export interface Ask {
  readonly right: Right;
  /** All of the subject, as `jointly` tells them. */
  readonly entries: readonly Entry[];
  readonly namespace: string;
  readonly name?: string | undefined;
  /** Asks for any object whatever, in any namespace, in place of a name. */
  readonly some?: true;
}

/** A right and the rule that gives it. */
export interface Taken {
  readonly right: Right;
  readonly where: Where;
}

/** Everywhere. */
export const ANYWHERE = '*';

/** What a rule gives, by its index in the role that it stands in: where, and by way of the role that is bound. */
export function effectName(source: string, { index, scope, role }: { index: number; scope: string; role: string }): string {
  const where = scope === ANYWHERE ? 'everywhere' : `in ${scope}`;
  return `rule ${index + 1} of ${source} ${where}${role === source ? '' : ` by way of ${role}`}`;
}

export function scopeOf({ namespace }: Bound): string {
  return namespace === '' ? ANYWHERE : namespace;
}

/** `rules[3]`: evidence of a hundred thousand edges stands in few places, each of which is one text. */
export function placeIn(list: 'rules' | 'subjects', index: number): string {
  return (PLACES[list][index] ??= `${list}[${index}]`);
}
const PLACES: Readonly<Record<'rules' | 'subjects', string[]>> = { rules: [], subjects: [] };

export function seatOf({ object }: Bound, index: number): Where | undefined {
  return object === undefined ? undefined : { object, path: placeIn('subjects', index) };
}

export function evidenceOf({ roleRule }: Pick<RuleOfBinding, 'roleRule'>): Where {
  return { object: roleRule.source, path: placeIn('rules', roleRule.index) };
}

/** The name of an object if any entry is for it by its name; what counts for all of a kind is asked for once for all of them. */
export function nameIn(entries: readonly Entry[], name: string): string | undefined {
  return entries.some(({ names }) => names?.includes(name) === true) ? name : undefined;
}

export function fittingEntries({ entries, namespace, name, some }: Ask): readonly Entry[] {
  if (some === true) return entries;
  if (entries.every((entry) => fits(entry, namespace, name))) return entries;
  return entries.filter((entry) => fits(entry, namespace, name));
}

function fits({ binding, names }: Entry, namespace: string, name: string | undefined): boolean {
  return (
    (binding.namespace === '' || binding.namespace === namespace) && (names === undefined || (name !== undefined && names.includes(name)))
  );
}

/**
 * The rights without which a way is none. One that its rule gives beside another one counts only where no other rule gives
 * it: with that the rest of the rule would be a way again.
 */
export function takenFrom(way: readonly Entry[], rights: readonly Right[], fitting: readonly (readonly Entry[])[]): Taken[] {
  const gives = (index: number, { roleRule }: Entry): boolean =>
    fitting[index]?.some((other) => isSameRule(other.roleRule, roleRule)) === true;
  return rights.flatMap((right, index) => {
    const [giver, ...others] = way.filter((entry) => gives(index, entry));
    if (giver === undefined || others.some(({ roleRule }) => !isSameRule(roleRule, giver.roleRule))) return [];
    const isAlone = fitting[index]?.every(({ roleRule }) => isSameRule(roleRule, giver.roleRule)) === true;
    const isForThis = rights.every((_, other) => other === index || !gives(other, giver));
    return isAlone || isForThis ? [{ right, where: evidenceOf(giver) }] : [];
  });
}

function isSameRule({ source, index }: RoleRule, other: RoleRule): boolean {
  return source === other.source && index === other.index;
}

/** How many ways are drawn to several rights, and among how many they are looked for. */
const MOST_WAYS = 16;
const MOST_CHOICES = 256;

/** Every choice of one of each list that no other one is a part of; undefined where there are too many. */
export function smallestChoices(lists: readonly (readonly Entry[])[]): (readonly Entry[])[] | undefined {
  // One right by itself is told by all that give it.
  const [only, ...others] = lists;
  if (only !== undefined && others.length === 0)
    return only.filter((entry, index) => only.findIndex((one) => isSame(one, entry)) === index).map((entry) => [entry]);
  const sole = soleChoice(lists);
  if (sole !== undefined) return [sole];
  let choices: (readonly Entry[])[] = [[]];
  for (const list of lists) {
    if (choices.length * list.length > MOST_CHOICES) return undefined;
    choices = choices.flatMap((choice) => list.map((entry) => (choice.some((one) => isSame(one, entry)) ? choice : [...choice, entry])));
  }
  const kept: (readonly Entry[])[] = [];
  for (const choice of choices.toSorted((a, b) => a.length - b.length))
    if (!kept.some((smaller) => smaller.every((one) => choice.some((other) => isSame(one, other))))) kept.push(choice);
  return kept.length > MOST_WAYS ? undefined : kept;
}

/** Of two lists that have one entry each, as nearly all that are asked for. */
function soleChoice(lists: readonly (readonly Entry[])[]): readonly Entry[] | undefined {
  const [ones, others] = lists;
  if (lists.length !== 2 || ones?.length !== 1 || others?.length !== 1) return undefined;
  const [[one], [other]] = [ones, others];
  if (one === undefined || other === undefined) return undefined;
  return isSame(one, other) ? [one] : [one, other];
}

function isSame(one: Entry, other: Entry): boolean {
  return one.binding === other.binding && one.roleRule === other.roleRule;
}

/** A rule with every verb on every resource of every group. */
export function isEverything({ rule }: RoleRule): boolean {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  return resourceNames.length === 0 && verbs.includes('*') && apiGroups.includes('*') && resources.includes('*');
}
