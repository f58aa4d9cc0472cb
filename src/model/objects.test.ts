import { describe, expect, it } from 'vitest';
import type { Origin } from '../snapshot/index.ts';
import { type ApiObject, refOf, toApiObject } from './objects.ts';

const ORIGIN: Origin = { source: 'x.yaml', line: 3, format: 'yaml', prefix: [] };

function made(object: Record<string, unknown>): ApiObject {
  const result = toApiObject({ object, origin: ORIGIN }, 7);
  if ('code' in result) throw new Error(result.reason);
  return result;
}

describe('toApiObject', () => {
  it('reads who an object is', () => {
    const object = made({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels: { a: 'b' }, annotations: { c: 'd' } },
    });
    expect(object).toMatchObject({
      id: 7,
      group: 'apps',
      kind: 'Deployment',
      known: 'Deployment',
      namespace: 'shop',
      name: 'web',
      labels: { a: 'b' },
      annotations: { c: 'd' },
      origin: ORIGIN,
    });
    expect(refOf(object)).toBe('Deployment/shop/web');
  });

  it.each<[string, Record<string, unknown>, Partial<ApiObject>]>([
    ['no namespace is default', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } }, { namespace: 'default' }],
    ['an empty namespace is default', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: '' } }, { namespace: 'default' }],
    [
      'a kind of the cluster has none',
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'x', namespace: 'shop' } },
      { namespace: '', known: 'ClusterRole' },
    ],
    [
      'a kind of an add-on is kept',
      { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'x' } },
      { known: undefined, namespace: 'default', name: 'x' },
    ],
    [
      'a Service of another group is no Service',
      { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'x' } },
      { known: undefined },
    ],
    ['a kind that every object inherits', { apiVersion: 'v1', kind: 'constructor' }, { known: undefined, name: '' }],
    ['a generated name', { apiVersion: 'v1', kind: 'Pod', metadata: { generateName: 'job-' } }, { name: 'job-*' }],
    ['no metadata', { apiVersion: 'v1', kind: 'Pod' }, { name: '', namespace: 'default', labels: {}, annotations: {} }],
    ['metadata of a wrong type', { apiVersion: 'v1', kind: 'Pod', metadata: ['x'] }, { name: '', labels: {} }],
    [
      'a name of a wrong type',
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 5, labels: { a: true } } },
      { name: '5', labels: { a: 'true' } },
    ],
    ['no apiVersion', { kind: 'Pod', metadata: { name: 'x' } }, { apiVersion: '', known: 'Pod' }],
  ])('%s', (_name, object, expected) => expect(made(object)).toMatchObject(expected));

  it('keeps what is misfitting', () => {
    expect(made({ apiVersion: 'v1', kind: 'Pod', spec: { hostPID: 'yes' } }).misfits).toEqual([
      { path: 'spec.hostPID', expected: 'boolean', value: 'yes' },
    ]);
  });

  it.each([[{}], [{ kind: '' }], [{ kind: 5 }], [{ kind: null, apiVersion: 'v1' }]])('%j is a gap', (object) => {
    expect(toApiObject({ object, origin: ORIGIN }, 0)).toMatchObject({ code: 'incomplete-object', scope: 'x.yaml:3' });
  });
});

describe('refOf', () => {
  it('leaves out a namespace that there is not', () => {
    expect(refOf({ kind: 'Node', namespace: '', name: 'a' })).toBe('Node/a');
  });
});
