import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../test/rule-tester.ts';

type Spec = Record<string, unknown>;

const APP = { name: 'app', image: 'registry.example.com/web:1', securityContext: { runAsNonRoot: true } };
const TEMPLATE: Spec = { containers: [APP], volumes: [{ name: 'logs', hostPath: { path: '/var/log/web' } }] };

function judged(pod: Spec): string[] {
  const replicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
    spec: { template: { spec: TEMPLATE } },
  };
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u1', controller: true }];
  const made = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-x2b8k', namespace: 'shop', uid: 'u2', ownerReferences }, spec: pod };
  return clusterOf([replicaSet, made]).workloads.map(({ kind }) => kind);
}

describe('a pod of a ReplicaSet', () => {
  it('is judged by the template that it was made from', () => {
    expect(judged(TEMPLATE)).toEqual(['ReplicaSet']);
    // What the server and its controllers add changes nothing that matters.
    expect(
      judged({ ...TEMPLATE, nodeName: 'n1', tolerations: [{ key: 'x' }], containers: [{ ...APP, volumeMounts: [{ name: 'token' }] }] }),
    ).toEqual(['ReplicaSet']);
  });

  it.each<[string, Spec]>([
    ['a debugging container', { ...TEMPLATE, ephemeralContainers: [{ name: 'debug', image: 'busybox' }] }],
    ['an injected container', { ...TEMPLATE, containers: [APP, { name: 'proxy', image: 'proxy:1' }] }],
    ['another image', { ...TEMPLATE, containers: [{ ...APP, image: 'registry.example.com/web:2' }] }],
    ['other rights', { ...TEMPLATE, containers: [{ ...APP, securityContext: { privileged: true } }] }],
    ['a namespace of the host', { ...TEMPLATE, hostPID: true }],
    ['another folder of the host', { ...TEMPLATE, volumes: [{ name: 'logs', hostPath: { path: '/' } }] }],
  ])('is judged itself when it has %s', (_name, pod) => {
    expect(judged(pod)).toEqual(['ReplicaSet', 'Pod']);
  });
});
