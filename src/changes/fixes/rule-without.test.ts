import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS } from '../../../test/runs.ts';
import { applyPatch } from '../../lib/json-patch.ts';
import { narrowing, withoutInRule } from './rule-without.ts';

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
