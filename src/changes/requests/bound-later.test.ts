import { expect, test } from 'vitest';
import { type Rbac, rbacOfObjects } from '../../engines/rbac/index.ts';
import { type Asked, Ledger, type UseRecord } from '../../record/index.ts';
import { boundLater } from './bound-later.ts';

type Raw = Record<string, unknown>;

const API = 'rbac.authorization.k8s.io';
const PIPELINE = 'system:serviceaccount:ci:pipeline';
const role = (name: string, ...rules: readonly Raw[]): Raw => ({ apiVersion: `${API}/v1`, kind: 'ClusterRole', metadata: { name }, rules });
const binding = (name: string, to: string): Raw => ({
  apiVersion: `${API}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: { name },
  roleRef: { kind: 'ClusterRole', name: to },
  subjects: [{ kind: 'ServiceAccount', name: 'pipeline', namespace: 'ci' }],
});
const PODS = { apiGroups: [''], resources: ['pods'], verbs: ['create', 'get'] };
const GET = { ...PODS, verbs: ['get'] };
const BINDER = role('binder', { apiGroups: [API], resources: ['clusterroles'], verbs: ['bind'], resourceNames: ['tenant'] });

const worlds = (...more: readonly Raw[]): [Rbac, Rbac] => [
  rbacOfObjects([role('tenant', PODS), ...more]),
  rbacOfObjects([role('tenant', GET), ...more]),
];

function recordOf(...uses: readonly (readonly [actor: string, asked: Partial<Asked>])[]): UseRecord {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  for (const [name, asked] of uses) {
    const whole = {
      verb: '',
      apiGroup: '',
      resource: '',
      subresource: '',
      namespace: 'ci-1',
      name: '',
      path: '',
      through: 'request',
    } as const;
    ledger.request(ledger.actor({ name, groups: [] }), { ...whole, ...asked }, { stream: stream.id, time: 0, outcome: 'allowed' });
  }
  return ledger.record();
}

const BOUND = { verb: 'bind', apiGroup: API, resource: 'clusterroles', name: 'tenant', through: 'implied' } as const;
const MADE = { verb: 'create', apiGroup: API, resource: 'rolebindings' } as const;
const RAN = { verb: 'create', resource: 'pods' } as const;

const about = (worldsOf: readonly [Rbac, Rbac], record?: UseRecord, rolesKnown = true): string[] =>
  boundLater(...worldsOf, { record, rolesKnown }).map((one) => one.about);

test('who is bound later may miss what a role gives no more', () => {
  // Nobody has it, nobody binds it, and all is known.
  expect(about(worlds())).toEqual([]);
  // A binding may stand elsewhere than in the files.
  expect(about(worlds(), undefined, false)).toEqual(['ClusterRole/tenant']);
  expect(about(worlds(binding('b', 'tenant')), undefined, false)).toEqual([]);
  // Somebody may bind just that.
  expect(about(worlds(BINDER, binding('binder', 'binder')))).toEqual(['ClusterRole/tenant']);
  const named = { apiGroups: [API], resources: ['clusterroles'], verbs: ['*'], resourceNames: ['tenant'] };
  expect(about(worlds(role('all', named), binding('b', 'all')))).toEqual(['ClusterRole/tenant']);
  expect(about(worlds(role('all', { ...named, apiGroups: ['apps'] }), binding('b', 'all')))).toEqual([]);
  expect(about(worlds(BINDER))).toEqual([]);
});

test('who was bound while the record was made may be bound again', () => {
  const held = worlds(binding('b', 'tenant'));
  expect(about(held, recordOf([PIPELINE, BOUND], [PIPELINE, MADE]))).toEqual(['ClusterRole/tenant']);
  // A binding that is only written again is there, and so are those whom it names.
  expect(about(held, recordOf([PIPELINE, BOUND], [PIPELINE, { ...MADE, verb: 'patch' }]))).toEqual([]);
  expect(about(held, recordOf([PIPELINE, { ...BOUND, name: 'other' }], [PIPELINE, MADE]))).toEqual([]);
  // Nor is one that was made then and is still there; in the record all is at once.
  const record = recordOf([PIPELINE, { ...BOUND, namespace: '' }], [PIPELINE, { ...MADE, resource: 'clusterrolebindings', namespace: '' }]);
  expect(about(held, record)).toEqual(['ClusterRole/tenant']);
  const since = (time: number): string[] =>
    boundLater(...held, { record, rolesKnown: true, grantedSince: new Map([['ClusterRoleBinding/b', time]]) }).map((one) => one.about);
  expect([since(5), since(500)]).toEqual([[], ['ClusterRole/tenant']]);
  const runner = 'system:serviceaccount:ci-1:runner';
  expect(about(held, recordOf([runner, RAN]))).toEqual([`ClusterRole/tenant: ${runner} create pods in ci-1`]);
  expect(about(held, recordOf([PIPELINE, RAN]))).toEqual([]);
  expect(about(held, recordOf(['system:node:n1', RAN]))).toEqual([]);
  expect(about(held, recordOf([runner, { ...RAN, verb: 'get' }]))).toEqual([]);
});

test('a part of an aggregated role is held with it', () => {
  const labels = { agg: 'yes' };
  const part = (rule: Raw): Raw => ({ ...role('part', rule), metadata: { name: 'part', labels } });
  const whole = { ...role('whole'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } };
  const [before, after] = [PODS, GET].map((rule) => rbacOfObjects([part(rule), whole, binding('b', 'whole')]));
  if (before === undefined || after === undefined) throw new Error('no world');
  expect(about([before, after], undefined, false)).toEqual([]);
});
