/** The four cluster roles meant for people, which every cluster has though manifests seldom bring them. */
import type { PolicyRule } from '../../model/index.ts';

export const BUILT_IN_ROLES = ['cluster-admin', 'admin', 'edit', 'view'] as const;

/** What the four roles grant, as far as a judgement of their holders needs it; real clusters have them in full. */
export function builtInRules(name: string): readonly PolicyRule[] {
  switch (name) {
    case 'cluster-admin':
      return [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
    case 'admin':
    case 'edit':
      return EDIT;
    case 'view':
      return [
        {
          apiGroups: ['', 'apps', 'batch'],
          resources: ['pods', 'configmaps', 'services', 'deployments', 'jobs'],
          verbs: ['get', 'list', 'watch'],
        },
      ];
    default:
      return [];
  }
}

const EVERY = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const EDIT: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['pods', 'pods/exec', 'pods/attach', 'pods/portforward', 'secrets', 'configmaps', 'services', 'replicationcontrollers'],
    verbs: EVERY,
  },
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
  { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: EVERY },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'], verbs: EVERY },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: EVERY },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'], verbs: EVERY },
];
