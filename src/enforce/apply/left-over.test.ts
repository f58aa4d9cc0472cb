import { describe, expect, it } from 'vitest';
import type { ServerAction } from '../../changes/edits/index.ts';
import type { JournalStep } from './journal.ts';
import { leftOver } from './left-over.ts';

const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name: 'a' }, data: { a: '1' } };
const there = (data: object): Record<string, unknown> => ({ ...OBJECT, metadata: { ...OBJECT.metadata, resourceVersion: '7' }, data });
const PATCH: ServerAction = {
  operation: 'patch',
  patch: [
    { op: 'test', path: '/metadata/resourceVersion', value: '6' },
    { op: 'test', path: '/data/a', value: '1' },
    { op: 'replace', path: '/data/a', value: '2' },
  ],
};

async function whys(step: Pick<JournalStep, 'action' | 'state'> & { back?: ServerAction }, found?: object): Promise<string[]> {
  const place = { target: 'ConfigMap/shop/a', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a', path: '/api/v1/x/a' };
  const steps = [{ ...place, ...step }];
  const journal = { schema: 'castellan/applied/v1', server: '', context: '', at: '', fixes: [], steps } as const;
  const left = await leftOver((method) => {
    expect(method).toBe('GET');
    return Promise.resolve({ status: found === undefined ? 404 : 200, body: found });
  }, journal);
  return left.map(({ why }) => why);
}

describe('what taking back leaves', () => {
  it('is what was done and has no way back', async () => {
    expect(await whys({ action: { operation: 'delete' }, state: 'done' })).toEqual(['it has no way back']);
    expect(await whys({ action: { operation: 'delete' }, state: 'done', back: { operation: 'create', object: OBJECT } })).toEqual([]);
    expect(await whys({ action: { operation: 'delete' }, state: 'refused' })).toEqual([]);
  });

  it.each<[string, ServerAction, object | undefined, string | undefined]>([
    ['creation that was not made', { operation: 'create', object: OBJECT }, undefined, undefined],
    ['creation that was made', { operation: 'create', object: OBJECT }, there({ a: '1' }), 'there as it was asked for'],
    ['creation beside another', { operation: 'create', object: OBJECT }, there({ a: '3' }), 'another object has that name'],
    ['deletion that was made', { operation: 'delete', resourceVersion: '7' }, undefined, 'the object is gone'],
    ['deletion that was not made', { operation: 'delete', resourceVersion: '7' }, there({}), undefined],
    ['deletion, and another since', { operation: 'delete', resourceVersion: '6' }, there({}), 'another version'],
    ['patch that was not made', PATCH, there({ a: '1' }), undefined],
    ['patch that was made', PATCH, there({ a: '2' }), 'not as it was before'],
    ['patch of what is gone', PATCH, undefined, 'the object is gone'],
  ])('of a lost answer: %s', async (_what, action, found, why) => {
    expect(await whys({ action, state: 'asked' }, found)).toEqual(why === undefined ? [] : [expect.stringContaining(why)]);
  });
});
