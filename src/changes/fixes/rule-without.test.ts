import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { applyPatch } from '../../lib/json-patch.ts';
import { narrowing, replacing, withoutInRule } from './rule-without.ts';

const RULE = { apiGroups: [''], resources: ['nodes', 'nodes/proxy', 'pods'], verbs: ['get', 'list', 'watch'] };

describe('a right taken out of a rule', () => {
  it('leaves the other resources, and the other verbs on its own', () => {
    expect(withoutInRule(RULE, { verbs: ['get'], resource: 'nodes/proxy' })).toEqual([
      { ...RULE, resources: ['nodes', 'pods'] },
      { ...RULE, resources: ['nodes/proxy'], verbs: ['list', 'watch'] },
    ]);
  });

  it('is not taken out of a star', () => {
    expect(withoutInRule({ ...RULE, resources: ['*'] }, { verbs: ['get'], resource: 'pods' })).toBeUndefined();
  });

  it('goes entry by entry, whatever else stands in the lists', () => {
    const texts = fc.uniqueArray(fc.constantFrom('get', 'list', 'watch', 'pods', 'secrets', 'nodes/proxy'), { minLength: 1 });
    fc.assert(
      fc.property(texts, texts, fc.constantFrom('pods', 'secrets', 'nodes/proxy'), (resources, verbs, resource) => {
        const rule = { apiGroups: [''], resources, verbs };
        const [first] = withoutInRule(rule, { verbs, resource }) ?? [];
        if (first === undefined) return;
        expect(applyPatch({ rules: [rule] }, narrowing('/rules/0', rule, first))).toEqual({ rules: [first] });
      }),
      { numRuns: RUNS },
    );
    const odd = { ...RULE, resources: [7, 'nodes', 'pods'] };
    expect(narrowing('/rules/0', odd, { ...RULE, resources: ['nodes'] })).toEqual([
      { op: 'remove', path: '/rules/0/resources/2' },
      { op: 'remove', path: '/rules/0/resources/0' },
    ]);
  });
});

describe('rules in the place of others', () => {
  it('are what is said, whatever was there', () => {
    const texts = fc.array(fc.constantFrom('*', 'get', 'list', 'pods', 'secrets', 'nodes/proxy'), { maxLength: 4 });
    const rule = fc.record({ apiGroups: texts, resources: texts, verbs: texts }).map((one): Record<string, unknown> => one);
    const path = fc.record({ nonResourceURLs: texts, verbs: texts }).map((one): Record<string, unknown> => one);
    const either = fc.oneof(rule, path);
    const place = fc.record({ rule: either, left: fc.oneof(fc.constant(undefined), fc.array(either, { maxLength: 3 })) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 4 }), (all) => {
        const rules = all.map((one) => one.rule);
        const inPlaceOf = all.map(({ rule: own, left }) => left ?? [own]);
        const { rules: made } = applyPatch({ rules }, replacing(rules, inPlaceOf)) as { rules: Record<string, unknown>[] };
        // An empty list that was there may stay.
        const said = (one: Record<string, unknown>): unknown =>
          Object.fromEntries(Object.entries(one).filter(([, value]) => (value as unknown[]).length > 0));
        expect(made.map(said)).toEqual(inPlaceOf.flat().map(said));
      }),
      { numRuns: RUNS },
    );
  });

  it('change no more than they have to', () => {
    const other = { ...RULE, verbs: ['get'] };
    const left = { ...RULE, resources: ['nodes', 'pods'] };
    expect(replacing([other, RULE, other], [[other], [left], []])).toEqual([
      { op: 'remove', path: '/rules/2' },
      { op: 'remove', path: '/rules/1/resources/1' },
    ]);
  });
});
