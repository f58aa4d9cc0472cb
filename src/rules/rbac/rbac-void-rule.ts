import { catalogOf, voidRules } from '../../engines/rbac/index.ts';
import { defineRule } from '../rule.ts';
import { isBootstrapRole } from './bootstrap.ts';
import { clusterRole, role } from './role-examples.ts';

export const rule = defineRule({
  id: 'rbac-void-rule',
  title: 'Rule of a role that grants nothing',
  severity: 'low',
  area: 'rbac',
  rationale:
    'No request ever matches the rule as it is written, so whoever relies on it is refused, and the next one widens the role until it works. It also misleads those who review who may do what.',
  remedy:
    'Name resources without patterns (pods and pods/log each by itself), groups without a version, and verbs that the resource has; grant what lies in no namespace by a ClusterRole and a ClusterRoleBinding. Or delete the rule.',
  controls: [],
  coversSameField: ['rbac-nodes-proxy', 'rbac-escalate', 'rbac-csr', 'rbac-webhooks', 'rbac-create-pv'],
  scope: 'object',
  kinds: ['Role', 'ClusterRole'],
  reads: ['CustomResourceDefinition'],
  check(object, { CustomResourceDefinition }) {
    // Those of Kubernetes serve several of its versions; what aggregation brings is told where it is written.
    if (isBootstrapRole(object) || ('aggregationRule' in object.body && object.body.aggregationRule !== undefined)) return undefined;
    return voidRules(object, catalogOf({ tables: { CustomResourceDefinition } })).map(({ rule: index, path, message }) => {
      const { verbs = [], resources = [], nonResourceURLs = [] } = object.body.rules?.[index] ?? {};
      return {
        message: `rule ${index + 1} grants nothing: ${message}`,
        path,
        key: [...verbs, ...resources, ...nonResourceURLs].join(' '),
      };
    });
  },
  examples: () => ({
    good: [
      clusterRole('{apiGroups: [""], resources: [pods, pods/log, "*/scale"], verbs: [get]}'),
      clusterRole('{apiGroups: [apps, extensions], resources: [deployments], verbs: [get]}'),
      clusterRole('{apiGroups: [extensions], resources: [deployments], verbs: [get]}'),
      clusterRole('{apiGroups: [example.com], resources: [widgets], verbs: [spin]}'),
      clusterRole('{apiGroups: [""], resources: [users], verbs: [impersonate]}', '{nonResourceURLs: [/metrics], verbs: [get]}'),
      clusterRole('{apiGroups: [""], resources: [secrets], verbs: [create, get], resourceNames: [db]}'),
      role('{apiGroups: [""], resources: [pods/finalizers], verbs: [update]}'),
      role('{apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind], resourceNames: [view]}'),
      role('{apiGroups: [""], resources: [namespaces], verbs: [get]}'),
      clusterRole('{apiGroups: [""], resources: ["pods/*"], verbs: [get]}').replace('{name: ci}', '{name: "system:kubelet"}'),
    ],
    bad: [
      { yaml: clusterRole('{apiGroups: [""], resources: ["pods/*"], verbs: [get]}'), path: 'rules[0].resources[0]', severity: 'low' },
      { yaml: clusterRole('{apiGroups: [""], resources: [deployments], verbs: [get]}'), path: 'rules[0].resources[0]' },
      { yaml: clusterRole('{apiGroups: [apps/v1], resources: [deployments], verbs: [get]}'), path: 'rules[0].resources[0]' },
      { yaml: clusterRole('{apiGroups: [""], resources: [pods/logs], verbs: [get]}'), path: 'rules[0].resources[0]' },
      { yaml: clusterRole('{apiGroups: [""], resources: [pods/log], verbs: [list]}'), path: 'rules[0].resources[0]' },
      { yaml: clusterRole('{apiGroups: [""], resources: [secrets], verbs: [create], resourceNames: [db]}'), path: 'rules[0].resources[0]' },
      { yaml: clusterRole('{resources: [pods], verbs: [get]}'), path: 'rules[0]' },
      { yaml: clusterRole('{nonResourceURLs: ["/api/*/pods"], verbs: [get]}'), path: 'rules[0].nonResourceURLs[0]' },
      { yaml: clusterRole('{nonResourceURLs: [/metrics], verbs: [GET]}'), path: 'rules[0].verbs[0]' },
      { yaml: role('{apiGroups: [""], resources: [nodes], verbs: [get]}'), path: 'rules[0].resources[0]' },
      { yaml: role('{nonResourceURLs: [/metrics], verbs: [get]}'), path: 'rules[0].nonResourceURLs[0]' },
    ],
  }),
});
