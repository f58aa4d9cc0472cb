import { describe, expect, it } from 'vitest';
import { CLUSTER, type Snapshot } from '../snapshot/index.ts';
import { type Cluster, buildCluster } from './cluster.ts';
import { Lean } from './lean.ts';

const TEMPLATE = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'app', image: 'web:1', env: [{ name: 'LEVEL', value: 'info' }], volumeMounts: [{ name: 'work', mountPath: '/work' }] },
    ],
    volumes: [{ name: 'work', emptyDir: {} }],
    tolerations: [{ key: 'a', operator: 'Exists' }],
  },
};

function owned(kind: string, name: string, by: string): Record<string, unknown> {
  return { name, namespace: 'shop', uid: name, ownerReferences: [{ apiVersion: 'apps/v1', kind, name: by, uid: by, controller: true }] };
}

function deployment(): Record<string, unknown> {
  return structuredClone({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'web',
      resourceVersion: '1',
      annotations: { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    spec: { replicas: 1, template: TEMPLATE },
    status: { replicas: 1 },
  });
}

function replicaSet(name: string, replicas: number): Record<string, unknown> {
  return structuredClone({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: owned('Deployment', name, 'web'),
    spec: { replicas, template: TEMPLATE },
  });
}

function pod(name: string, by: string, phase = 'Running'): Record<string, unknown> {
  const { containers, volumes, tolerations } = structuredClone(TEMPLATE.spec);
  const mount = { name: `kube-api-access-${name}`, mountPath: '/token' };
  const mounted = containers.map((container) => ({ ...container, volumeMounts: [...container.volumeMounts, mount] }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: owned('ReplicaSet', name, by),
    spec: {
      containers: mounted,
      volumes: [...volumes, { name: mount.name, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
      tolerations,
    },
    status: { phase, podIP: '10.0.0.1' },
  };
}

function clusterOf(objects: readonly Record<string, unknown>[], origin = CLUSTER): Cluster {
  const snapshot: Snapshot = {
    header: { kind: 'cluster', complete: true },
    objects: objects.map((object) => ({ object, origin })),
    counts: { files: 0, documents: 0, judged: 0, foreign: 0 },
    gaps: [],
  };
  return buildCluster(snapshot);
}

describe('Lean', () => {
  it('leaves out what no judgement reads', () => {
    const lean = new Lean().of(deployment(), 'Deployment');
    expect(lean).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: {
        name: 'web',
        namespace: 'shop',
        uid: 'web',
        annotations: { team: 'a', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
      },
      spec: { replicas: 1, template: TEMPLATE },
    });
    expect(new Lean().of(pod('x', 'y'), 'Pod').status).toEqual({ phase: 'Running', podIP: '10.0.0.1' });
    const dual = {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
      hostIP: '192.0.2.1',
      message: 'x',
    };
    expect(new Lean().of({ ...pod('x', 'y'), status: dual }, 'Pod').status).toEqual({
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }, { ip: 'fd00::1' }],
    });
    expect(new Lean().of({ ...pod('x', 'y'), status: { ...dual, podIP: dual.hostIP } }, 'Pod').status).toEqual({ phase: 'Running' });
    const custom = { apiVersion: 'x/v1', kind: 'Custom', metadata: { name: 'x' }, spec: { a: 1 }, status: { b: 2 } };
    expect(new Lean().of(structuredClone(custom), undefined)).toEqual(custom);
  });

  it('makes one of what is equal', () => {
    const { tables } = clusterOf([deployment(), replicaSet('web-1', 1), pod('web-1-a', 'web-1'), pod('web-1-b', 'web-1')]);
    const [made] = tables.Deployment.all;
    const [set] = tables.ReplicaSet.all;
    const [one, two] = tables.Pod.all.map(({ body }) => body.spec);
    expect(set?.body.spec?.template?.spec).toBe(made?.body.spec?.template?.spec);
    const template = made?.body.spec?.template?.spec;
    expect(one?.tolerations).toBe(template?.tolerations);
    expect(one?.containers?.[0]?.env).toBe(template?.containers?.[0]?.env);
    expect(one?.containers?.[0]?.volumeMounts?.[0]).toBe(template?.containers?.[0]?.volumeMounts?.[0]);
    expect(one?.volumes?.[1]?.projected).toBe(two?.volumes?.[1]?.projected);
    expect(one?.volumes?.[1]?.name).not.toBe(two?.volumes?.[1]?.name);
    expect(tables.Pod.all[0]?.metadata.ownerReferences).toBe(tables.Pod.all[1]?.metadata.ownerReferences);
  });

  it('leaves out what nests too deep, and says so', () => {
    const deep = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '"}"' + '}'.repeat(levels));
    for (const levels of [300, 100_000]) {
      const { objects, gaps } = clusterOf([
        { apiVersion: 'x/v1', kind: 'Custom', metadata: { name: 'x', namespace: 'shop' }, spec: deep(levels) },
      ]);
      expect(objects).toEqual([]);
      expect(gaps).toMatchObject([{ scope: 'Custom/shop/x', code: 'too-deep' }]);
    }
    expect(clusterOf([{ apiVersion: 'x/v1', kind: 'Custom', metadata: { name: 'x' }, spec: '{'.repeat(1000) }]).objects).toHaveLength(1);
  });
});

describe('what is judged of a cluster', () => {
  const names = (objects: readonly Record<string, unknown>[], origin = CLUSTER): string[] =>
    clusterOf(objects, origin).workloads.map(({ name }) => name);

  it('are no ReplicaSets of yesterday, whatever they would run', () => {
    const old = replicaSet('web-0', 0);
    ((old.spec as { template: typeof TEMPLATE }).template.spec.containers[0] as { image: string }).image = 'web:0';
    expect(names([deployment(), replicaSet('web-1', 1), old])).toEqual(['web']);
    expect(names([old])).toEqual(['web-0']);
  });

  it('are no pods that ended, unless nothing made them or only a manifest says so', () => {
    const ended = pod('job-a', 'job', 'Succeeded');
    expect(names([ended, pod('job-b', 'job', 'Failed'), pod('job-c', 'job')])).toEqual(['job-c']);
    expect(names([{ ...pod('alone', 'x', 'Failed'), metadata: { name: 'alone', namespace: 'shop' } }])).toEqual(['alone']);
    expect(names([pod('job-a', 'job', 'Succeeded')], { ...CLUSTER })).toEqual(['job-a']);
  });
});
