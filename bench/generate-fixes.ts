/**
 * The cluster of the other benchmarks with rights that lead to its control: most accounts hold little, and so many
 * grants are on ways that a hundred changes may be worth making. A grant depends on its number alone.
 */
import { SegmentWriter, type SnapshotParts } from '../src/snapshot/index.ts';
import { clusterParts } from './generate-cluster.ts';

const GROUP = 'rbac.authorization.k8s.io';
const RBAC = `${GROUP}/v1`;
const PODS = 3;
const TEAMS = 200;

/** What each leads to differs: everything, the Secrets of all, tokens, nodes, other workloads. */
const LEADING = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['get', 'list'], apiGroups: [''], resources: ['secrets'] },
  { verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token'] },
  { verbs: ['get'], apiGroups: [''], resources: ['nodes/proxy'] },
  { verbs: ['create', 'patch'], apiGroups: ['apps', ''], resources: ['deployments', 'pods'] },
] as const;
const HARMLESS = { verbs: ['get', 'list'], apiGroups: [''], resources: ['configmaps', 'services'] } as const;

/** `grants` roles and bindings are on ways. */
export function fixesParts(pods: number, grants: number): SnapshotParts {
  const deployments = Math.ceil(pods / PODS);
  const parts = clusterParts(deployments);
  const writers = {
    roles: new SegmentWriter({ apiVersion: RBAC, kind: 'ClusterRole', resource: 'clusterroles' }),
    wide: new SegmentWriter({ apiVersion: RBAC, kind: 'ClusterRoleBinding', resource: 'clusterrolebindings' }),
    narrow: new SegmentWriter({ apiVersion: RBAC, kind: 'RoleBinding', resource: 'rolebindings' }),
  };
  const object = (kind: string, metadata: object, rest: object): Record<string, unknown> => ({ apiVersion: RBAC, kind, metadata, ...rest });
  const bound = (role: string, index: number): object => ({
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace: `team-${index % TEAMS}`, name: index % 2 === 0 ? 'default' : `account-${index}` }],
  });
  writers.roles.add(object('ClusterRole', { name: 'reader' }, { rules: [HARMLESS] }));
  for (let grant = 0; grant < grants; grant += 1) {
    const name = `leading-${grant}`;
    writers.roles.add(object('ClusterRole', { name }, { rules: [HARMLESS, LEADING[grant % LEADING.length]] }));
    writers.wide.add(object('ClusterRoleBinding', { name }, bound(name, grant * 7)));
  }
  for (let index = 0; index < deployments; index += 1)
    writers.narrow.add(object('RoleBinding', { namespace: `team-${index % TEAMS}`, name: `reader-${index}` }, bound('reader', index)));
  return { ...parts, segments: [...parts.segments, ...Object.values(writers).map((writer) => writer.end())] };
}
