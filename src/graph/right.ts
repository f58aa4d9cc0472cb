/** Rights that edges ask of roles, written as people say them: `create pods`, `update,patch deployments`, `get nodes/proxy`. */

/** Any one of the verbs on one resource. */
export interface Right {
  /** As it was written. */
  readonly text: string;
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Whether a RoleBinding can give it. A Namespace is asked for as if it lay in itself. */
  readonly namespaced: boolean;
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  apps: ['deployments', 'daemonsets', 'statefulsets', 'replicasets'],
  batch: ['jobs', 'cronjobs'],
  'rbac.authorization.k8s.io': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  'certificates.k8s.io': ['certificatesigningrequests', 'signers', 'clustertrustbundles'],
  'admissionregistration.k8s.io': [
    'mutatingwebhookconfigurations',
    'validatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
  ],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
  'apiregistration.k8s.io': ['apiservices'],
  'networking.k8s.io': ['networkpolicies', 'ingresses'],
  'discovery.k8s.io': ['endpointslices'],
  'gateway.networking.k8s.io': ['httproutes', 'gateways', 'referencegrants'],
  'storage.k8s.io': ['storageclasses'],
  'security.openshift.io': ['securitycontextconstraints'],
  'security.istio.io': ['authorizationpolicies', 'peerauthentications', 'requestauthentications'],
  'networking.istio.io': ['envoyfilters'],
  'authentication.k8s.io': ['uids', 'userextras'],
};
const GROUP_OF = new Map(Object.entries(GROUPS).flatMap(([group, resources]) => resources.map((resource) => [resource, group] as const)));

const OF_THE_CLUSTER: ReadonlySet<string> = new Set([
  'nodes',
  'persistentvolumes',
  'users',
  'groups',
  'uids',
  'userextras',
  'certificatesigningrequests',
  'signers',
  'clustertrustbundles',
  'clusterrolebindings',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'customresourcedefinitions',
  'apiservices',
  'storageclasses',
]);

/** Verbs for which a cluster role is asked inside of a namespace: it is bound there. Writing one is asked of the cluster. */
const ASKED_WHERE_BOUND: ReadonlySet<string> = new Set(['bind']);

export function right(text: string): Right {
  const [verbs = '', what = ''] = text.split(' ');
  const [place = '', below = ''] = what.split('/');
  const [resource = '', ...group] = place.split('.');
  const list = verbs.split(',');
  return {
    text,
    verbs: list,
    group: group.length > 0 ? group.join('.') : (GROUP_OF.get(resource) ?? ''),
    resource,
    subresource: below,
    namespaced: resource === 'clusterroles' ? list.some((verb) => ASKED_WHERE_BOUND.has(verb)) : !OF_THE_CLUSTER.has(resource),
  };
}
