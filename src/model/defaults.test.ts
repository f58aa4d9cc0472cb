import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';
import { automountsToken, imagePullPolicy, replicasOf, volumeSources } from './defaults.ts';

const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('the pull policy that the API server gives', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['nginx:latest-alpine', 'IfNotPresent'],
    ['registry.example.com:5000/nginx', 'Always'],
    ['registry.example.com:5000/nginx:latest', 'Always'],
    ['registry.example.com:5000/nginx:1.27', 'IfNotPresent'],
    [`nginx@${DIGEST}`, 'IfNotPresent'],
    [`nginx:1.27@${DIGEST}`, 'IfNotPresent'],
    // The tag is read although the digest decides what runs.
    [`nginx:latest@${DIGEST}`, 'Always'],
    [`registry.example.com:5000/nginx@${DIGEST}`, 'IfNotPresent'],
    [`registry.example.com:5000/nginx:latest@${DIGEST}`, 'Always'],
    ['', 'IfNotPresent'],
  ])('of %s is %s', (image, policy) => {
    expect(imagePullPolicy({ image })).toBe(policy);
  });

  it('leaves the one that is written', () => {
    expect(imagePullPolicy({ image: 'nginx', imagePullPolicy: 'Never' })).toBe('Never');
    expect(imagePullPolicy({ image: 'nginx', imagePullPolicy: '' })).toBe('Always');
    expect(imagePullPolicy({})).toBe('IfNotPresent');
  });
});

describe('sources of a volume', () => {
  it('are those that it names', () => {
    expect(volumeSources({ name: 'a', hostPath: { path: '/' } })).toEqual(['hostPath']);
    expect(volumeSources({ name: 'a', emptyDir: {}, secret: { secretName: 's' } })).toEqual(['emptyDir', 'secret']);
  });

  it('are an emptyDir where there is but a name', () => {
    expect(volumeSources({ name: 'a' })).toEqual(['emptyDir']);
    expect(volumeSources({})).toEqual(['emptyDir']);
  });
});

describe('whether a token is mounted', () => {
  const account = (automount: boolean | undefined) =>
    clusterOf([
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'a', namespace: 'shop' },
        ...(automount !== undefined && { automountServiceAccountToken: automount }),
      },
    ]).tables.ServiceAccount.get('shop', 'a');

  it.each([
    [undefined, undefined, true],
    [undefined, false, false],
    [undefined, true, true],
    [false, true, false],
    [true, false, true],
  ])('pod %s, account %s: %s', (pod, own, mounted) => {
    expect(automountsToken(pod === undefined ? {} : { automountServiceAccountToken: pod }, account(own))).toBe(mounted);
  });

  it('is so where the account is not known', () => {
    expect(automountsToken({}, undefined)).toBe(true);
  });
});

describe('replicas', () => {
  const replicas = (apiVersion: string, kind: string, spec: Record<string, unknown>) => {
    const [workload] = clusterOf([
      { apiVersion, kind, metadata: { name: 'a' }, spec: { ...spec, template: { spec: { containers: [{ name: 'a' }] } } } },
    ]).workloads;
    if (workload === undefined) throw new Error('no workload');
    return replicasOf(workload);
  };

  it.each(['Deployment', 'StatefulSet', 'ReplicaSet'])('of a %s are one where none are written', (kind) => {
    expect(replicas('apps/v1', kind, {})).toBe(1);
    expect(replicas('apps/v1', kind, { replicas: 0 })).toBe(0);
    expect(replicas('apps/v1', kind, { replicas: 3 })).toBe(3);
  });

  it('are known of kinds of other groups', () => {
    expect(replicas('v1', 'ReplicationController', { replicas: 2 })).toBe(2);
    expect(replicas('argoproj.io/v1alpha1', 'Rollout', {})).toBe(1);
  });

  it('are none of kinds that run as often as they are asked to', () => {
    expect(replicas('apps/v1', 'DaemonSet', { replicas: 3 })).toBeUndefined();
    expect(replicas('batch/v1', 'Job', {})).toBeUndefined();
  });
});
