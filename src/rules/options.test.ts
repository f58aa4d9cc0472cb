/** Rules that say nothing until somebody sets their options. */
import { describe, expect, it } from 'vitest';
import { clusterOf, objectsOf } from '../../test/rule-tester.ts';
import { RULES, judge } from './index.ts';

function evaluated(rule: (typeof RULES)[number], options?: unknown): boolean {
  const { good, bad } = rule.examples();
  return [...good, ...bad.map(({ yaml }) => yaml)].some((yaml) =>
    judge(
      clusterOf(objectsOf(yaml)),
      { rules: [rule], ruleOptions: options === undefined ? {} : { [rule.id]: options } },
      () => undefined,
    ).evaluated.has(rule.id),
  );
}

describe('a rule that needs options', () => {
  const rules = RULES.filter(({ needs }) => needs?.includes('options') === true);
  it('is one of a few', () => {
    expect(rules.map(({ id }) => id)).toEqual(['sorted-keys', 'required-annotations', 'image-registry'].sort(byPlace));
  });
  it.each(rules.map((rule) => [rule.id, rule] as const))('%s judges nothing without them, and so passes nothing', (_id, rule) => {
    expect(evaluated(rule)).toBe(false);
    expect(evaluated(rule, rule.examples().options)).toBe(true);
  });
});

describe('a namespace in which nothing runs', () => {
  const empty = objectsOf('apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}');
  it.each(['pss-namespace-labels', 'namespace-quota', 'namespace-limitrange', 'ns-without-netpol'])('passes no %s', (id) => {
    const rules = RULES.filter((rule) => rule.id === id);
    expect(rules).toHaveLength(1);
    expect([...judge(clusterOf(empty), { rules }, () => undefined).evaluated]).toEqual([]);
  });
});

/** In the order of the registry. */
function byPlace(one: string, other: string): number {
  const ids = RULES.map(({ id }) => id);
  return ids.indexOf(one) - ids.indexOf(other);
}
