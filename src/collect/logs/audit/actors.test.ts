import { expect, test } from 'vitest';
import { Ledger } from '../../../record/index.ts';
import { Actors } from './actors.ts';
import type { AuditUser } from './event.ts';

const CART = 'system:serviceaccount:shop:cart';
const POD_NAME = 'authentication.kubernetes.io/pod-name';

function user(username: string, more: { groups?: readonly string[]; pod?: string; extra?: AuditUser['extra'] } = {}): AuditUser {
  const { groups = ['a', 'b'], pod, extra = pod === undefined ? undefined : { [POD_NAME]: [pod] } } = more;
  return { username, groups, uid: '', extra };
}

test('the order of groups makes nobody another, nor does the pod of one workload', () => {
  const actors = new Actors(new Ledger());
  const id = actors.idOf(user(CART, { pod: 'cart-7d9c8b6f5-x2v4k' }));
  expect(actors.idOf(user(CART, { pod: 'cart-7d9c8b6f5-x2v4k' }))).toBe(id);
  expect(actors.idOf(user(CART, { pod: 'cart-6c4f5d7b8-zzzzz', groups: ['b', 'a'] }))).toBe(id);
});

test('other groups, other workloads and tokens of no pod are told apart', () => {
  const ledger = new Ledger();
  const actors = new Actors(ledger);
  const users = [
    user(CART, { pod: 'cart-7d9c8b6f5-x2v4k' }),
    user(CART, { pod: 'cart-7d9c8b6f5-x2v4k', groups: ['a'] }),
    user(CART, { pod: 'api-7d9c8b6f5-x2v4k' }),
    user(CART, { extra: {} }),
    user(CART),
    user('ann'),
    user('ann', { groups: ['a', 'c'] }),
  ];
  const ids = users.map((one) => actors.idOf(one));
  expect(new Set(ids).size).toBe(users.length);
  expect(users.map((one) => actors.idOf({ ...one, groups: [...one.groups] }))).toEqual(ids);
  const { actors: recorded } = ledger.record();
  expect(recorded.map(({ bound, maker }) => `${bound} ${maker}`).toSorted()).toEqual([
    'nothing undefined',
    'pod api',
    'pod cart',
    'pod cart',
    'undefined undefined',
    'undefined undefined',
    'undefined undefined',
  ]);
});

test('who was forgotten is the same when he comes again', () => {
  const actors = new Actors(new Ledger());
  const id = actors.idOf(user('ann'));
  for (let index = 0; index < 20_001; index += 1) actors.idOf(user(`user-${index}`));
  expect(actors.idOf(user('ann'))).toBe(id);
});
