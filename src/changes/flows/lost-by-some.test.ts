import { expect, it } from 'vitest';
import { readWorld } from '../../engines/network/index.ts';
import { lostBySome } from './lost-by-some.ts';

type Raw = Record<string, unknown>;

it('what one pod of a StatefulSet loses is told where only the template is there', () => {
  const object = (kind: string, name: string, spec: Raw): Raw => ({
    kind,
    metadata: { name, namespace: 'x', labels: { app: name } },
    spec,
  });
  const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const before = [
    { apiVersion: 'v1', ...object('Pod', 'web', { containers: [{ name: 'c', image: 'i' }] }) },
    { apiVersion: 'apps/v1', ...object('StatefulSet', 'db', { replicas: 2, template }) },
  ];
  const podSelector = { matchLabels: { 'apps.kubernetes.io/pod-index': '0' } };
  const policy = { apiVersion: 'networking.k8s.io/v1', ...object('NetworkPolicy', 'p', { podSelector, ingress: [] }) };
  const lost = lostBySome(readWorld(before), readWorld([...before, policy]), undefined);
  const told = lost.map(({ type, src, dst }) => `${type} ${src} > ${dst}`);
  expect(told).toContain('removed x/web[Pod] > x/db[StatefulSet]');
  // The second pod loses the first one, which nothing keeps from itself.
  expect(told.filter((text) => text === 'removed x/db[StatefulSet] > x/db[StatefulSet]')).toHaveLength(1);
});

it('what one pod loses is told where pods of the same labels have another port under the name that a policy opens', () => {
  const metadata = (name: string): Raw => ({ name, namespace: 'x' });
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true }];
  const pod = (name: string, containerPort: number): Raw => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata(name), labels: { app: 'web' }, ownerReferences },
    spec: { containers: [{ name: 'c', image: 'i', ports: [{ name: 'http', containerPort }] }] },
  });
  const client = { apiVersion: 'v1', kind: 'Pod', metadata: metadata('client'), spec: { containers: [{ name: 'c', image: 'i' }] } };
  const policy = (ports: Raw[]): Raw => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata('p'),
    spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: {} }], ports }] },
  });
  const world = (ports: Raw[]): ReturnType<typeof readWorld> => readWorld([pod('a', 80), pod('b', 8080), client, policy(ports)]);
  // The workload as a whole is open on both ports before and after.
  const lost = lostBySome(world([{ port: 80 }, { port: 8080 }]), world([{ port: 'http' }]), new Set(['x/client[Pod]']));
  const fromClient = lost.filter(({ src }) => src === 'x/client[Pod]').map(({ dst, before, after }) => [dst, before, after]);
  expect(fromClient).toEqual([
    ['x/web[ReplicaSet]', { TCP: ['80', '8080'] }, { TCP: ['80'] }],
    ['x/web[ReplicaSet]', { TCP: ['80', '8080'] }, { TCP: ['8080'] }],
  ]);
});
