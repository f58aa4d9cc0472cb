/** What is left of a rule when some verbs on one resource are taken out of it. */
import { sameJson } from '../../lib/json-patch.ts';
import { isRecord, textOf } from '../../lib/record.ts';
import type { Patch } from '../../rules/index.ts';

/** A resource as graphs and people write it: `pods/exec`, `deployments.apps`. */
export interface TakenRight {
  readonly verbs: readonly string[];
  readonly resource: string;
}

/**
 * The rules that take the place of one. Undefined where the right is in it by a star, or not by name: then there is no
 * smaller rule that is sure to leave the rest.
 */
export function withoutInRule(
  rule: Readonly<Record<string, unknown>>,
  { verbs, resource }: TakenRight,
): Record<string, unknown>[] | undefined {
  const [ownVerbs, ownResources, ownGroups] = [textsIn(rule.verbs), textsIn(rule.resources), textsIn(rule.apiGroups)];
  const name = ownResources.find(
    (one) => one === resource || resource.startsWith(`${one}.`) || resource.replace(/^([^./]+)\.[^/]*/, '$1') === one,
  );
  const taken = ownVerbs.filter((verb) => verbs.includes(verb));
  if (name === undefined || taken.length === 0 || !isRecord(rule)) return undefined;
  const otherVerbs = ownVerbs.filter((verb) => !taken.includes(verb));
  const otherResources = ownResources.filter((one) => one !== name);
  const left: Record<string, unknown>[] = [];
  if (otherResources.length > 0) left.push({ ...rule, apiGroups: ownGroups, resources: otherResources });
  if (otherVerbs.length > 0) left.push({ ...rule, apiGroups: ownGroups, resources: [name], verbs: otherVerbs });
  return left;
}

/**
 * The operations that make one rule of the other, where it has fewer entries in its lists: entry by entry, so that who
 * writes them into a file leaves all else as it stands. The last first, as indexes move.
 */
export function narrowing(
  path: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Patch['patch'] {
  return Object.keys(before).flatMap((field) => {
    const list = before[field];
    const kept = new Set(textsIn(after[field]));
    return (Array.isArray(list) ? (list as unknown[]) : [])
      .map((entry, index) => ({ entry, index }))
      .filter(({ entry }) => !kept.has(textOf(entry)))
      .toReversed()
      .map(({ index }) => ({ op: 'remove' as const, path: `${path}/${field}/${index}` }));
  });
}

/**
 * The operations that put some rules in the place of each, the last first. Of what is left of a rule the first takes its
 * place field by field: lists lose entries, and only where they get others are they written anew.
 */
export function replacing(
  rules: readonly Readonly<Record<string, unknown>>[],
  inPlaceOf: readonly (readonly Readonly<Record<string, unknown>>[])[],
): Patch['patch'] {
  return rules
    .map((rule, index): Patch['patch'] => {
      const path = `/rules/${index}`;
      const [first, ...more] = inPlaceOf[index] ?? [];
      if (first === undefined) return [{ op: 'remove', path }];
      const added = more.map((value, at) => ({ op: 'add' as const, path: `/rules/${index + 1 + at}`, value }));
      return first === rule ? added : [...fieldsChanged(path, rule, first), ...added];
    })
    .toReversed()
    .flat();
}

function fieldsChanged(path: string, before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Patch['patch'] {
  const fewer = Object.keys(before).filter((field) => isSubset(after[field], before[field]));
  const pick = (rule: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(fewer.map((field) => [field, rule[field]]));
  const others = Object.keys(before).flatMap((field): Patch['patch'] => {
    const [was, is] = [before[field], after[field]];
    if (fewer.includes(field) || sameJson(was, is) || (Array.isArray(was) && was.length === 0 && is === undefined)) return [];
    return is === undefined ? [{ op: 'remove', path: `${path}/${field}` }] : [{ op: 'replace', path: `${path}/${field}`, value: is }];
  });
  const fresh = Object.keys(after).filter((field) => before[field] === undefined);
  return [
    ...narrowing(path, pick(before), pick(after)),
    ...others,
    ...fresh.map((field) => ({ op: 'add' as const, path: `${path}/${field}`, value: after[field] })),
  ];
}

/** Whether the one is the other without some of its entries, none of which stands twice. */
function isSubset(one: unknown, other: unknown): boolean {
  const [few, all] = [textsIn(one), textsIn(other)];
  if (!Array.isArray(one) || few.length === 0 || new Set(all).size !== all.length) return false;
  return sameJson(
    all.filter((text) => few.includes(text)),
    one,
  );
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((one) => typeof one === 'string') : [];
}
