import { expect, test } from 'vitest';
import { asked } from '../../../test/history/asked.ts';
import { type Asked, Ledger, type Outcome, type UseRecord } from '../../record/index.ts';
import { timesOf, usesIn } from './uses.ts';

const CART = 'system:serviceaccount:shop:cart';

function recordOf(...uses: readonly (readonly [who: string, asked: Partial<Asked>, outcome?: Outcome, count?: number])[]): UseRecord {
  const ledger = new Ledger();
  const { id } = ledger.stream('cp1', 'audit');
  for (const [name, what, outcome = 'allowed', count = 1] of uses)
    ledger.request(ledger.actor({ name, groups: [] }), asked(what), { stream: id, time: 0, outcome, count });
  return ledger.record();
}

const texts = (uses: readonly { readonly asked: Asked }[]): string[] => uses.map(({ asked }) => `${asked.verb} ${asked.name}`);

test('requests are found by what rules call their resource, and paths by themselves', () => {
  const uses = usesIn(
    recordOf(
      ['ann', { resource: 'pods', name: 'a' }],
      ['ann', { resource: 'pods', subresource: 'exec', name: 'b' }],
      ['bob', { resource: 'deployments', apiGroup: 'apps', name: 'c' }],
      ['bob', { resource: 'deployments', apiGroup: 'extensions', name: 'd' }],
      ['bob', { path: '/metrics' }],
    ),
  );
  expect(texts(uses.for('', 'pods'))).toEqual(['get a']);
  expect(texts(uses.for('', 'pods/exec'))).toEqual(['get b']);
  expect(texts(uses.for('apps', 'deployments'))).toEqual(['get c']);
  expect(texts(uses.named('deployments'))).toEqual(['get c', 'get d']);
  expect(uses.for('', '/metrics')).toHaveLength(1);
  expect([uses.for('*', 'deployments'), uses.for('apps', 'pods')]).toEqual([[], []]);
  expect(texts(uses.inGroup(''))).toEqual(['get a', 'get b', 'get ']);
  expect(uses.groups).toEqual(['', 'apps', 'extensions']);
});

test('what went through, what was only refused, and what was asked about others are told apart', () => {
  const record = recordOf(
    ['ann', { resource: 'pods' }, 'allowed', 3],
    ['ann', { resource: 'pods' }, 'denied', 5],
    ['ann', { resource: 'secrets' }, 'denied', 7],
    ['bob', { resource: 'nodes', through: 'review' }, 'unclear', 2],
  );
  const uses = usesIn(record);
  expect(uses.count).toBe(5);
  expect(timesOf(record.requests)).toBe(5);
  expect(uses.refused.map(({ asked, denied }) => `${asked.resource} ${denied}`)).toEqual(['secrets 7']);
  expect(uses.reviewed.map(({ asked }) => asked.resource)).toEqual(['nodes']);
  const ann = record.actors.findIndex(({ name }) => name === 'ann');
  expect(uses.of(ann).map(({ asked }) => asked.resource)).toEqual(['pods', 'secrets']);
  expect(uses.of(99)).toEqual([]);
});

test('somebody who was only asked about, or only borrowed by a person, did nothing himself', () => {
  const borrowed = { verb: 'impersonate', resource: 'serviceaccounts', namespace: 'shop', name: 'cart', through: 'impersonation' } as const;
  expect(usesIn(recordOf([CART, { resource: 'pods', through: 'review' }])).active).toEqual(new Set());
  expect(usesIn(recordOf([CART, { resource: 'pods' }], ['ann', borrowed])).active).toEqual(new Set());
  expect(usesIn(recordOf([CART, { resource: 'pods' }, 'allowed', 2], ['ann', borrowed])).active).toEqual(new Set([CART]));
  const forOthers = recordOf([CART, { resource: 'pods' }], ['system:serviceaccount:ops:proxy', borrowed]);
  expect(usesIn(forOthers).active).toEqual(new Set([CART]));
});

test('a record is looked through once', () => {
  const record = recordOf(['ann', { resource: 'pods' }]);
  expect(usesIn(record)).toBe(usesIn(record));
});
