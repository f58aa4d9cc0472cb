import { describe, expect, test } from 'vitest';
import { rbacOfObjects } from '../../engines/rbac/index.ts';
import { isNeverAsked } from './counters.ts';
import type { RequestEvidence } from './evidence.ts';
import type { LostRight } from './lost.ts';
import { replayRequests } from './replay.ts';

const subject = { id: 0, kind: 'ServiceAccount', name: 'cart', namespace: 'shop', userName: 'system:serviceaccount:shop:cart' } as const;
const right = (verb: string, resource: string, apiGroup = ''): LostRight => ({
  subject,
  namespace: 'shop',
  verb,
  apiGroup,
  resource,
  names: [],
  path: '',
});
const COUNTERS = {
  since: 1_700_000_000,
  asked: ['LIST secrets', 'CONNECT pods/exec', 'APPLY deployments.apps', 'PUT deployments.apps/scale'],
};

describe('what was never asked for', () => {
  test.each<[LostRight, boolean]>([
    [right('list', 'secrets'), false],
    [right('delete', 'secrets'), true],
    [right('create', 'pods/exec'), false],
    [right('get', 'pods/exec'), false],
    [right('patch', 'deployments', 'apps'), false],
    [right('update', 'deployments', 'apps'), true],
    [right('update', 'deployments/scale', 'apps'), false],
    // Of a group that was never asked for at all another server may have the counts.
    [right('get', 'pods', 'metrics.k8s.io'), false],
    [right('*', 'secrets'), false],
    [right('get', '*'), false],
    [right('impersonate', 'users'), false],
  ])('%j: %s', (lost, expected) => {
    expect(isNeverAsked(lost, COUNTERS)).toBe(expected);
  });
});

test('counts are told in place of a record, and are none', () => {
  const rights = (verbs: readonly string[]): Record<string, unknown>[] => [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'b' },
      roleRef: { kind: 'ClusterRole', name: 'r' },
      subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
    },
  ];
  const evidence: RequestEvidence = {
    record: undefined,
    users: [],
    accounts: undefined,
    rolesKnown: true,
    counters: { ...COUNTERS, until: COUNTERS.since + 86_400 },
  };
  const without = (verb: string): ReturnType<typeof replayRequests> =>
    replayRequests(
      rbacOfObjects(rights(['list', 'delete'])),
      rbacOfObjects(rights(['list', 'delete'].filter((one) => one !== verb))),
      evidence,
    );
  expect(without('delete')).toMatchObject({ verdict: 'unknown', unknownBecause: [{ code: 'only-counted', about: 'since 2023-11-14' }] });
  expect(without('list')).toMatchObject({ verdict: 'unknown', unknownBecause: [{ code: 'no-record' }] });
});
