/**
 * The cluster roles that Kubernetes brings and people bind, as version 1.36 makes them (test/cluster/rbac.cluster.ts
 * compares them). Manifests bind them without bringing them.
 */
import type { PolicyRule } from '../../model/index.ts';

interface DefaultRole {
  /** What its rules are gathered from: roles with the label aggregate-to- and this. */
  readonly gathers?: string;
  /** The role that it adds to. */
  readonly to?: string;
  readonly rules: readonly PolicyRule[];
}

/** Lists are written with spaces between; the core group alone is an empty text. */
function of(...[verbs, apiGroups, resources, name]: [verbs: string, apiGroups: string, resources: string, name?: string]): PolicyRule {
  const lists = { verbs: verbs.split(' '), apiGroups: apiGroups.split(' '), resources: resources.split(' ') };
  return name === undefined ? lists : { ...lists, resourceNames: [name] };
}

function urls(verbs: string, paths: string): PolicyRule {
  return { verbs: verbs.split(' '), nonResourceURLs: paths.split(' ') };
}

const ROLES: Readonly<Record<string, DefaultRole>> = {
  'cluster-admin': { rules: [of('*', '*', '*'), urls('*', '*')] },
  admin: { gathers: 'admin', rules: [] },
  edit: { gathers: 'edit', to: 'admin', rules: [] },
  view: { gathers: 'view', to: 'edit', rules: [] },
  'system:aggregate-to-admin': {
    to: 'admin',
    rules: [
      of('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
      of('create delete deletecollection get list patch update watch', 'rbac.authorization.k8s.io', 'rolebindings roles'),
    ],
  },
  'system:aggregate-to-edit': {
    to: 'edit',
    rules: [
      of('get list watch', '', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
      of('impersonate', '', 'serviceaccounts'),
      of('create delete deletecollection patch update', '', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
      of('create', '', 'pods/eviction'),
      of(
        'create delete deletecollection patch update',
        '',
        'configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
      ),
      of('create', '', 'serviceaccounts/token'),
      of('create delete deletecollection patch update', ' events.k8s.io', 'events'),
      of(
        'create delete deletecollection patch update',
        'apps',
        'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
      ),
      of('create delete deletecollection patch update', 'autoscaling', 'horizontalpodautoscalers'),
      of('create delete deletecollection patch update', 'batch', 'cronjobs jobs'),
      of(
        'create delete deletecollection patch update',
        'extensions',
        'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
      ),
      of('create delete deletecollection patch update', 'policy', 'poddisruptionbudgets'),
      of('create delete deletecollection patch update', 'networking.k8s.io', 'ingresses networkpolicies'),
      of('create delete deletecollection get list patch update watch', 'coordination.k8s.io', 'leases'),
      of('create delete deletecollection patch update', 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
    ],
  },
  'system:aggregate-to-view': {
    to: 'view',
    rules: [
      of(
        'get list watch',
        '',
        'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
      ),
      of(
        'get list watch',
        '',
        'bindings limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
      ),
      of('get list watch', '', 'namespaces'),
      of('get list watch', ' events.k8s.io', 'events'),
      of('get list watch', 'discovery.k8s.io', 'endpointslices'),
      of(
        'get list watch',
        'apps',
        'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
      ),
      of('get list watch', 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
      of('get list watch', 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
      of(
        'get list watch',
        'extensions',
        'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
      ),
      of('get list watch', 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
      of('get list watch', 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
      of('get list watch', 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
    ],
  },
  'system:auth-delegator': {
    rules: [of('create', 'authentication.k8s.io', 'tokenreviews'), of('create', 'authorization.k8s.io', 'subjectaccessreviews')],
  },
  'system:basic-user': {
    rules: [
      of('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      of('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  'system:certificates.k8s.io:certificatesigningrequests:nodeclient': {
    rules: [of('create', 'certificates.k8s.io', 'certificatesigningrequests/nodeclient')],
  },
  'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient': {
    rules: [of('create', 'certificates.k8s.io', 'certificatesigningrequests/selfnodeclient')],
  },
  'system:discovery': { rules: [urls('get', '/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/')] },
  'system:kubelet-api-admin': {
    rules: [
      of('get list watch', '', 'nodes'),
      of('proxy', '', 'nodes'),
      of('*', '', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
      of('*', '', 'nodes/configz nodes/healthz nodes/pods'),
    ],
  },
  'system:monitoring': {
    rules: [
      urls('get', '/flagz /healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/* /statusz'),
      of('get', '', 'nodes/metrics'),
    ],
  },
  'system:node': {
    rules: [
      of('create', 'authentication.k8s.io', 'tokenreviews'),
      of('create', 'authorization.k8s.io', 'localsubjectaccessreviews subjectaccessreviews'),
      of('get list watch', '', 'services'),
      of('create get list watch', '', 'nodes'),
      of('patch update', '', 'nodes/status'),
      of('patch update', '', 'nodes'),
      of('create patch update', ' events.k8s.io', 'events'),
      of('get list watch', '', 'pods'),
      of('create delete', '', 'pods'),
      of('patch update', '', 'pods/status'),
      of('create', '', 'pods/eviction'),
      of('get list watch', '', 'configmaps secrets'),
      of('get', '', 'persistentvolumeclaims persistentvolumes'),
      of('get', '', 'endpoints'),
      of('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
      of('create delete get patch update', 'coordination.k8s.io', 'leases'),
      of('get', 'storage.k8s.io', 'volumeattachments'),
      of('create', '', 'serviceaccounts/token'),
      of('get patch update', '', 'persistentvolumeclaims/status'),
      of('get list watch', 'storage.k8s.io', 'csidrivers'),
      of('create delete get patch update', 'storage.k8s.io', 'csinodes'),
      of('get list watch', 'node.k8s.io', 'runtimeclasses'),
      of('get', 'resource.k8s.io', 'resourceclaims'),
      of('deletecollection', 'resource.k8s.io', 'resourceslices'),
      of('get', '', 'serviceaccounts'),
    ],
  },
  'system:node-bootstrapper': { rules: [of('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests')] },
  'system:node-problem-detector': {
    rules: [of('get', '', 'nodes'), of('patch', '', 'nodes/status'), of('create patch update', ' events.k8s.io', 'events')],
  },
  'system:node-proxier': {
    rules: [
      of('list watch', '', 'endpoints services'),
      of('get list watch', '', 'nodes'),
      of('create patch update', ' events.k8s.io', 'events'),
      of('list watch', 'networking.k8s.io', 'servicecidrs'),
      of('list watch', 'discovery.k8s.io', 'endpointslices'),
    ],
  },
  'system:persistent-volume-provisioner': {
    rules: [
      of('create delete get list watch', '', 'persistentvolumes'),
      of('get list update watch', '', 'persistentvolumeclaims'),
      of('get list watch', 'storage.k8s.io', 'storageclasses'),
      of('watch', '', 'events'),
      of('create patch update', ' events.k8s.io', 'events'),
    ],
  },
  'system:public-info-viewer': { rules: [urls('get', '/healthz /livez /readyz /version /version/')] },
  'system:service-account-issuer-discovery': {
    rules: [urls('get', '/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/')],
  },
};

const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

export const DEFAULT_ROLE_NAMES: readonly string[] = Object.keys(ROLES);

/** The object as a new cluster has it, for inputs that only bind it; undefined where there is no such role. */
export function defaultRole(name: string): Record<string, unknown> | undefined {
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  if (role === undefined) return undefined;
  const { gathers, to, rules } = role;
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: {
      name,
      labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...(to !== undefined && { [`${AGGREGATE}${to}`]: 'true' }) },
    },
    rules,
    ...(gathers !== undefined && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${gathers}`]: 'true' } }] } }),
  };
}
