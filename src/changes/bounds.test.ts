import { expect, test } from 'vitest';
import { Ledger } from '../record/index.ts';
import type { Attestation } from '../rules/index.ts';
import { Attestations } from './attestations.ts';
import { boundsOf } from './bounds.ts';
import type { Evidence } from './prove.ts';
import { toState } from './state-examples.ts';

type Raw = Record<string, unknown>;

const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };
const role = (more: Raw = {}, rules: readonly Raw[] = [rule]): Raw => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: { namespace: 'shop', name: 'r', ...more },
  rules,
});
const cart = (image: string, more: Raw = {}): Raw => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { namespace: 'shop', name: 'cart' },
  spec: { replicas: 1, template: { spec: { containers: [{ name: 'c', image }] } }, ...more },
});
const change = { patches: [{ target: 'Role/shop/r', operation: 'delete' as const, patch: [] }], effort: 'low' as const };
const of = (...objects: readonly Raw[]): string[] => boundsOf(toState(objects), change, { evidence: {}, what: ['rights', 'workloads'] });

test('a proof is bound to what decides something, and to nothing that changes by itself', () => {
  const bounds = of(role(), cart('x'));
  expect(bounds.map((one) => one.replace(/ [0-9a-f]{16}$/, ''))).toEqual(['Role/shop/r', 'rights', 'workloads', 'kubernetes 1.36']);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'p', ownerReferences: [{ kind: 'ReplicaSet', name: 's', controller: true }] },
  };
  const later = { ...cart('x', { replicas: 7 }), status: { replicas: 7 } };
  expect(of(pod, later, role({ resourceVersion: '9', managedFields: [{}] }))).toEqual(bounds);
  const differs = (...objects: readonly Raw[]): string[] => of(...objects).filter((one) => !bounds.includes(one));
  expect(differs(role(), cart('y'))).toEqual([expect.stringMatching(/^workloads /)]);
  expect(differs(role({}, []), cart('x'))).toEqual([expect.stringMatching(/^Role\/shop\/r /), expect.stringMatching(/^rights /)]);
});

test('and to what was read of the logs', () => {
  const ledger = new Ledger();
  const stream = ledger.stream('cp1', 'audit');
  stream.event(0);
  const bound = (): string[] => boundsOf(toState([]), change, { evidence: { record: ledger.record() }, what: [] });
  const before = bound();
  expect(bound()).toEqual(before);
  stream.event(60);
  expect(bound()).not.toEqual(before);
});

test('and to how many servers there are, and what people say', () => {
  const bound = (evidence: Evidence, what: Parameters<typeof boundsOf>[2]['what'] = ['rights']): string[] =>
    boundsOf(toState([]), change, { evidence, what }).filter((one) => /^(API servers|attestations) /.test(one));
  expect(bound({})).toEqual([]);
  expect(bound({ servers: 2 })).toEqual(['API servers 2']);
  expect(bound({ servers: 2 }, ['policies'])).toEqual([]);
  const known = { kind: 'token' } as const;
  const said = (until: string): Attestation => ({
    id: 'a',
    needed: false,
    text: 'token',
    what: known,
    of: 'Deployment/shop/a',
    who: 'ann',
    why: 'x',
    until,
  });
  const [first] = bound({ attestations: new Attestations([said('2026-12-01')], '2026-11-22') });
  expect(first).toMatch(/^attestations [0-9a-f]{16}$/);
  expect(bound({ attestations: new Attestations([said('2026-12-02')], '2026-11-22') })).not.toEqual([first]);
  // One that has ended counts no more than none.
  expect(bound({ attestations: new Attestations([said('2026-12-01'), said('2026-11-01')], '2026-11-22') })).toEqual([first]);
  expect(bound({ attestations: new Attestations([said('2026-11-01')], '2026-11-22') })).toEqual([]);
});
