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
  expect(lost.map(({ type, src, dst }) => `${type} ${src} > ${dst}`)).toContain('removed x/web[Pod] > x/db[StatefulSet]');
});
