import { describe, expect, it } from 'vitest';
import { buildCluster } from '../model/index.ts';
import { judge } from './judge.ts';
import { RULES } from './index.ts';

const role = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'exec' },
  rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }],
};
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { hostPID: true, containers: [{ name: 'a', image: 'a' }] },
};

function subjects(namespaces?: string[]): Set<string> {
  const kinds = new Set<string>();
  const cluster = buildCluster({
    header: { kind: 'cluster', complete: namespaces === undefined, ...(namespaces !== undefined && { namespaces }) },
    objects: [role, pod].map((object) => ({ object, origin: { source: 'cluster', line: 1, format: 'json', prefix: [] } })),
    counts: { files: 0, documents: 2, judged: 2, foreign: 0 },
    gaps: [],
  });
  judge(cluster, { rules: RULES }, ({ subject }) => void kinds.add(subject.kind));
  return kinds;
}

describe('a reading of some namespaces', () => {
  it('judges what lies in them and nothing else: who holds a cluster role elsewhere is not known', () => {
    expect(subjects()).toContain('ClusterRole');
    expect(subjects(['shop'])).toEqual(new Set(['Pod', 'Namespace']));
  });
});
