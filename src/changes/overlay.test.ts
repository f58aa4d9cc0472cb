import { describe, expect, test } from 'vitest';
import type { Change, Patch } from '../rules/index.ts';
import type { SourceObject } from '../snapshot/index.ts';
import { overlaid } from './overlay.ts';

const source = (object: Record<string, unknown>): SourceObject => ({
  object,
  origin: { source: 'a.yaml', line: 1, format: 'yaml', prefix: [] },
});
const OBJECTS = [
  source({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'cart', namespace: 'shop' } }),
  source({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }),
  source({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } }),
  source({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'b', namespace: 'shop' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
    subjects: [],
  }),
];
const change = (...patches: Patch[]): Change => ({ patches, effort: 'low' });
const patch = (target: string, ...operations: Patch['patch']): Patch => ({ target, operation: 'patch', patch: operations });

describe('an overlay', () => {
  test('patches, deletes and creates, and shares what it leaves alone', () => {
    const created = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'n', namespace: 'shop' } };
    const { objects, touched } = overlaid(OBJECTS, [
      change(patch('ServiceAccount/shop/cart', { op: 'add', path: '/automountServiceAccountToken', value: false })),
      change(
        { target: 'ConfigMap/default/c', operation: 'delete', patch: [] },
        { target: 'ConfigMap/shop/n', operation: 'create', patch: [], object: created },
      ),
    ]);
    expect(objects.map(({ object }) => object)).toEqual([
      { ...OBJECTS[0]?.object, automountServiceAccountToken: false },
      OBJECTS[1]?.object,
      OBJECTS[3]?.object,
      created,
    ]);
    expect(objects[1]).toBe(OBJECTS[1]);
    expect([...touched]).toEqual(['ServiceAccount/shop/cart', 'ConfigMap/default/c', 'ConfigMap/shop/n']);
  });

  test('lets a later change build on an earlier one', () => {
    const { objects } = overlaid(OBJECTS, [
      change(patch('ConfigMap/default/c', { op: 'replace', path: '/data/a', value: '2' })),
      change(patch('ConfigMap/default/c', { op: 'test', path: '/data/a', value: '2' }, { op: 'remove', path: '/data/a' })),
    ]);
    expect(objects[2]?.object.data).toEqual({});
  });

  test('makes a binding anew where it gives another role', () => {
    const object = { ...OBJECTS[3]?.object, roleRef: { kind: 'ClusterRole', name: 'view' } };
    const target = 'RoleBinding/shop/b';
    const { objects } = overlaid(OBJECTS, [
      change({ target, operation: 'delete', patch: [] }, { target, operation: 'create', patch: [], object }),
    ]);
    expect(objects[3]?.object).toEqual(object);
    // The kind of a role without a group is that of RBAC.
    expect(overlaid(OBJECTS, [change(patch(target, { op: 'replace', path: '/roleRef/apiGroup', value: '' }))]).objects).toHaveLength(4);
  });

  test.each<[string, Patch]>([
    ['there is no', patch('Secret/shop/x', { op: 'remove', path: '/data' })],
    ['there already', { target: 'Namespace/shop', operation: 'create', patch: [], object: OBJECTS[1]?.object }],
    ['is another one', patch('ConfigMap/default/c', { op: 'test', path: '/data/a', value: '9' })],
    ['is not ConfigMap/shop/x', { target: 'ConfigMap/shop/x', operation: 'create', patch: [], object: { kind: 'ConfigMap' } }],
    ['refuse to change roleRef', patch('RoleBinding/shop/b', { op: 'replace', path: '/roleRef/name', value: 'view' })],
    ['another object of it', patch('ConfigMap/default/c', { op: 'replace', path: '/metadata/name', value: 'd' })],
  ])('is refused: %s', (message, one) => {
    expect(() => overlaid(OBJECTS, [change(one)])).toThrow(
      expect.objectContaining({ code: 'CAS_CHANGE', message: expect.stringContaining(message) as string }),
    );
  });
});
