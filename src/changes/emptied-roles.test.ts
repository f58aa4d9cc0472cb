import { expect, test } from 'vitest';
import type { Patch } from '../rules/index.ts';
import { toState } from './state-examples.ts';

type Raw = Record<string, unknown>;

const RULES = [{ apiGroups: [''], resources: ['services'], verbs: ['get', 'update'] }];
const role = (name: string, more: Raw): Raw => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name },
  ...more,
});
const WHOLE = role('whole', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { agg: 'yes' } }] }, rules: RULES });
const PART = role('part', { metadata: { name: 'part', labels: { agg: 'yes' } }, rules: RULES });
const BINDING = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'b' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'whole' },
  subjects: [{ kind: 'User', name: 'ann' }],
};
const UPDATE = { verb: 'update', apiGroup: '', resource: 'services', subresource: '', namespace: 'shop', name: 'x' };

function annMay(objects: readonly Raw[], patch: Patch): boolean {
  const after = toState(objects).with({ patches: [patch], effort: 'low' });
  return after.rbac.authorize({ name: 'ann', groups: [] }, UPDATE).allowed;
}

test('a role that lost its last part gives nothing, though rules stand in it', () => {
  const patch = (op: Patch['patch'][number]): Patch => ({ target: 'ClusterRole/part', operation: 'patch', patch: [op] });
  const objects = [WHOLE, PART, BINDING];
  expect(annMay(objects, { target: 'ClusterRole/part', operation: 'delete', patch: [] })).toBe(false);
  expect(annMay(objects, patch({ op: 'replace', path: '/metadata/labels/agg', value: 'no' }))).toBe(false);
  expect(annMay(objects, patch({ op: 'replace', path: '/rules', value: [] }))).toBe(false);
  expect(annMay(objects, patch({ op: 'add', path: '/metadata/labels/more', value: 'x' }))).toBe(true);
  const other = { ...PART, metadata: { name: 'other', labels: { agg: 'yes' } } };
  expect(annMay([...objects, other], { target: 'ClusterRole/part', operation: 'delete', patch: [] })).toBe(true);
});

test('one that never had any keeps what stands in it', () => {
  const own = role('whole', { rules: RULES });
  const gathers = { op: 'add' as const, path: '/aggregationRule', value: { clusterRoleSelectors: [{ matchLabels: { agg: 'no' } }] } };
  expect(annMay([own, BINDING], { target: 'ClusterRole/whole', operation: 'patch', patch: [gathers] })).toBe(true);
});
