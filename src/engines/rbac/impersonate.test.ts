import { describe, expect, it } from 'vitest';
import { type Impersonation, authorizeImpersonation } from './impersonate.ts';
import { rbacOfObjects } from './index.ts';

const RBAC = 'rbac.authorization.k8s.io';
const rule = {
  verbs: ['impersonate:user-info', 'impersonate:arbitrary-node', 'impersonate-on:user-info:get'],
  apiGroups: ['*'],
  resources: ['*'],
};
const WORLD = rbacOfObjects([
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: 'r' }, rules: [rule] },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'b' },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'r' },
    subjects: [{ apiGroup: RBAC, kind: 'User', name: 'u' }],
  },
]);
const on = { verb: 'get', apiGroup: '', resource: 'configmaps', subresource: '', name: 'c', namespace: 'a' };

function modeOf(wanted: Partial<Impersonation>): string {
  const all = { user: 'ann', groups: [], uid: '', extra: {}, ...wanted };
  return authorizeImpersonation(WORLD, { name: 'u', groups: [] }, { wanted: all, on, minor: 36 }).mode ?? 'refused';
}

describe('acting as somebody with constraints', () => {
  it.each([
    ['nothing but a name', {}, 'user-info'],
    ['extras whose key begins with a domain', { extra: { 'k.io/team': ['a'] } }, 'user-info'],
    ['extras whose key has no domain', { extra: { team: ['a'] } }, 'refused'],
    ['extras whose key has upper case letters', { extra: { 'k.io/Team': ['a'] } }, 'refused'],
    ['extras without a path behind the domain', { extra: { 'k.io/': ['a'] } }, 'refused'],
    ['extras with an empty value', { extra: { 'k.io/team': [''] } }, 'refused'],
    ['extras without a value', { extra: { 'k.io/team': [] } }, 'refused'],
    ['a group', { groups: ['devs'] }, 'user-info'],
    ['the group of the masters', { groups: ['system:masters'] }, 'refused'],
    ['the group without a name', { groups: [''] }, 'refused'],
    ['what is no name of a node, and so one of a user', { user: 'system:node:A_B' }, 'user-info'],
    ['a node, for which the request asks another right', { user: 'system:node:n1' }, 'refused'],
  ] as const)('%s', (_, wanted, mode) => {
    expect(modeOf(wanted)).toBe(mode);
  });
});
