import { describe, expect, test } from 'vitest';
import { parsePolicy } from '../../engines/audit-policy/index.ts';
import { Ledger } from '../../record/index.ts';
import type { Evidence } from '../prove.ts';
import { toState } from '../state-examples.ts';
import { type Fix, fixesFor } from './fixes.ts';
import { usedRules } from './used-rules.ts';

type Raw = Record<string, unknown>;

const DAY = 86_400;
const FROM = 20_000 * DAY;
const rbac = 'rbac.authorization.k8s.io/v1';

const account = (name: string): Raw => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop' } });
/** A pod that started on the second day of the record. */
const pod = (name: string): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  spec: { serviceAccountName: name, containers: [{ name: 'c', image: 'x' }] },
  status: { startTime: new Date((FROM + DAY) * 1000).toISOString() },
});
const bound = (kind: 'Role' | 'ClusterRole', role: string, ...accounts: readonly string[]): Raw => ({
  apiVersion: rbac,
  kind: `${kind}Binding`,
  metadata: { name: role, ...(kind === 'Role' && { namespace: 'shop' }) },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
  subjects: accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'shop' })),
});
const role = (kind: 'Role' | 'ClusterRole', name: string, ...rules: readonly Raw[]): Raw => ({
  apiVersion: rbac,
  kind,
  metadata: { name, ...(kind === 'Role' && { namespace: 'shop' }) },
  rules,
});

/** Four weeks of everything that was asked, without a hole. */
function evidenceOf(...seen: readonly (readonly [account: string, verb: string, resource: string])[]): Evidence {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (let minute = 0; minute < 28 * 1440; minute += 1) stream.event(FROM + minute * 60, { beat: true });
  for (const [name, verb, resource] of seen) {
    const groups = ['system:authenticated', 'system:serviceaccounts', 'system:serviceaccounts:shop'];
    const actor = ledger.actor({ name: `system:serviceaccount:shop:${name}`, groups });
    const asked = { verb, apiGroup: '', resource, subresource: '', namespace: 'shop', name: 'x', path: '', through: 'request' } as const;
    ledger.request(actor, asked, { stream: stream.id, time: FROM + 3 * DAY, outcome: 'allowed' });
  }
  const { policy } = parsePolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] });
  if (policy === undefined) throw new Error('no policy');
  return { record: ledger.record(), auditPolicy: policy, servers: 1 };
}

const fixes = (objects: readonly Raw[], evidence: Evidence): readonly Fix[] => fixesFor(toState(objects), { top: 20, evidence }).fixes;

describe('rights that nobody uses', () => {
  const OBJECTS = [
    account('web'),
    pod('web'),
    role('Role', 'r', { apiGroups: [''], resources: ['configmaps', 'services'], verbs: ['get', 'update'] }),
    bound('Role', 'r', 'web'),
  ];

  test('are dropped from their role, and a complete record makes that safe', () => {
    const fix = fixes(OBJECTS, evidenceOf(['web', 'get', 'configmaps'])).find(({ title }) => title.startsWith('shrink'));
    expect(fix?.title).toBe('shrink Role shop/r to what is used: 3 rights less');
    // Entry by entry, so that the rest of a file stays as it is.
    expect(fix?.change.patches[0]?.patch.slice(1)).toEqual([
      { op: 'remove', path: '/rules/0/resources/1' },
      { op: 'remove', path: '/rules/0/verbs/1' },
    ]);
    expect(fix?.proof).toMatchObject({ verdict: 'safe', denies: [] });
  });

  test('are not known without a record, and not dropped where all are used', () => {
    expect(fixes(OBJECTS, {}).filter(({ title }) => title.startsWith('shrink'))).toEqual([]);
    const all = evidenceOf(...['configmaps', 'services'].flatMap((each) => ['get', 'update'].map((verb) => ['web', verb, each] as const)));
    expect(fixes(OBJECTS, all).filter(({ title }) => title.startsWith('shrink'))).toEqual([]);
  });

  test('of a star are all but what was asked for', () => {
    const asked = { verb: 'list', apiGroup: 'apps', resource: 'deployments', subresource: '', namespace: 'shop', name: '', path: '' };
    const { rules } = usedRules([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }], [{ ...asked, through: 'request' }]);
    expect(rules).toEqual([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'watch'] }]);
  });

  test('keep what is used in ways that no log shows', () => {
    const rule = { apiGroups: [''], resources: ['users', 'pods'], verbs: ['impersonate', 'get'] };
    expect(usedRules([rule], []).rules).toEqual([{ apiGroups: [''], resources: ['users', 'pods'], verbs: ['impersonate'] }]);
  });
});

describe('a change that would deny recorded use', () => {
  const OBJECTS = [account('a'), pod('a'), account('b'), pod('b'), bound('ClusterRole', 'cluster-admin', 'a', 'b')];

  test('comes with one that keeps what is used, and closes the way all the same', () => {
    const found = fixes(OBJECTS, evidenceOf(['a', 'get', 'configmaps'], ['b', 'get', 'configmaps']));
    const fix = found.find(({ title }) => title.includes('from ServiceAccount shop/a'));
    expect(fix?.proof.verdict).toBe('breaks');
    expect(fix?.instead?.title).toBe('give ServiceAccount shop/a a role of its own with what it uses of ClusterRole/cluster-admin');
    expect(fix?.instead?.change.patches.map(({ operation, target }) => `${operation} ${target}`)).toEqual([
      'create ClusterRole/cluster-admin-used-by-a',
      'create ClusterRoleBinding/cluster-admin-used-by-a',
      expect.stringMatching(/^(patch|delete) ClusterRoleBinding\/cluster-admin$/),
    ]);
    expect(fix?.instead?.proof.denies).toEqual([]);
    expect(fix?.instead?.proof.closes.workloads).toBe(1);
  });

  test('gives way to one that denies nothing', () => {
    const rules = [
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    ];
    const objects = [account('a'), pod('a'), role('ClusterRole', 'r', ...rules), bound('ClusterRole', 'r', 'a')];
    const [first] = fixes(objects, evidenceOf(['a', 'get', 'configmaps']));
    expect(first?.title).toBe('drop the rule "* *" from ClusterRole r');
    expect(first?.proof.denies).toEqual([]);
    expect(first?.proof.closes.workloads).toBe(1);
  });
});
