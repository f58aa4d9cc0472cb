import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusters } from '../../../test/network/clusters.ts';
import { RUNS } from '../../../test/runs.ts';
import { changedForSome } from './changed-for-some.ts';
import { networkDiff } from './diff.ts';
import { Relation } from './relation.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const PATIENCE = { timeout: 60_000 + RUNS * 60 };

/** Every two pods of a namespace are of one controller. */
function owned(object: Raw, index: number): Raw {
  if (object.kind !== 'Pod') return object;
  const name = `w${Math.floor(index / 2)}`;
  return {
    ...object,
    metadata: {
      ...(object.metadata as Raw),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: name, controller: true }],
    },
  };
}

test('what single pods may do otherwise is in rows or told besides, and nothing else is', PATIENCE, () => {
  let told = 0;
  fc.assert(
    fc.property(clusters, (objects) => {
      const all = objects.map(owned);
      const isPolicy = ({ kind }: Raw): boolean => String(kind).endsWith('NetworkPolicy');
      const [before, after] = [readWorld(all.filter((one) => !isPolicy(one))), readWorld(all)];
      const rows = networkDiff(before, after, { ipv6: true });
      const known = new Set(rows.map(({ src, dst }) => `${src} ${dst}`));
      const [old, now] = [new Relation(before), new Relation(after)];
      const portsOf = (relation: Relation, source: number, target: number): string => {
        const { entities } = relation;
        let ports: number = relation.ports.none;
        for (const from of entities.classesOf[source] ?? [])
          for (const to of entities.classesOf[target] ?? []) ports = relation.ports.union(ports, relation.allowed(from, to));
        return relation.ports.set(ports).join();
      };
      const expected = new Set<string>();
      for (const [source, { workload: src }] of before.pods.entries()) {
        for (const [target, { workload: dst }] of before.pods.entries()) {
          if (src === dst || known.has(`${src} ${dst}`)) continue;
          if (portsOf(old, source, target) !== portsOf(now, source, target)) expected.add(`${src} ${dst}`);
        }
      }
      const wholeOf = new Map(before.pods.map(({ namespace, name, workload }) => [`${namespace}/${name}[Pod]`, workload]));
      const found = changedForSome([before, after], rows, { ipv6: true }).map(({ src, dst }) => [
        wholeOf.get(src) ?? src,
        wholeOf.get(dst) ?? dst,
      ]);
      const inside = found.filter((ends) => !ends.some((end) => end.startsWith('ip')) && ends[0] !== ends[1]);
      told += inside.length;
      expect(new Set(inside.map((ends) => ends.join(' ')))).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
  expect(told).toBeGreaterThan(RUNS / 20);
});

test('of a policy for one replica', () => {
  const object = (kind: string, name: string, spec: Raw): Raw => ({
    kind,
    metadata: { name, namespace: 'x', labels: { app: name } },
    spec,
  });
  const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const before = [
    { apiVersion: 'v1', ...object('Pod', 'web', { containers: [{ name: 'c', image: 'i' }] }) },
    { apiVersion: 'apps/v1', ...object('StatefulSet', 'db', { replicas: 3, template }) },
  ];
  const policy = (podSelector: Raw): Raw => ({
    apiVersion: 'networking.k8s.io/v1',
    ...object('NetworkPolicy', 'p', { podSelector, ingress: [] }),
  });
  const told = (podSelector: Raw, ends: Raw = {}): string[] => {
    const [old, now] = [readWorld(before), readWorld([...before, policy(podSelector)])];
    return changedForSome([old, now], networkDiff(old, now, ends), ends).map(({ type, src, dst }) => `${type} ${src} > ${dst}`);
  };
  const first = { matchLabels: { 'apps.kubernetes.io/pod-index': '0' } };
  const outside = 'removed ip:0.0.0.0-255.255.255.255 > x/db-0[Pod]';
  expect(told(first)).toEqual([
    outside,
    'removed x/web[Pod] > x/db-0[Pod]',
    'removed x/db-1[Pod] > x/db-0[Pod]',
    'removed x/db-2[Pod] > x/db-0[Pod]',
  ]);
  expect(told(first, { from: 'x/web' })).toEqual(['removed x/web[Pod] > x/db-0[Pod]']);
  expect(told(first, { to: 'x/db' })).toHaveLength(4);
  expect(told(first, { to: 'x/web' })).toEqual([]);
  expect(told(first, { from: '192.0.2.1' })).toEqual([outside]);
  // Of all of them the rows tell.
  expect(told({ matchLabels: { app: 'db' } })).toEqual([]);
});

test('a pod that was made anew under another name is nothing that only some do otherwise', () => {
  const pod = (name: string, labels: Raw = {}): Raw => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'x',
      labels: { app: 'web', ...labels },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true }],
    },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  });
  const canary = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace: 'x' } };
  const shut = { ...canary, spec: { podSelector: { matchLabels: { canary: 'yes' } } } };
  const told = (before: Raw[], after: Raw[]): string[] => {
    const [old, now] = [readWorld(before), readWorld(after)];
    return changedForSome([old, now], networkDiff(old, now)).map(({ src, dst }) => `${src} > ${dst}`);
  };
  expect(told([pod('a'), pod('b')], [pod('a'), pod('c')])).toEqual([]);
  // What changes for those that are in both states is told, of these.
  const [marked, plain] = [pod('a', { canary: 'yes' }), pod('b')];
  expect(told([marked, plain, pod('gone')], [marked, plain, pod('new'), shut])).toEqual([
    'ip:0.0.0.0-255.255.255.255 > x/a[Pod]',
    'x/b[Pod] > x/a[Pod]',
  ]);
});
