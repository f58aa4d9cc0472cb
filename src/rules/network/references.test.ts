import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../../test/rule-tester.ts';
import { judge } from '../judge.ts';
import { rule as danglingNetpol } from './dangling-netpol.ts';
import { describeSelector, inTheInput, isMadeByOperator } from './references.ts';

describe('selectors in words', () => {
  it.each([
    [{ matchLabels: { app: 'web' } }, 'app=web'],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a', 'b'] }] }, 'tier notin (a, b)'],
    [
      {
        matchExpressions: [
          { key: 'x', operator: 'Exists' },
          { key: 'y', operator: 'DoesNotExist' },
        ],
      },
      'x,!y',
    ],
    [{ matchLabels: { a: '1', b: '2', c: '3', d: '4', e: '5' } }, 'a=1,b=2,c=3 and 2 more'],
  ])('%j', (selector, words) => expect(describeSelector(selector)).toBe(words));
  it('says that more may be in the cluster only where that is so', () => {
    expect(inTheInput({ complete: false })).toBe(' in the input');
    expect(inTheInput({ complete: true })).toBe('');
  });
});

describe('pods that an operator makes', () => {
  const custom = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, metadata: { name, namespace: 'shop' } });
  const { objects } = clusterOf([
    custom('kafka.strimzi.io/v1beta2', 'Kafka', 'events'),
    custom('cert-manager.io/v1', 'Certificate', 'web'),
    custom('coordination.k8s.io/v1', 'Lease', 'lock'),
    custom('v1', 'ConfigMap', 'settings'),
  ]).tables;
  it.each([
    ['shop', { 'strimzi.io/cluster': 'events' }, true],
    ['shop', { app: 'kafka' }, true],
    ['ops', { 'strimzi.io/cluster': 'events' }, false],
    ['shop', { app: 'web' }, false],
    ['shop', { app: 'lock' }, false],
    ['shop', { app: 'settings' }, false],
  ])('in %s with %j: %s', (namespace, matchLabels, expected) =>
    expect(isMadeByOperator(namespace, { matchLabels }, objects)).toBe(expected),
  );
});

describe('peers in other namespaces, when the whole cluster is known', () => {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ops', labels: { app: 'prometheus' } },
    spec: { containers: [] },
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ops', labels: { team: 'ops' } } };
  const policy = (peer: unknown) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { podSelector: {}, ingress: [{ from: [peer] }] },
  });
  const labels = (matchLabels: Record<string, string>) => ({ matchLabels });
  it.each([
    ['both match', { namespaceSelector: labels({ team: 'ops' }), podSelector: labels({ app: 'prometheus' }) }, []],
    ['every namespace', { namespaceSelector: {}, podSelector: labels({ app: 'missing' }) }, []],
    ['the label that every namespace has', { namespaceSelector: labels({ 'kubernetes.io/metadata.name': 'ops' }) }, []],
    [
      'no such pod',
      { namespaceSelector: labels({ team: 'ops' }), podSelector: labels({ app: 'grafana' }) },
      ['spec.ingress[0].from[0].podSelector'],
    ],
    ['no such namespace', { namespaceSelector: labels({ team: 'dev' }) }, ['spec.ingress[0].from[0].namespaceSelector']],
  ])('%s', (_case, peer, paths) => {
    const found: (string | undefined)[] = [];
    judge(clusterOf([pod, namespace, policy(peer)], true), { rules: [danglingNetpol] }, (finding) => found.push(finding.evidence[0]?.path));
    expect(found).toEqual(paths);
  });
});
