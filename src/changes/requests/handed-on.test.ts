import { describe, expect, test } from 'vitest';
import { rbacOfObjects } from '../../engines/rbac/index.ts';
import { type Asked, Ledger, type UseRecord } from '../../record/index.ts';
import { HandedOn } from './handed-on.ts';
import type { LostRight } from './lost.ts';

const ACCOUNT = 'system:serviceaccount:shop:cart';
const GROUP = 'rbac.authorization.k8s.io';

type Seen = readonly [verb: string, resource: string, name?: string, through?: Asked['through']];

function recordOf(...seen: readonly Seen[]): UseRecord {
  return recordBy({ account: ACCOUNT, namespace: 'shop', seen });
}

function recordBy(...all: readonly { readonly account: string; readonly namespace: string; readonly seen: readonly Seen[] }[]): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (const { account, namespace, seen } of all)
    for (const [verb, resource, name = '', through = 'request'] of seen) {
      const asked = { verb, apiGroup: GROUP, resource, subresource: '', namespace, name, path: '', through };
      const outcome = through === 'implied' ? 'unclear' : 'allowed';
      ledger.request(ledger.actor({ name: account, groups: [] }), asked, { stream: stream.id, time: 0, outcome });
    }
  return ledger.record();
}

function rbacWith(...verbs: readonly string[]): ReturnType<typeof rbacOfObjects> {
  const rules = [{ apiGroups: [GROUP], resources: ['roles', 'clusterroles'], verbs }];
  const role = (name: string, given: readonly unknown[]): Record<string, unknown> => ({
    apiVersion: `${GROUP}/v1`,
    kind: 'Role',
    metadata: { name, namespace: 'shop' },
    rules: given,
  });
  return rbacOfObjects([
    role('own', rules),
    role('reader', [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }]),
    {
      apiVersion: `${GROUP}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'own', namespace: 'shop' },
      roleRef: { kind: 'Role', name: 'own' },
      subjects: [{ kind: 'ServiceAccount', name: 'cart', namespace: 'shop' }],
    },
  ]);
}

function right(verb: string, resource: string, namespace = 'shop'): LostRight {
  const subject = { kind: 'ServiceAccount', name: 'cart', namespace: 'shop', userName: ACCOUNT } as LostRight['subject'];
  return { subject, namespace, verb, apiGroup: '', resource, names: [], path: '' };
}

describe('a right that may have been handed on', () => {
  test.each([
    ['a role was written', rbacWith('create'), recordOf(['create', 'roles']), true],
    ['a role was written, by whoever may escalate', rbacWith('create', 'escalate'), recordOf(['create', 'roles']), false],
    ['a binding without its body', rbacWith('create'), recordOf(['create', 'rolebindings']), true],
    ['a binding, by whoever may bind all', rbacWith('bind'), recordOf(['create', 'rolebindings']), false],
    [
      'one of two bindings has no body',
      rbacWith('create'),
      recordOf(['create', 'rolebindings'], ['patch', 'rolebindings', 'b'], ['bind', 'roles', 'own', 'implied']),
      true,
    ],
    [
      'a binding to a role that has it',
      rbacWith('create'),
      recordOf(['create', 'rolebindings'], ['bind', 'roles', 'reader', 'implied']),
      true,
    ],
    [
      'a binding to a role that has it not',
      rbacWith('create'),
      recordOf(['create', 'rolebindings'], ['bind', 'roles', 'own', 'implied']),
      false,
    ],
    [
      'a binding to a role that is not there',
      rbacWith('create'),
      recordOf(['create', 'rolebindings'], ['bind', 'roles', 'gone', 'implied']),
      true,
    ],
    [
      'a role and a binding to one that has it not',
      rbacWith('create'),
      recordOf(['patch', 'roles', 'r'], ['create', 'rolebindings'], ['bind', 'roles', 'own', 'implied']),
      true,
    ],
    ['a role, by whoever may bind all', rbacWith('bind'), recordOf(['create', 'rolebindings'], ['create', 'roles']), true],
    ['roles were only read', rbacWith('get'), recordOf(['get', 'roles', 'own']), false],
  ] as const)('%s', (_what, rbac, record, expected) => {
    expect(new HandedOn(rbac, record).mayHold(right('get', 'pods'))).toBe(expected);
  });

  test('counts where it was handed on, and for all that a star stands for', () => {
    const handedOn = new HandedOn(rbacWith('create'), recordOf(['create', 'rolebindings'], ['bind', 'roles', 'reader', 'implied']));
    const held = (verb: string, resource: string, namespace?: string): boolean => handedOn.mayHold(right(verb, resource, namespace));
    expect([held('get', 'pods', 'other'), held('get', 'pods', ''), held('*', 'pods'), held('list', '*')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect([held('delete', 'pods'), held('get', 'secrets'), held('get', 'pods/log')]).toEqual([false, false, false]);
  });

  test.each([
    { account: 'system:serviceaccount:shop:other', namespace: 'shop' },
    { account: ACCOUNT, namespace: 'other' },
  ])('bodies of what $account wrote in $namespace are not those of what is without', (elsewhere) => {
    const twice: Seen = ['bind', 'roles', 'own', 'implied'];
    const record = recordBy(
      { account: ACCOUNT, namespace: 'shop', seen: [['create', 'rolebindings']] },
      { ...elsewhere, seen: [['create', 'rolebindings'], twice, twice] },
    );
    expect(new HandedOn(rbacWith('create'), record).mayHold(right('get', 'pods'))).toBe(true);
  });
});
