/** Policies that select by labels which controllers give, over workloads of which no pod is in the input. */
import { expect, test } from 'vitest';
import { connections } from './connections.ts';
import { LiveNetwork } from './live.ts';
import { unknownLabels } from './unknown-labels.ts';
import { readWorld } from './world.ts';

type Raw = Record<string, unknown>;

const POD = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'x' }] } };
const made = (kind: string, name: string, spec: Raw = {}): Raw => ({
  apiVersion: kind.endsWith('Job') ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name, namespace: 's' },
  spec: kind === 'CronJob' ? { jobTemplate: { spec: { template: POD, ...spec } } } : { template: POD, ...spec },
});
const target = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 't', namespace: 's', labels: { app: 't' } }, spec: { containers: [] } };
const allow = (podSelector: Raw): Raw => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace: 's' },
  spec: { podSelector: { matchLabels: { app: 't' } }, ingress: [{ from: [{ podSelector }] }] },
});
const label = (key: string, value: string): Raw => ({ matchLabels: { [key]: value } });

function reaches(objects: Raw[], src: string): boolean {
  return connections(readWorld([target, ...objects])).some((row) => row.src === src && row.dst === 's/t[Pod]');
}
function unknownIn(objects: Raw[]): string[] {
  return unknownLabels(readWorld([target, ...objects])).map(({ key, workload }) => `${key} of ${workload}`);
}

test.each(['job-name', 'batch.kubernetes.io/job-name'])('a Job is selected by %s', (key) => {
  const objects = [made('Job', 'j'), made('Job', 'k'), allow(label(key, 'j'))];
  expect([reaches(objects, 's/j[Job]'), reaches(objects, 's/k[Job]')]).toEqual([true, false]);
  expect(unknownIn(objects)).toEqual([]);
});

test('a policy for the pods of a Job isolates them', () => {
  const policy = { ...allow({}), spec: { podSelector: label('job-name', 'j'), policyTypes: ['Egress'] } };
  expect(reaches([made('Job', 'j'), policy], 's/j[Job]')).toBe(false);
  expect(reaches([made('Job', 'k'), policy], 's/k[Job]')).toBe(true);
});

test.each([
  ['CronJob', 'job-name'],
  ['Job', 'controller-uid'],
  ['Deployment', 'pod-template-hash'],
  ['StatefulSet', 'controller-revision-hash'],
  ['DaemonSet', 'pod-template-generation'],
])('of a %s the value of %s is not known', (kind, key) => {
  expect(unknownIn([made(kind, 'w'), allow(label(key, 'x'))])).toEqual([`${key} of s/w[${kind}]`]);
  expect(unknownIn([made(kind, 'w'), allow({ matchExpressions: [{ key, operator: 'NotIn', values: ['x'] }] })])).toHaveLength(1);
  // That it is there is known.
  const exists = [made(kind, 'w'), allow({ matchExpressions: [{ key, operator: 'Exists' }] })];
  expect([unknownIn(exists), reaches(exists, `s/w[${kind}]`)]).toEqual([[], true]);
});

test('nothing is said of a policy for another namespace, or by other labels', () => {
  const other = { ...allow(label('job-name', 'x')), metadata: { name: 'p', namespace: 'other' } };
  expect(unknownIn([made('CronJob', 'w'), other])).toEqual([]);
  expect(unknownIn([made('CronJob', 'w'), allow(label('app', 'x'))])).toEqual([]);
});

test('pods of a StatefulSet are selected one by one, where policies do so', () => {
  const set = made('StatefulSet', 'db', { replicas: 3, ordinals: { start: 1 } });
  expect(readWorld([target, set]).pods).toHaveLength(2);
  const objects = [set, allow(label('statefulset.kubernetes.io/pod-name', 'db-2'))];
  const world = readWorld([target, ...objects]);
  expect(world.pods.map(({ labels }) => labels['apps.kubernetes.io/pod-index'])).toEqual([undefined, '1', '2', '3']);
  expect(reaches(objects, 's/db[StatefulSet]')).toBe(true);
  expect(unknownIn(objects)).toEqual([]);
  for (const [pod, value] of [
    ['db-0', '0'],
    ['db-4', '4'],
  ] as const) {
    expect(reaches([set, allow(label('statefulset.kubernetes.io/pod-name', pod))], 's/db[StatefulSet]')).toBe(false);
    expect(reaches([set, allow(label('apps.kubernetes.io/pod-index', value))], 's/db[StatefulSet]')).toBe(false);
  }
  expect(reaches([set, allow(label('apps.kubernetes.io/pod-index', '3'))], 's/db[StatefulSet]')).toBe(true);
});

test('of very many, and of none, the single pods are not known', () => {
  for (const replicas of [0, 5000]) {
    const set = made('StatefulSet', 'db', { replicas });
    expect(unknownIn([set, allow(label('apps.kubernetes.io/pod-index', '3'))])).toHaveLength(1);
  }
});

test('a live network comes to the same', () => {
  const set = made('StatefulSet', 'db', { replicas: 2 });
  const policy = allow(label('apps.kubernetes.io/pod-index', '1'));
  const plain = LiveNetwork.of([target, set]);
  expect(plain.world.pods).toHaveLength(2);
  const apart = plain.with({ set: [policy] });
  expect(apart.world.pods).toHaveLength(3);
  expect(apart.with({ set: [made('StatefulSet', 'db', { replicas: 4 })] }).world.pods).toHaveLength(5);
  expect(apart.with({ remove: [policy] }).world.pods).toHaveLength(2);
});
