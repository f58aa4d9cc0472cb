import { expect, test } from 'vitest';
import { LABELS_OF_ONE, UNKNOWN_VALUE as UNKNOWN, controllerLabels, replicaLabels } from './controller-labels.ts';

const of = (kind: string, more: Partial<Parameters<typeof controllerLabels>[0]> = {}): Readonly<Record<string, string>> =>
  controllerLabels({ kind, name: 'j', uid: '', spec: {}, ...more });

test('a Job gives its name, and its uid where there is one', () => {
  expect(of('Job')).toEqual({
    'batch.kubernetes.io/job-name': 'j',
    'job-name': 'j',
    'batch.kubernetes.io/controller-uid': UNKNOWN,
    'controller-uid': UNKNOWN,
  });
  expect(of('Job', { uid: 'u' })).toMatchObject({ 'batch.kubernetes.io/controller-uid': 'u', 'controller-uid': 'u' });
  expect(of('Job', { name: '' })['job-name']).toBe(UNKNOWN);
});

test('a Job with a selector of its own gives no name', () => {
  expect(of('Job', { spec: { manualSelector: true } })).toEqual({});
});

test('an indexed Job numbers its pods', () => {
  expect(of('Job', { spec: { completionMode: 'Indexed' } })['batch.kubernetes.io/job-completion-index']).toBe(UNKNOWN);
});

test('the Jobs of a CronJob get their names later', () => {
  expect(new Set(Object.values(of('CronJob', { uid: 'u' })))).toEqual(new Set([UNKNOWN]));
  expect(Object.keys(of('CronJob')).toSorted()).toEqual(Object.keys(of('Job')).toSorted());
});

test('what others give is not known before', () => {
  expect(of('Deployment')).toEqual({ 'pod-template-hash': UNKNOWN });
  expect(of('DaemonSet')).toEqual({ 'controller-revision-hash': UNKNOWN, 'pod-template-generation': UNKNOWN });
  expect(of('ReplicaSet')).toEqual({});
});

test('a pod of a StatefulSet is known by its number', () => {
  expect(replicaLabels('db', 2)).toEqual({ 'statefulset.kubernetes.io/pod-name': 'db-2', 'apps.kubernetes.io/pod-index': '2' });
  expect(Object.keys(of('StatefulSet'))).toEqual(expect.arrayContaining(Object.keys(replicaLabels('db', 2))));
});

test('all of them tell pods or revisions of one controller apart', () => {
  const indexed = { spec: { completionMode: 'Indexed' } };
  for (const kind of ['Deployment', 'Rollout', 'DaemonSet', 'StatefulSet', 'Job', 'CronJob'])
    for (const key of Object.keys(of(kind, indexed))) expect(LABELS_OF_ONE.has(key), key).toBe(true);
});
