/** Bindings joined with roles: aggregation, groups, wildcards. */
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { type PolicyRule, coversResource, subjectsOf } from './access.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

function clusterRole(
  name: string,
  rules: PolicyRule[],
  extra: { labels?: Record<string, string>; from?: Record<string, string> } = {},
): unknown {
  const aggregationRule = extra.from === undefined ? {} : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: extra.from }] } };
  return { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name, labels: extra.labels ?? {} }, rules, ...aggregationRule };
}

function binding(name: string, role: string, subject: Record<string, string>, namespace = ''): unknown {
  return {
    apiVersion: RBAC,
    kind: namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: namespace === '' ? { name } : { name, namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [subject],
  };
}

const PODS: PolicyRule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const SECRETS: PolicyRule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
const NODES: PolicyRule = { apiGroups: [''], resources: ['nodes'], verbs: ['get'] };

describe('aggregation', () => {
  const { ClusterRole, access } = clusterOf([
    clusterRole('top', [], { from: { tier: 'middle' } }),
    clusterRole('middle', [PODS], { labels: { tier: 'middle' }, from: { tier: 'leaf' } }),
    clusterRole('leaf', [SECRETS], { labels: { tier: 'leaf' } }),
    clusterRole('apart', [NODES], { labels: { tier: 'other' } }),
    binding('tops', 'top', { kind: 'User', name: 'jane' }),
    binding('aparts', 'apart', { kind: 'User', name: 'joe' }),
  ]).tables;
  const role = (name: string) => ClusterRole.get('', name) ?? expect.unreachable(name);

  it('puts the rules of the lowest level in the place of those above', () => {
    expect(access.rulesOf(role('top'))).toEqual([SECRETS]);
    expect(access.rulesOf(role('middle'))).toEqual([SECRETS]);
    expect(['top', 'middle', 'leaf', 'apart'].filter((name) => access.isOverwritten(role(name)))).toEqual(['top', 'middle']);
    expect(access.rulesOf(role('leaf'))).toEqual([SECRETS]);
    expect(access.partsOf(role('top'))).toEqual([role('middle')]);
  });

  it('reaches the holders of every level above', () => {
    expect(access.grantsReaching(role('leaf')).map((grant) => grant.binding.name)).toEqual(['tops']);
    expect(access.grantsOf(role('leaf'))).toEqual([]);
    expect(access.grantsReaching(role('apart')).map((grant) => grant.binding.name)).toEqual(['aparts']);
  });

  it('takes what stands in a role while no part of it is in the input', () => {
    const dump = clusterOf([clusterRole('sum', [PODS, SECRETS], { from: { tier: 'gone' } })]).tables;
    const sum = dump.ClusterRole.get('', 'sum') ?? expect.unreachable();
    expect(dump.access.rulesOf(sum)).toEqual([PODS, SECRETS]);
    expect(dump.access.isOverwritten(sum)).toBe(false);
  });

  it('counts what goes round in a circle, and what is above one', () => {
    const circle = clusterOf([
      clusterRole('above', [NODES], { from: { one: 'x' } }),
      clusterRole('a', [PODS], { labels: { one: 'x' }, from: { two: 'x' } }),
      clusterRole('b', [], { labels: { two: 'x' }, from: { one: 'x' } }),
      clusterRole('leaf', [SECRETS], { labels: { two: 'x' } }),
    ]).tables;
    const above = circle.ClusterRole.get('', 'above') ?? expect.unreachable();
    expect(circle.access.rulesOf(above)).toEqual([NODES, PODS, SECRETS]);
  });

  it('ends where roles aggregate each other', () => {
    const circle = clusterOf([
      clusterRole('a', [PODS], { labels: { one: 'x' }, from: { two: 'x' } }),
      clusterRole('b', [SECRETS], { labels: { two: 'x' }, from: { one: 'x' } }),
      binding('as', 'a', { kind: 'User', name: 'jane' }),
    ]).tables;
    const b = circle.ClusterRole.get('', 'b') ?? expect.unreachable();
    expect(circle.access.rulesOf(b)).toEqual([SECRETS, PODS]);
    expect(circle.access.grantsReaching(b)).toHaveLength(1);
  });

  it('takes an empty selector for every other role', () => {
    const all = clusterOf([clusterRole('all', [], { from: {} }), clusterRole('x', [PODS]), clusterRole('y', [SECRETS])]).tables;
    expect(all.access.rulesOf(all.ClusterRole.get('', 'all') ?? expect.unreachable())).toEqual([PODS, SECRETS]);
  });
});

describe('subjects', () => {
  it('counts what a service account has by name, as a user and by its groups', () => {
    const { access } = clusterOf([
      binding('own', 'r', { kind: 'ServiceAccount', name: 'app', namespace: 'shop' }),
      binding('user', 'r', { kind: 'User', name: 'system:serviceaccount:shop:app' }),
      binding('namespace', 'r', { kind: 'Group', name: 'system:serviceaccounts:shop' }),
      binding('accounts', 'r', { kind: 'Group', name: 'system:serviceaccounts' }),
      binding('everybody', 'r', { kind: 'Group', name: 'system:authenticated' }),
      binding('anonymous', 'r', { kind: 'Group', name: 'system:unauthenticated' }),
      binding('other', 'r', { kind: 'ServiceAccount', name: 'app', namespace: 'ops' }),
      binding('otherNamespace', 'r', { kind: 'Group', name: 'system:serviceaccounts:ops' }),
    ]).tables;
    expect(access.grantsToServiceAccount('shop', 'app').map((grant) => grant.binding.name)).toEqual([
      'own',
      'user',
      'namespace',
      'accounts',
      'everybody',
    ]);
  });

  it('gives an account without a namespace that of its RoleBinding, and none in a ClusterRoleBinding', () => {
    const { RoleBinding, ClusterRoleBinding } = clusterOf([
      binding('a', 'r', { kind: 'ServiceAccount', name: 'app' }, 'shop'),
      binding('b', 'r', { kind: 'ServiceAccount', name: 'app' }),
    ]).tables;
    expect(RoleBinding.all.flatMap(subjectsOf)).toEqual([{ kind: 'ServiceAccount', name: 'app', namespace: 'shop' }]);
    expect(ClusterRoleBinding.all.flatMap(subjectsOf)).toEqual([{ kind: 'ServiceAccount', name: 'app', namespace: '' }]);
  });

  it('gives each variant of a role the same holders', () => {
    const { access, ClusterRole } = clusterOf([
      clusterRole('r', [PODS]),
      clusterRole('r', [SECRETS]),
      binding('b', 'r', { kind: 'User', name: 'jane' }),
    ]).tables;
    expect(ClusterRole.all.map((role) => access.grantsOf(role).length)).toEqual([1, 1]);
  });

  it('finds the grant of a binding, with no role where it is not in the input', () => {
    const { access, ClusterRoleBinding } = clusterOf([binding('b', 'elsewhere', { kind: 'User', name: 'jane' })]).tables;
    const grant = access.grantOf(ClusterRoleBinding.all[0] ?? expect.unreachable());
    expect(grant?.subjects).toHaveLength(1);
    expect(grant?.role).toBeUndefined();
  });
});

describe('coversResource', () => {
  it.each([
    ['pods/exec', true],
    ['*', true],
    ['*/exec', true],
    ['pods/*', false],
    ['pods', false],
    ['*/log', false],
    ['*/', false],
    ['*/ods/exec', false],
  ])('%s of pods/exec: %s', (entry, covered) => {
    expect(coversResource(entry, 'pods/exec')).toBe(covered);
  });
  it('does not take a subresource for its parent', () => {
    expect(coversResource('pods/exec', 'pods')).toBe(false);
    expect(coversResource('*/exec', 'pods')).toBe(false);
    expect(coversResource('*', 'pods')).toBe(true);
  });
});
