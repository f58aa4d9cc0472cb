import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { defaultsOf, limitOf, requestOf } from './amounts.ts';

function clusterWith(range: Record<string, unknown>, resources: Record<string, unknown>, pod: Record<string, unknown> = {}) {
  const { tables, workloads } = clusterOf([
    { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'r', namespace: 'shop' }, spec: { limits: [range] } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: { ...pod, containers: [{ name: 'app', resources }] },
    },
  ]);
  const container = workloads[0]?.containers[0];
  if (container === undefined) throw new Error('no container');
  return { container, ranges: tables.LimitRange };
}

describe('amounts in force', () => {
  it('takes the own limit for the request before the default request of a LimitRange', () => {
    const { container, ranges } = clusterWith({ type: 'Container', defaultRequest: { cpu: '100m' } }, { limits: { cpu: '2' } });
    expect(requestOf(container, 'cpu', ranges)).toBe('2');
  });
  it('takes the maximum of a LimitRange for the default, and the default for the default request', () => {
    const { ranges } = clusterWith({ type: 'Container', max: { cpu: '2', memory: '1Gi' }, default: { cpu: '1' } }, {});
    expect(defaultsOf('shop', ranges)).toEqual({ limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '1', memory: '1Gi' } });
  });
  it('takes no defaults from items for whole pods, nor from other namespaces', () => {
    const { ranges } = clusterWith({ type: 'Pod', max: { cpu: '2' } }, {});
    expect(defaultsOf('shop', ranges).limits).toEqual({});
    expect(defaultsOf('other', ranges).limits).toEqual({});
  });
  it('counts what the pod as a whole is given', () => {
    const { container, ranges } = clusterWith({ type: 'Pod' }, {}, { resources: { limits: { memory: '1Gi' } } });
    expect(limitOf(container, 'memory', ranges)).toBe('1Gi');
    expect(requestOf(container, 'memory', ranges)).toBe('1Gi');
  });
  it.each(['', 0, '0'])('takes %j for nothing', (quantity) => {
    const { container, ranges } = clusterWith({ type: 'Pod' }, { limits: { cpu: quantity } });
    expect(limitOf(container, 'cpu', ranges)).toBeUndefined();
  });
});
