/**
 * Roles whose rules were gathered from others, once the last of these is gone: the controller takes out what it wrote (it
 * owns that field), where a role that never had a part keeps what stands in it.
 */
import { isRecord, textOf } from '../lib/record.ts';
import { type LabelSelector, selectorMatches } from '../model/index.ts';
import type { SourceObject } from '../snapshot/index.ts';
import { refIn } from './overlay.ts';

type Raw = Readonly<Record<string, unknown>>;

/** `targets` are the objects that a change touches. The same list where nothing is emptied. */
export function withEmptiedRoles(
  before: readonly SourceObject[],
  after: readonly SourceObject[],
  targets: ReadonlySet<string>,
): readonly SourceObject[] {
  if (![...targets].some((target) => target.startsWith('ClusterRole/'))) return after;
  const [old, now] = [clusterRoles(before), clusterRoles(after)];
  const emptied = new Set<Raw>();
  for (const [ref, role] of now) {
    const was = old.get(ref);
    if (was === undefined || !isRecord(role.aggregationRule) || !hasRules(role)) continue;
    if (isGathered(was, old) && !isGathered(role, now)) emptied.add(role);
  }
  return emptied.size === 0
    ? after
    : after.map((one) => (emptied.has(one.object) ? { ...one, object: { ...one.object, rules: [] } } : one));
}

function clusterRoles(objects: readonly SourceObject[]): Map<string, Raw> {
  return new Map(objects.flatMap(({ object }) => (object.kind === 'ClusterRole' ? [[refIn(object), object] as const] : [])));
}

function isGathered(role: Raw, all: ReadonlyMap<string, Raw>): boolean {
  const { aggregationRule } = role;
  const selectors =
    isRecord(aggregationRule) && Array.isArray(aggregationRule.clusterRoleSelectors) ? aggregationRule.clusterRoleSelectors : [];
  return [...all.values()].some(
    (other) =>
      other !== role && hasRules(other) && selectors.some((selector) => selectorMatches(selector as LabelSelector, labelsOf(other))),
  );
}

function hasRules({ rules }: Raw): boolean {
  return Array.isArray(rules) && rules.length > 0;
}

function labelsOf({ metadata }: Raw): Record<string, string> {
  const labels = isRecord(metadata) && isRecord(metadata.labels) ? metadata.labels : {};
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, textOf(value)]));
}
