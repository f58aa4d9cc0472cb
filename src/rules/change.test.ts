import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { RUNS } from '../../test/runs.ts';
import { joinPath, valueAt } from '../lib/field-path.ts';
import { type PatchOperation, applyPatch } from '../lib/json-patch.ts';
import { changeOf } from './change.ts';
import { RULES } from './index.ts';
import type { Edit, Rule } from './rule.ts';

const [RULE] = RULES as [Rule];

function patchOf(object: Record<string, unknown>, edits: readonly Edit[], path = ''): PatchOperation[] {
  const [made] = clusterOf([object]).objects;
  if (made === undefined) throw new Error('no object');
  const [patch] = changeOf(RULE, edits, { object: made, path }).patches;
  return patch?.patch ?? [];
}

const pod = (spec: Record<string, unknown>): Record<string, unknown> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', namespace: 'shop' },
  spec,
});

describe('changeOf', () => {
  it('makes the parents that are missing', () => {
    expect(patchOf(pod({}), [{ set: 'spec.securityContext.seccompProfile.type', value: 'RuntimeDefault' }])).toEqual([
      { op: 'add', path: '/spec/securityContext', value: { seccompProfile: { type: 'RuntimeDefault' } } },
    ]);
    expect(patchOf(pod({ securityContext: {} }), [{ set: 'spec.securityContext.runAsNonRoot', value: true }])).toEqual([
      { op: 'add', path: '/spec/securityContext/runAsNonRoot', value: true },
    ]);
  });

  it('starts at the place of the hit, and removes', () => {
    const object = pod({ containers: [{ name: 'a', securityContext: { privileged: true } }] });
    expect(patchOf(object, [{ remove: 'securityContext.privileged' }], 'spec.containers[0]')).toEqual([
      { op: 'remove', path: '/spec/containers/0/securityContext/privileged' },
    ]);
  });

  it('lets a later edit stand inside what an earlier one made', () => {
    const object = pod({});
    const patch = patchOf(object, [
      { set: 'spec.securityContext.runAsUser', value: 1 },
      { set: 'spec.securityContext.runAsGroup', value: 2 },
    ]);
    expect(applyPatch(object, patch)).toEqual(pod({ securityContext: { runAsUser: 1, runAsGroup: 2 } }));
    expect(object).toEqual(pod({}));
  });

  it('names the object, the file and the effort', () => {
    const [made] = clusterOf([pod({})]).objects;
    if (made === undefined) throw new Error('no object');
    const withText = { ...made, origin: { ...made.origin, text: 'x' } };
    expect(changeOf({ ...RULE, effort: 'high' }, [], { object: withText, path: '' })).toEqual({
      patches: [{ target: 'Pod/shop/x', operation: 'patch', patch: [], file: 'example.yaml' }],
      effort: 'high',
    });
    expect(changeOf({ ...RULE, effort: 'low' }, [], { object: made, path: '' }).patches[0]?.file).toBeUndefined();
  });

  it('sets the field, whatever stood there before', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'x/y', '~', 'c.d'), { minLength: 1, maxLength: 4 });
    const leaf = fc.constantFrom<unknown[]>(1, 'text', null, true, {});
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(fc.constantFrom('a', 'b', 'x/y', '~', 'c.d'), tie('tree'), { maxKeys: 3 })),
    }));
    const property = fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'x/y'), tree),
      fc.array(keys, { minLength: 1, maxLength: 3 }),
      (data, paths) => {
        const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'x' }, data };
        const edits = paths.map((path, index): Edit => ({ set: ['data', ...path].reduce<string>(joinPath, ''), value: index }));
        const mended = applyPatch(object, patchOf(object, edits));
        const last = paths.at(-1) ?? [];
        expect(valueAt(mended, ['data', ...last])).toBe(paths.length - 1);
      },
    );
    fc.assert(property, { numRuns: RUNS });
  });
});
