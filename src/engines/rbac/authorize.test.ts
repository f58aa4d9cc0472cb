import { describe, expect, it } from 'vitest';
import { accountOf, withImplicitGroups } from './identity.ts';
import { rbacOfObjects } from './read.ts';
import { resourceRequest } from './request.ts';
import { grantText } from './world.ts';

const API = 'rbac.authorization.k8s.io';

function clusterRole(
  name: string,
  rules: object[],
  more: { labels?: Record<string, string>; picks?: Record<string, string>[] } = {},
): Record<string, unknown> {
  const { labels, picks } = more;
  return {
    apiVersion: `${API}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules,
    ...(picks !== undefined && { aggregationRule: { clusterRoleSelectors: picks.map((matchLabels) => ({ matchLabels })) } }),
  };
}

function binding(name: string, role: string, { namespace, subjects }: { namespace?: string; subjects: object[] }): Record<string, unknown> {
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  return { apiVersion: `${API}/v1`, kind, metadata: { name, namespace }, roleRef: { kind: 'ClusterRole', name: role }, subjects };
}

const READ_PODS = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const JANE = { name: 'jane', groups: [] };

describe('the reason of a yes', () => {
  it('names binding, role and rule, and the component of an aggregated rule', () => {
    const rbac = rbacOfObjects([
      clusterRole('plain', [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }, READ_PODS]),
      clusterRole('all', [], { picks: [{ to: 'all' }] }),
      clusterRole('part', [{ apiGroups: ['x'], resources: ['widgets'], verbs: ['list'] }], { labels: { to: 'all' } }),
      binding('b', 'plain', { namespace: 'shop', subjects: [{ kind: 'User', name: 'jane' }] }),
      binding('c', 'all', { subjects: [{ kind: 'Group', name: 'dev' }] }),
    ]);
    const text = (decision: ReturnType<typeof rbac.authorize>): string =>
      decision.allowed && decision.by !== 'system:masters' ? grantText(decision.by) : String(decision.allowed);
    expect(text(rbac.authorize(JANE, resourceRequest('get', 'pods', { namespace: 'shop' })))).toBe(
      'RoleBinding/shop/b → ClusterRole/plain rule 2',
    );
    expect(text(rbac.authorize({ name: 'x', groups: ['dev'] }, resourceRequest('list', 'widgets', { apiGroup: 'x' })))).toBe(
      'ClusterRoleBinding/c → ClusterRole/all → ClusterRole/part rule 1',
    );
    // What a namespace gives is not for the cluster.
    expect(text(rbac.authorize(JANE, resourceRequest('get', 'nodes')))).toBe('false');
  });
});

describe('aggregation', () => {
  const parts = [
    clusterRole('view', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }], { picks: [{ to: 'view' }] }),
    binding('b', 'view', { subjects: [{ kind: 'User', name: 'jane' }] }),
  ];
  it('overwrites what is written by hand, but never by nothing', () => {
    const may = (...more: Record<string, unknown>[]): boolean =>
      rbacOfObjects([...parts, ...more]).authorize(JANE, resourceRequest('get', 'secrets', { namespace: 'a' })).allowed;
    const labels = { to: 'view' };
    const deep = clusterRole('deep', [READ_PODS], { labels: { to: 'deep' } });
    expect(may(clusterRole('part', [READ_PODS], { labels }))).toBe(false);
    expect(may(clusterRole('part', [], { labels, picks: [{ to: 'deep' }] }), deep)).toBe(false);
    expect(may()).toBe(true);
    expect(may(clusterRole('part', [], { labels }))).toBe(true);
  });
  it('remembers who contributed', () => {
    const rbac = rbacOfObjects([
      ...parts,
      clusterRole('p', [READ_PODS], { labels: { to: 'view' } }),
      clusterRole('q', [READ_PODS], { labels: { to: 'view' } }),
    ]);
    const view = rbac.role('ClusterRole/view');
    expect(view?.aggregated).toBe(true);
    expect(view?.rules.map(({ source, index }) => [source.name, index])).toEqual([
      ['p', 0],
      ['q', 0],
    ]);
    // Equal rules are one.
    expect(new Set(view?.rules.map(({ rule }) => rule)).size).toBe(1);
  });
});

describe('what allows an action', () => {
  const rbac = rbacOfObjects([
    clusterRole('r', [
      { apiGroups: [''], resources: ['secrets'], verbs: ['*'], resourceNames: ['db'] },
      { apiGroups: [''], resources: ['pods', '*/log'], verbs: ['get', 'create'] },
    ]),
    binding('here', 'r', { namespace: 'shop', subjects: [{ kind: 'ServiceAccount', name: 'ci' }] }),
    binding('nobody', 'r', { subjects: [{ kind: 'ServiceAccount', name: 'ci' }] }),
  ]);
  /** By binding. */
  const names = (verb: string, resource: string): unknown =>
    Object.fromEntries(
      rbac
        .allowing({ ...resourceRequest(verb, resource), name: undefined }, 'shop')
        .map(({ binding: { ref }, names: only }) => [ref, only]),
    );
  it('tells names where only they are allowed, and leaves out what has none', () => {
    const both = (only: unknown): unknown => ({ 'ClusterRoleBinding/nobody': only, 'RoleBinding/shop/here': only });
    expect(names('get', 'secrets')).toEqual(both(['db']));
    expect(names('list', 'secrets')).toEqual(both(['db']));
    expect(names('create', 'secrets')).toEqual({});
    expect(names('deletecollection', 'secrets')).toEqual({});
    expect(names('create', 'pods')).toEqual(both(undefined));
    expect(names('get', 'pods/log')).toEqual(both(undefined));
    expect(names('get', 'pods/exec')).toEqual({});
  });
  it('takes an account without namespace as one of the binding, and nobody where there is none', () => {
    expect(rbac.subjects.map(({ userName }) => userName)).toEqual(['system:serviceaccount:shop:ci']);
    expect(rbac.binding('ClusterRoleBinding/nobody')?.subjects).toEqual([]);
  });
});

describe('two objects of one name', () => {
  it('are the last of them', () => {
    const rbac = rbacOfObjects([
      clusterRole('r', [READ_PODS]),
      clusterRole('r', []),
      binding('b', 'r', { subjects: [] }),
      binding('b', 'r', { subjects: [{ kind: 'User', name: 'jane' }] }),
    ]);
    expect(rbac.roles.map(({ rules }) => rules.length)).toEqual([0]);
    expect(rbac.bindings).toHaveLength(1);
    expect(rbac.bindingsOf(JANE)).toHaveLength(1);
  });
});

describe('identities', () => {
  it.each([
    ['system:serviceaccount:a:b', { namespace: 'a', name: 'b' }],
    ['system:serviceaccount:a:b.c', { namespace: 'a', name: 'b.c' }],
    ['system:serviceaccount:a:b:c', undefined],
    ['system:serviceaccount:A:b', undefined],
    ['system:serviceaccount:a:', undefined],
    ['jane', undefined],
  ])('%s', (name, account) => {
    expect(accountOf(name)).toEqual(account);
  });
  it('have the groups that authentication adds', () => {
    const groups = (name: string, given: string[] = []): string[] => [...withImplicitGroups({ name, groups: given }).groups];
    expect(groups('jane', ['dev'])).toEqual(['dev', 'system:authenticated']);
    expect(groups('system:serviceaccount:a:b')).toEqual(['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated']);
    expect(groups('system:node:n')).toEqual(['system:nodes', 'system:authenticated']);
    expect(groups('system:anonymous')).toEqual(['system:unauthenticated']);
  });
});
