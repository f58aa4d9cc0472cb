import { expect, it } from 'vitest';
import { checkTaken } from './taken.ts';

type Raw = Record<string, unknown>;

const refusal = (target: string, before: Raw, after: Raw): string => {
  try {
    checkTaken(target, before, after);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
const binding = (kind: string, name: string, apiGroup = 'rbac.authorization.k8s.io'): Raw => ({ roleRef: { apiGroup, kind, name } });
const namespace = (labels?: Raw): Raw => ({ metadata: { name: 'x', ...(labels !== undefined && { labels }) } });
const LEVEL = 'pod-security.kubernetes.io/enforce';

it('a binding gives the role that it gave', () => {
  for (const target of ['RoleBinding/x/b', 'ClusterRoleBinding/b']) {
    expect(refusal(target, binding('ClusterRole', 'view'), binding('ClusterRole', 'edit'))).toMatch(/refuse to change roleRef/);
    expect(refusal(target, binding('ClusterRole', 'view'), binding('Role', 'view'))).toMatch(/refuse to change roleRef/);
    expect(refusal(target, binding('ClusterRole', 'view'), {})).toMatch(/refuse to change roleRef/);
    // The server fills the group in.
    expect(refusal(target, binding('ClusterRole', 'view'), binding('ClusterRole', 'view', ''))).toBe('');
  }
  // A kind of somebody else may change what it likes.
  expect(refusal('RoleBinding.iam.example/x/b', binding('Role', 'a'), binding('Role', 'b'))).toBe('');
});

it('a namespace gets the levels and versions that there are', () => {
  const set = (key: string, value: unknown): string => refusal('Namespace/x', namespace({ team: 'a' }), namespace({ [key]: value }));
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`;
    for (const value of ['privileged', 'baseline', 'restricted']) expect(set(key, value), value).toBe('');
    for (const value of ['strict', 'Restricted', 'restricted ', '', 3]) expect(set(key, value), String(value)).toContain(`refuse ${key}`);
    for (const value of ['latest', 'v1.0', 'v1.36']) expect(set(`${key}-version`, value), value).toBe('');
    for (const value of ['1.36', 'v1.036', 'v2.1', 'v1.36.1', 'newest'])
      expect(set(`${key}-version`, value), value).toContain(`refuse ${key}-version`);
  }
  expect(set('pod-security.kubernetes.io/exempt', 'x')).toBe('');
  expect(refusal('Namespace/x', namespace(), namespace({ [LEVEL]: 'strict' }))).toContain('"strict"');
});

it('what is wrong already stays as it is, and what goes is no matter', () => {
  const wrong = namespace({ [LEVEL]: 'strict', team: 'a' });
  expect(refusal('Namespace/x', wrong, namespace({ [LEVEL]: 'strict', team: 'b' }))).toBe('');
  expect(refusal('Namespace/x', wrong, namespace())).toBe('');
  // Of any other object such a label says nothing.
  expect(refusal('ConfigMap/x/c', namespace(), namespace({ [LEVEL]: 'strict' }))).toBe('');
});
