import { expect, test } from 'vitest';
import { RequestKinds } from './request-kinds.ts';

const POD = { through: 'request', verb: 'get', apiGroup: '', resource: 'pods', subresource: '', namespace: 'shop' } as const;

test('kinds are numbered as they come, and each part tells them apart', () => {
  const kinds = new RequestKinds();
  const others = [
    { through: 'review' },
    { verb: 'list' },
    { apiGroup: 'apps' },
    { resource: 'secrets' },
    { subresource: 'log' },
    { namespace: '' },
  ] as const;
  const all = [POD, ...others.map((other) => ({ ...POD, ...other }))];
  expect(all.map((kind) => kinds.of(kind))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(all.map((kind) => kinds.of({ ...kind }))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('parts do not run into each other', () => {
  const kinds = new RequestKinds();
  const one = kinds.of({ ...POD, resource: 'pods', subresource: 'a b' });
  expect(kinds.of({ ...POD, resource: 'pods a', subresource: 'b' })).not.toBe(one);
});
