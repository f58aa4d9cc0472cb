/** Roles and bindings as parsed objects: many accounts with a few bindings each, most rights harmless. The same arguments give the same world. */
import { random } from '../test/cluster/random.ts';

type Raw = Record<string, unknown>;

const API = 'rbac.authorization.k8s.io';
const HARMLESS = [
  [['get', 'list', 'watch'], '', ['pods', 'services', 'configmaps', 'endpoints']],
  [['get', 'update'], 'apps', ['deployments', 'deployments/scale']],
  [['get', 'list', 'create', 'update'], 'coordination.k8s.io', ['leases']],
  [['get', 'list'], 'example.com', ['widgets', 'gadgets', 'widgets/status']],
] as const;
const RISKY = [
  [['create'], '', ['pods']],
  [['get', 'list'], '', ['secrets']],
  [['create'], '', ['pods/exec', 'serviceaccounts/token']],
  [['bind', 'create'], API, ['roles', 'rolebindings']],
  [['impersonate'], '', ['users', 'groups']],
  [['*'], '*', ['*']],
] as const;

export interface Sizes {
  subjects: number;
  roles: number;
  rules: number;
  bindings: number;
}

/** One role in twenty is a ClusterRole, one binding in a hundred a ClusterRoleBinding; every third rule is limited to names. */
export function generateRbac({ subjects, roles, rules, bindings }: Sizes): Raw[] {
  const source = random(11);
  const spaces = Math.max(2, Math.floor(subjects / 20));
  const clusterRoles = Math.max(1, Math.floor(roles / 20));
  const made: Raw[] = [];
  for (let index = 0; index < roles; index += 1) {
    const own = Math.floor(((index + 1) * rules) / roles) - Math.floor((index * rules) / roles);
    const isWide = index < clusterRoles;
    made.push({
      apiVersion: `${API}/v1`,
      kind: isWide ? 'ClusterRole' : 'Role',
      metadata: { name: `role-${index}`, ...(!isWide && { namespace: `ns-${index % spaces}` }) },
      rules: Array.from({ length: own }, (_, at) => {
        const [verbs, group, resources] = source.chance(0.03) ? source.pick(RISKY) : source.pick(HARMLESS);
        return { apiGroups: [group], resources, verbs, ...((index + at) % 3 === 0 && { resourceNames: [`name-${index}-${at}`] }) };
      }),
    });
  }
  for (let index = 0; index < bindings; index += 1) {
    const isWide = index % 100 === 0;
    const space = index % spaces;
    const narrow = clusterRoles + space + spaces * source.int(Math.max(1, Math.floor((roles - clusterRoles) / spaces)));
    const usesClusterRole = isWide || source.chance(0.3) || narrow >= roles;
    const role = usesClusterRole ? source.int(clusterRoles) : roles <= narrow ? 0 : narrow - ((narrow - space) % spaces);
    made.push({
      apiVersion: `${API}/v1`,
      kind: isWide ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: { name: `binding-${index}`, ...(!isWide && { namespace: `ns-${space}` }) },
      roleRef: { apiGroup: API, kind: usesClusterRole ? 'ClusterRole' : 'Role', name: `role-${role}` },
      subjects: [{ kind: 'ServiceAccount', name: `sa-${index % subjects}`, namespace: `ns-${(index % subjects) % spaces}` }],
    });
  }
  return made;
}
